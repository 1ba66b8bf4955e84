import { backoffMs } from "./backoff.ts";
import { delay } from "./delay.ts";

export interface StreamHandlers {
  onOpen(): void;
  onFrame(text: string): void;
  /** The connection ended, or could not be made; another attempt follows in `retryMs`. */
  onDown(reason: string, retryMs: number): void;
}

/** A connection attempt that takes longer has failed. */
const CONNECT_TIMEOUT_MS = 10_000;

/** Market streams on one connection: "btcusdt@depth@100ms", ... */
export function combinedStreamUrl(wsBaseUrl: string, symbols: readonly string[]): string {
  const streams = symbols.flatMap((symbol) => {
    const name = encodeURIComponent(symbol.toLowerCase());
    return [`${name}@depth@100ms`, `${name}@aggTrade`];
  });
  return `${wsBaseUrl.replace(/\/+$/, "")}/stream?streams=${streams.join("/")}`;
}

/** Keeps one connection open until the signal aborts, reconnecting with growing pauses. */
export async function keepStream(
  url: string,
  handlers: StreamHandlers,
  signal: AbortSignal,
): Promise<void> {
  let failures = 0;
  while (!signal.aborted) {
    const reason = await runConnection(url, {
      ...handlers,
      onFrame(text) {
        failures = 0;
        handlers.onFrame(text);
      },
    }, signal);
    if (signal.aborted) return;
    const retryMs = backoffMs(++failures);
    handlers.onDown(reason, retryMs);
    try {
      await delay(retryMs, signal);
    } catch {
      return;
    }
  }
}

/** One connection from opening to end; resolves with the reason of its end. */
function runConnection(
  url: string,
  handlers: Pick<StreamHandlers, "onOpen" | "onFrame">,
  signal: AbortSignal,
): Promise<string> {
  const ended = Promise.withResolvers<string>();
  const socket = new WebSocket(url);
  const end = (reason: string) => {
    clearTimeout(timer);
    signal.removeEventListener("abort", abort);
    socket.onopen =
      socket.onmessage =
      socket.onclose =
      socket.onerror =
        null;
    if (socket.readyState <= WebSocket.OPEN) socket.close();
    ended.resolve(reason);
  };
  const abort = () => end("stopped");
  const timer = setTimeout(
    () => end(`no connection to ${url} within ${CONNECT_TIMEOUT_MS / 1000} s`),
    CONNECT_TIMEOUT_MS,
  );
  signal.addEventListener("abort", abort, { once: true });
  socket.onopen = () => {
    clearTimeout(timer);
    handlers.onOpen();
  };
  socket.onmessage = ({ data }) => {
    if (typeof data === "string") handlers.onFrame(data);
  };
  socket.onerror = (event) => {
    const detail = event instanceof ErrorEvent && event.message ? `: ${event.message}` : "";
    end(`the connection failed${detail}`);
  };
  socket.onclose = ({ code, reason }) =>
    end(`the connection was closed (${code} ${reason})`.trim());
  return ended.promise;
}
