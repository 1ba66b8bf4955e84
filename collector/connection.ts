/** A connection attempt that takes longer has failed. */
const CONNECT_TIMEOUT_MS = 10_000;

/** One websocket from opening to end. */
export interface Connection {
  /** Whether it was opened; false when it ended before. */
  readonly opened: Promise<boolean>;
  /** Resolves with the reason of the end. */
  readonly ended: Promise<string>;
  close(): void;
}

/**
 * Opens a websocket. It ends by itself when no frame comes for `idleMs`: a connection may be dead
 * without a word, or open and acknowledged but silent.
 */
export function openConnection(
  url: string,
  idleMs: number,
  onFrame: (text: string) => void,
  connectTimeoutMs = CONNECT_TIMEOUT_MS,
): Connection {
  const opened = Promise.withResolvers<boolean>();
  const ended = Promise.withResolvers<string>();
  const socket = new WebSocket(url);
  let lastFrameTime = 0;
  let idleTimer: ReturnType<typeof setTimeout> | undefined;

  const end = (reason: string) => {
    clearTimeout(connectTimer);
    clearTimeout(idleTimer);
    socket.onopen =
      socket.onmessage =
      socket.onclose =
      socket.onerror =
        null;
    if (socket.readyState <= WebSocket.OPEN) socket.close();
    opened.resolve(false);
    ended.resolve(reason);
  };
  // One timer that looks again is cheaper than one timer per frame.
  const watch = () => {
    const silentMs = performance.now() - lastFrameTime;
    if (silentMs >= idleMs) end(`no data for ${Math.round(silentMs / 1000)} s although connected`);
    else idleTimer = setTimeout(watch, idleMs - silentMs);
  };
  const connectTimer = setTimeout(
    () => end(`no connection to ${url} within ${connectTimeoutMs / 1000} s`),
    connectTimeoutMs,
  );
  socket.onopen = () => {
    clearTimeout(connectTimer);
    lastFrameTime = performance.now();
    watch();
    opened.resolve(true);
  };
  socket.onmessage = ({ data }) => {
    lastFrameTime = performance.now();
    if (typeof data === "string") onFrame(data);
  };
  socket.onerror = (event) => {
    const detail = event instanceof ErrorEvent && event.message ? `: ${event.message}` : "";
    // Deno says "dns error", but not of which name.
    end(`the connection failed (${new URL(url).host})${detail}`);
  };
  socket.onclose = ({ code, reason }) =>
    end(`the connection was closed (${code} ${reason})`.trim());
  return { opened: opened.promise, ended: ended.promise, close: () => end("closed") };
}
