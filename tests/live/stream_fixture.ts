import { encodeMessage } from "../../bus/codec.ts";
import type { ServerMessage } from "../../bus/messages.ts";

/** What Feed needs of a page: a document that is seen or not. */
export function withDocument(): Disposable & { show(): void } {
  const document = Object.assign(new EventTarget(), { visibilityState: "visible" });
  Object.defineProperty(globalThis, "document", { value: document, configurable: true });
  return {
    show: () => void document.dispatchEvent(new Event("visibilitychange")),
    [Symbol.dispose]: () => void Reflect.deleteProperty(globalThis, "document"),
  };
}

/** One page's connection, seen from the server. */
export interface Visitor {
  /** The next text message of the page. */
  heard(): Promise<unknown>;
  send(...messages: ServerMessage[]): void;
  close(): void;
  readonly closed: Promise<void>;
}

/** A websocket server on loopback that says what a test tells it to. */
export class StreamServer implements AsyncDisposable {
  readonly #visitors = new Mailbox<Visitor>();
  readonly #server: Deno.HttpServer<Deno.NetAddr>;

  constructor() {
    const options = { hostname: "127.0.0.1", port: 0, onListen() {} };
    this.#server = Deno.serve(options, (request) => {
      const { socket, response } = Deno.upgradeWebSocket(request);
      const heard = new Mailbox<unknown>();
      const closed = Promise.withResolvers<void>();
      socket.onmessage = ({ data }) => heard.put(JSON.parse(data));
      socket.onclose = () => closed.resolve();
      const visitor: Visitor = {
        heard: () => heard.take(),
        send: (...messages) => messages.forEach((message) => socket.send(encodeMessage(message))),
        close: () => socket.close(),
        closed: closed.promise,
      };
      socket.onopen = () => this.#visitors.put(visitor);
      return response;
    });
  }

  get url(): string {
    return `ws://127.0.0.1:${this.#server.addr.port}/api/stream`;
  }

  /** The next page that connects. */
  visitor(): Promise<Visitor> {
    return this.#visitors.take();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
  }
}

/** Values in the order they came, each taken once; whoever takes waits for the next. */
export class Mailbox<T> {
  readonly #values: T[] = [];
  readonly #takers: ((value: T) => void)[] = [];

  put(value: T): void {
    const taker = this.#takers.shift();
    if (taker === undefined) this.#values.push(value);
    else taker(value);
  }

  take(): Promise<T> {
    if (this.#values.length > 0) return Promise.resolve(this.#values.shift() as T);
    return new Promise((resolve) => this.#takers.push(resolve));
  }
}

export function hello(instance: string): ServerMessage {
  return { type: "hello", version: "1", instance, serverTime: 0 };
}
