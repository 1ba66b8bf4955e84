import { decode } from "@msgpack/msgpack";
import type { ClientMessage, Frame, ServerMessage, Topic } from "../bus/messages.ts";
import { backoffMs } from "./backoff.ts";
import { Sequence } from "./sequence.ts";

export type LinkState = "connecting" | "open" | "lost";

export interface FeedHandlers {
  frame(frame: Frame): void;
  /** `retryMs` is the wait before the next try while the link is lost. */
  link(state: LinkState, retryMs: number | null): void;
  problem(message: string): void;
  /**
   * Another run of the server answers than before: what is held may belong to another market. The
   * feed has ended by itself; nothing of the other run is handed on.
   */
  restarted(): void;
}

/** Longest silence of an open link before it counts as lost: frames come several times a second. */
const SILENCE_MS = 15_000;
const WATCH_MS = 2_000;

/** The page's websocket: subscribes, checks numbers, comes back by itself until it is closed. */
export class Feed {
  readonly #url: string;
  #topics: readonly Topic[];
  readonly #handlers: FeedHandlers;
  readonly #sequence = new Sequence();
  readonly #end = new AbortController();
  #socket: WebSocket | null = null;
  #retry: ReturnType<typeof setTimeout> | null = null;
  #attempt = 0;
  #heardAt = 0;
  #instance: string | null = null;

  constructor(url: string, topics: readonly Topic[], handlers: FeedHandlers) {
    this.#url = url;
    this.#topics = topics;
    this.#handlers = handlers;
    const { signal } = this.#end;
    const wake = () => {
      if (document.visibilityState === "visible") this.#wake();
    };
    document.addEventListener("visibilitychange", wake, { signal });
    addEventListener("online", wake, { signal });
    const watch = setInterval(() => this.#watch(), WATCH_MS);
    signal.addEventListener("abort", () => clearInterval(watch));
    this.#connect();
  }

  /** Follows one topic instead of another from now on. */
  replaceTopic(before: Topic, after: Topic): void {
    this.#topics = this.#topics.map((topic) => topic === before ? after : topic);
    this.#send({ type: "unsubscribe", topics: [before] });
    this.#send({ type: "subscribe", topics: [after] });
  }

  close(): void {
    this.#end.abort();
    if (this.#retry !== null) clearTimeout(this.#retry);
    this.#retry = null;
    this.#drop();
  }

  #connect(): void {
    this.#retry = null;
    this.#handlers.link("connecting", null);
    const socket = new WebSocket(this.#url);
    socket.binaryType = "arraybuffer";
    this.#socket = socket;
    this.#heardAt = performance.now();
    socket.onopen = () => {
      this.#sequence.reset();
      this.#send({ type: "subscribe", topics: this.#topics });
    };
    socket.onmessage = ({ data }) => {
      if (socket === this.#socket) this.#receive(data);
    };
    socket.onclose = () => {
      if (socket === this.#socket) this.#lost();
    };
  }

  #receive(data: unknown): void {
    if (!(data instanceof ArrayBuffer)) return;
    this.#heardAt = performance.now();
    const message = decode(new Uint8Array(data)) as ServerMessage;
    switch (message.type) {
      case "hello":
        if (this.#instance !== null && this.#instance !== message.instance) {
          this.close();
          return this.#handlers.restarted();
        }
        this.#instance = message.instance;
        this.#attempt = 0;
        this.#handlers.link("open", null);
        return;
      case "error":
        this.#handlers.problem(message.message);
        return;
      default:
        this.#judge(message);
    }
  }

  #judge(frame: Frame): void {
    const verdict = this.#sequence.judge(frame);
    if (verdict === "apply") {
      this.#attempt = 0;
      this.#handlers.link("open", null);
      this.#handlers.frame(frame);
    } else if (verdict === "resubscribe") {
      this.#send({ type: "subscribe", topics: [`${frame.type}/${frame.symbol}`] });
    }
  }

  #send(message: ClientMessage): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message));
  }

  #lost(): void {
    this.#socket = null;
    if (this.#end.signal.aborted) return;
    const wait = backoffMs(this.#attempt++, Math.random());
    this.#handlers.link("lost", wait);
    this.#retry = setTimeout(() => this.#connect(), wait);
  }

  /** The page is looked at again, or the network is back: no reason to wait any longer. */
  #wake(): void {
    if (this.#retry === null) {
      this.#watch();
      return;
    }
    clearTimeout(this.#retry);
    this.#attempt = 0;
    this.#connect();
  }

  #watch(): void {
    if (this.#socket === null || performance.now() - this.#heardAt < SILENCE_MS) return;
    this.#drop();
    this.#lost();
  }

  #drop(): void {
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
  }
}
