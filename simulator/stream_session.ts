import type { StreamPath } from "./stream_path.ts";

const MAX_STREAMS = 1024;
/** Times whose fields become microseconds on request. */
const TIME_FIELDS = /"([ET])":(\d{13})(?=[,}])/g;

export interface SessionOptions {
  readonly path: StreamPath;
  readonly microseconds: boolean;
  /** More messages from a client within a second end its connection. */
  readonly clientMessages: number;
  readonly now: () => number;
  /** A stream was subscribed; somebody listens now. */
  readonly onSubscribed: () => void;
}

/** One client's websocket: its subscriptions, and the requests that change them. */
export class StreamSession {
  readonly socket: WebSocket;
  readonly #options: SessionOptions;
  readonly #streams: Set<string>;
  #combined: boolean;
  #messageTimes: number[] = [];

  constructor(socket: WebSocket, options: SessionOptions) {
    this.socket = socket;
    this.#options = options;
    this.#streams = new Set(options.path.streams);
    this.#combined = options.path.combined;
  }

  get streamCount(): number {
    return this.#streams.size;
  }

  /** Sends an event, if the client wants its stream and its address carries that. */
  send(stream: string, data: string): void {
    if (!this.#streams.has(stream) || !this.#options.path.carries(stream)) return;
    if (this.socket.readyState !== WebSocket.OPEN) return;
    const times = this.#options.microseconds ? data.replace(TIME_FIELDS, '"$1":$2000') : data;
    this.socket.send(this.#combined ? `{"stream":"${stream}","data":${times}}` : times);
  }

  /** A client's message: a request, answered as Binance answers. */
  takeMessage(text: unknown): void {
    const now = this.#options.now();
    this.#messageTimes = this.#messageTimes.filter((time) => now - time < 1000);
    this.#messageTimes.push(now);
    if (this.#messageTimes.length > this.#options.clientMessages) {
      return this.socket.close(1008, "Too many requests");
    }
    this.#reply(this.#answer(text));
  }

  #answer(text: unknown): Record<string, unknown> {
    let request: { method?: unknown; params?: unknown; id?: unknown };
    try {
      request = JSON.parse(String(text));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return { code: 3, msg: `Invalid JSON: ${reason}` };
    }
    const id = request?.id ?? null;
    const params = request?.params;
    switch (request?.method) {
      case "SUBSCRIBE":
      case "UNSUBSCRIBE": {
        if (!Array.isArray(params) || !params.every((one) => typeof one === "string")) {
          return invalid(id, "params must be an array of strings");
        }
        return request.method === "SUBSCRIBE"
          ? this.#subscribe(params, id)
          : this.#unsubscribe(params, id);
      }
      case "LIST_SUBSCRIPTIONS":
        return { result: [...this.#streams], id };
      case "SET_PROPERTY":
        if (!Array.isArray(params) || params[0] !== "combined" || typeof params[1] !== "boolean") {
          return invalid(id, 'params must be ["combined", boolean]');
        }
        this.#combined = params[1];
        return { result: null, id };
      case "GET_PROPERTY":
        if (!Array.isArray(params) || params[0] !== "combined") {
          return invalid(id, "unknown property");
        }
        return { result: this.#combined, id };
      default:
        return invalid(id, `unknown variant \`${String(request?.method)}\``);
    }
  }

  #subscribe(streams: readonly string[], id: unknown): Record<string, unknown> {
    if (this.#streams.size + streams.length > MAX_STREAMS) {
      return { code: 2, msg: `Invalid request: more than ${MAX_STREAMS} streams`, id };
    }
    // A name that does not exist is acknowledged all the same, and stays silent.
    for (const stream of streams) this.#streams.add(stream);
    this.#options.onSubscribed();
    return { result: null, id };
  }

  #unsubscribe(streams: readonly string[], id: unknown): Record<string, unknown> {
    for (const stream of streams) this.#streams.delete(stream);
    return { result: null, id };
  }

  #reply(answer: Record<string, unknown>): void {
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(answer));
  }
}

function invalid(id: unknown, reason: string): Record<string, unknown> {
  return { code: 2, msg: `Invalid request: ${reason}`, id };
}
