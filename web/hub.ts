import { z } from "zod";
import { encodeMessage } from "../bus/codec.ts";
import { errorText } from "../bus/error_text.ts";
import type { ClientMessage, Frame, ServerMessage, Topic } from "../bus/messages.ts";
import { QueryError } from "../bus/query_error.ts";
import type { ProcessorClient } from "./processor_client.ts";

/** A browser's end of /api/stream, as far as the hub needs it. */
export interface ClientSocket {
  readonly bufferedAmount: number;
  send(data: Uint8Array<ArrayBuffer>): void;
  close(code?: number, reason?: string): void;
}

/** Beyond this a client's frames are left out until it has caught up. */
const MAX_BUFFERED_BYTES = 1_000_000;
const CAUGHT_UP_BYTES = 64_000;
const MAX_TOPICS_A_CLIENT = 100;
const MAX_MESSAGE_CHARS = 10_000;

const topicSchema = z.templateLiteral([
  z.enum(["candles", "book", "liquidity", "walls", "trades", "status"]),
  "/",
  z.string().min(1).max(40),
]);
const clientMessageSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("subscribe"), topics: z.array(topicSchema).max(MAX_TOPICS_A_CLIENT) }),
  z.object({
    type: z.literal("unsubscribe"),
    topics: z.array(topicSchema).max(MAX_TOPICS_A_CLIENT),
  }),
]);

interface Client {
  readonly socket: ClientSocket;
  readonly topics: Set<Topic>;
  /** Topics of which frames were left out; they go on with a full frame. */
  readonly behind: Set<Topic>;
}

/** Relays frames to browsers: each gets a full frame of a topic first, then what changes. */
export class Hub {
  readonly #processor: ProcessorClient;
  readonly #version: string;
  readonly #instance: string;
  readonly #now: () => number;
  readonly #clients = new Map<ClientSocket, Client>();
  #leftOut = 0;

  constructor(
    processor: ProcessorClient,
    version: string,
    { now = Date.now as () => number, instance = crypto.randomUUID() as string } = {},
  ) {
    this.#processor = processor;
    this.#version = version;
    this.#instance = instance;
    this.#now = now;
    processor.onFrame((frame) => this.#relay(frame));
  }

  get clientCount(): number {
    return this.#clients.size;
  }

  /** Frames that slow clients did not get. */
  get leftOutFrames(): number {
    return this.#leftOut;
  }

  add(socket: ClientSocket): void {
    this.#clients.set(socket, { socket, topics: new Set(), behind: new Set() });
    const hello = { version: this.#version, instance: this.#instance, serverTime: this.#now() };
    this.#send(socket, { type: "hello", ...hello });
  }

  remove(socket: ClientSocket): void {
    if (this.#clients.delete(socket)) this.#watch();
  }

  /** A client's text message. A wrong one is answered with an error; the connection stays. */
  async takeMessage(socket: ClientSocket, text: unknown): Promise<void> {
    const client = this.#clients.get(socket);
    if (client === undefined) return;
    const message = parseMessage(text);
    if (message instanceof QueryError) return this.#refuse(socket, message);
    for (const topic of message.topics) {
      if (message.type === "unsubscribe") {
        client.topics.delete(topic);
        client.behind.delete(topic);
      } else if (client.topics.size >= MAX_TOPICS_A_CLIENT && !client.topics.has(topic)) {
        const reason =
          `a connection holds at most ${MAX_TOPICS_A_CLIENT} topics, "${topic}" is one more`;
        this.#refuse(socket, new QueryError("too_large", reason));
      } else client.topics.add(topic);
    }
    this.#watch();
    if (message.type === "subscribe") {
      await Promise.all(message.topics.map((topic) => this.#sendFull(client, topic)));
    }
  }

  close(): void {
    for (const { socket } of this.#clients.values()) socket.close(1001, "the server stops");
    this.#clients.clear();
  }

  async #sendFull(client: Client, topic: Topic): Promise<void> {
    if (!client.topics.has(topic)) return;
    // Frames that come before the full one would belong to nothing.
    client.behind.add(topic);
    try {
      const frame = await this.#processor.fullFrame(topic);
      if (!this.#clients.has(client.socket) || !client.topics.has(topic)) return;
      client.behind.delete(topic);
      this.#send(client.socket, frame);
    } catch (error) {
      client.topics.delete(topic);
      client.behind.delete(topic);
      const refusal = error instanceof QueryError
        ? error
        : new QueryError("internal", errorText(error));
      this.#refuse(client.socket, refusal);
    }
  }

  #relay(frame: Frame): void {
    const topic: Topic = `${frame.type}/${frame.symbol}`;
    let packed: Uint8Array<ArrayBuffer> | null = null;
    for (const client of this.#clients.values()) {
      if (!client.topics.has(topic)) continue;
      const { bufferedAmount } = client.socket;
      if (client.behind.has(topic)) {
        this.#leftOut++;
        if (bufferedAmount <= CAUGHT_UP_BYTES) void this.#sendFull(client, topic);
      } else if (bufferedAmount > MAX_BUFFERED_BYTES) {
        this.#leftOut++;
        client.behind.add(topic);
      } else {
        packed ??= encodeMessage(frame);
        client.socket.send(packed);
      }
    }
  }

  #watch(): void {
    const topics = new Set<Topic>();
    for (const client of this.#clients.values()) {
      for (const topic of client.topics) topics.add(topic);
    }
    this.#processor.watch([...topics]);
  }

  #refuse(socket: ClientSocket, { code, message }: QueryError): void {
    this.#send(socket, { type: "error", code, message });
  }

  #send(socket: ClientSocket, message: ServerMessage): void {
    socket.send(encodeMessage(message));
  }
}

function parseMessage(text: unknown): ClientMessage | QueryError {
  if (typeof text !== "string" || text.length > MAX_MESSAGE_CHARS) {
    return new QueryError(
      "bad_request",
      `a message must be text of at most ${MAX_MESSAGE_CHARS} characters`,
    );
  }
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return new QueryError(
      "bad_request",
      `a message must be JSON, received ${JSON.stringify(text.slice(0, 80))}`,
    );
  }
  const parsed = clientMessageSchema.safeParse(body);
  if (parsed.success) return parsed.data as ClientMessage;
  return new QueryError("bad_request", `a message is wrong: ${z.prettifyError(parsed.error)}`);
}
