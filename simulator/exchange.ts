import type { MarketKind } from "../market/types.ts";
import { Faults } from "./faults.ts";
import { MARKET_RULES } from "./market_rules.ts";
import { restApi } from "./rest_api.ts";
import type { MarketSource } from "./source.ts";
import { type StreamPath, streamPathOf } from "./stream_path.ts";
import { StreamSession } from "./stream_session.ts";
import { usdmEvent } from "./usdm_events.ts";
import { paused } from "./waiting.ts";
import { WeightLimit } from "./weight_limit.ts";

export interface ExchangeOptions {
  readonly source: MarketSource;
  /** Whose protocol it speaks; a source in spot's words serves both. */
  readonly market?: MarketKind;
  /** 0 takes a free port. */
  readonly port?: number;
  /** Request weight a minute. */
  readonly weightLimit?: number;
  /** Publishing waits for clients that read too slowly; else they are disconnected. */
  readonly waitForClients?: boolean;
  /** Local clock by which weights and messages are counted. */
  readonly now?: () => number;
}

/** An exchange on loopback that speaks Binance's public protocol. */
export interface Exchange {
  readonly wsUrl: string;
  readonly restUrl: string;
  readonly faults: Faults;
  /** Clients that are connected. */
  readonly clients: number;
  /** Resolves when another client has connected: what is published from then on reaches it. */
  readonly nextClient: Promise<void>;
  /** Resolves when another client has gone. */
  readonly nextLeaving: Promise<void>;
  /** Clients that were disconnected because they read too slowly. */
  readonly droppedClients: number;
  /** Resolves when the source has ended or failed with its error. */
  readonly finished: Promise<void>;
  /** Sends a text to every client as it is: garbage, half a frame. */
  sendRaw(text: string): void;
  /** Ends every connection without a closing handshake's courtesy. */
  cutConnections(): void;
  /** Those connected now get their events late: when the returned function is called. */
  holdBack(): () => void;
  /** Ends the connection that was made last. */
  cutNewest(): void;
  close(): Promise<void>;
}

/** Unsent bytes of one client at which publishing waits, or the client is dropped. */
const WAIT_ABOVE_BYTES = 1_000_000;
const DROP_ABOVE_BYTES = 32_000_000;

export function startExchange(options: ExchangeOptions): Exchange {
  const { source, market = "spot", waitForClients = false, now = Date.now } = options;
  const rules = MARKET_RULES[market];
  const stop = new AbortController();
  const sessions = new Set<StreamSession>();
  const muted = new WeakSet<StreamSession>();
  /** What waits for clients that are served late. */
  const late = new Map<StreamSession, (() => void)[]>();
  const faults = new Faults();
  const weights = new WeightLimit(options.weightLimit ?? rules.weightLimit, now);
  const rest = restApi(source, rules, weights, stop.signal);
  const finished = Promise.withResolvers<void>();
  let nextClient = Promise.withResolvers<void>();
  let nextLeaving = Promise.withResolvers<void>();
  let droppedClients = 0;
  let isRunning = false;

  function begin(): void {
    if (isRunning) return;
    isRunning = true;
    source.run(publish, stop.signal).then(finished.resolve, finished.reject);
  }

  async function publish(stream: string, event: string): Promise<void> {
    const data = market === "usdm" ? usdmEvent(stream, event, source.now()) : event;
    const texts = faults.sentFor(stream, data);
    for (const session of sessions) {
      if (muted.has(session)) continue;
      const send = () => texts.forEach((text) => session.send(stream, text));
      if (late.has(session)) late.get(session)?.push(send);
      else send();
      const { socket } = session;
      if (socket.bufferedAmount <= WAIT_ABOVE_BYTES) continue;
      while (
        waitForClients && socket.bufferedAmount > 0 && isOpen(socket) && !stop.signal.aborted
      ) {
        await paused(1, stop.signal);
      }
      if (socket.bufferedAmount > DROP_ABOVE_BYTES) {
        droppedClients++;
        socket.close(1008, "Too slow");
        sessions.delete(session);
      }
    }
  }

  function connect(request: Request, path: StreamPath): Response {
    if (faults.refuseConnections) {
      faults.onRefusal?.();
      return new Response("", { status: 503 });
    }
    const timeUnit = new URL(request.url).searchParams.get("timeUnit");
    const { socket, response } = Deno.upgradeWebSocket(request, { idleTimeout: 60 });
    const session = new StreamSession(socket, {
      path,
      microseconds: timeUnit?.toUpperCase() === "MICROSECOND",
      clientMessages: rules.clientMessages,
      now,
      onSubscribed: begin,
    });
    socket.onopen = () => {
      sessions.add(session);
      if (faults.muteClients > 0) {
        faults.muteClients--;
        muted.add(session);
      }
      if (session.streamCount > 0) begin();
      nextClient.resolve();
      nextClient = Promise.withResolvers();
    };
    socket.onmessage = ({ data }) => session.takeMessage(data);
    socket.onclose = socket.onerror = () => {
      sessions.delete(session);
      nextLeaving.resolve();
      nextLeaving = Promise.withResolvers();
    };
    return response;
  }

  async function serve(request: Request): Promise<Response> {
    const url = new URL(request.url);
    const path = streamPathOf(url, market);
    if (path !== null && request.headers.get("upgrade")?.toLowerCase() === "websocket") {
      return connect(request, path);
    }
    return await faults.restAnswer(url.pathname) ?? await rest(request);
  }

  const server = Deno.serve({
    hostname: "127.0.0.1",
    port: options.port ?? 0,
    signal: stop.signal,
    onListen: () => {},
    // A client that went away while it waited is no error of the exchange.
    onError: () => new Response("", { status: 500 }),
  }, serve);
  const address = `127.0.0.1:${server.addr.port}`;

  return {
    wsUrl: `ws://${address}`,
    restUrl: `http://${address}`,
    faults,
    finished: finished.promise,
    get clients() {
      return sessions.size;
    },
    get nextClient() {
      return nextClient.promise;
    },
    get nextLeaving() {
      return nextLeaving.promise;
    },
    get droppedClients() {
      return droppedClients;
    },
    sendRaw(text) {
      for (const { socket } of sessions) if (isOpen(socket)) socket.send(text);
    },
    cutConnections() {
      for (const { socket } of sessions) socket.close(1001);
      sessions.clear();
    },
    holdBack() {
      for (const session of sessions) late.set(session, []);
      return () => {
        for (const sends of late.values()) for (const send of sends) send();
        late.clear();
      };
    },
    cutNewest() {
      const newest = [...sessions].at(-1);
      newest?.socket.close(1001);
      if (newest !== undefined) sessions.delete(newest);
    },
    async close() {
      for (const { socket } of sessions) socket.close(1001);
      // Not a graceful shutdown: it would wait for clients that no longer answer.
      stop.abort();
      await server.finished;
    },
  };
}

function isOpen(socket: WebSocket): boolean {
  return socket.readyState === WebSocket.OPEN;
}
