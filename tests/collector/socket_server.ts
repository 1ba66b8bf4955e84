/** What a websocket server of the test sees of one connection. */
export interface ServedSocket {
  readonly socket: WebSocket;
  readonly isOpen: boolean;
  /** Resolves when it is closed on both sides. */
  readonly closed: Promise<void>;
  send(...texts: string[]): void;
}

/** A websocket server on loopback that does only what the test says. */
export class SocketServer {
  /** New connections get status 503. */
  isRefusing = false;
  refused = 0;
  readonly sockets: ServedSocket[] = [];
  readonly #server: Deno.HttpServer<Deno.NetAddr>;
  #waiting: ((socket: ServedSocket) => void)[] = [];
  #accepted = 0;

  constructor() {
    this.#server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen: () => {} },
      (request) => this.#take(request),
    );
  }

  get host(): string {
    return `127.0.0.1:${this.#server.addr.port}`;
  }

  get url(): string {
    return `ws://${this.host}/stream`;
  }

  get openCount(): number {
    return this.sockets.filter(({ isOpen }) => isOpen).length;
  }

  /** The next connection that no other call has got, as soon as it is open. */
  next(): Promise<ServedSocket> {
    const { promise, resolve } = Promise.withResolvers<ServedSocket>();
    this.#waiting.push(resolve);
    this.#handOut();
    return promise;
  }

  #take(request: Request): Response {
    if (this.isRefusing) {
      this.refused++;
      return new Response("", { status: 503 });
    }
    const { socket, response } = Deno.upgradeWebSocket(request);
    const closed = Promise.withResolvers<void>();
    const served: ServedSocket = {
      socket,
      get isOpen() {
        return socket.readyState === WebSocket.OPEN;
      },
      closed: closed.promise,
      send: (...texts) => texts.forEach((text) => socket.send(text)),
    };
    socket.onopen = () => {
      this.sockets.push(served);
      this.#handOut();
    };
    socket.onclose = () => closed.resolve();
    socket.onerror = () => closed.resolve();
    return response;
  }

  #handOut(): void {
    while (this.#waiting.length > 0 && this.#accepted < this.sockets.length) {
      this.#waiting.shift()?.(this.sockets[this.#accepted++]);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { socket, isOpen } of this.sockets) if (isOpen) socket.close(1001);
    await Promise.all(this.sockets.map(({ closed }) => closed));
    await this.#server.shutdown();
  }
}
