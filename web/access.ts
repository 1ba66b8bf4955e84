/**
 * Whether a request may be served: its Host must be one of our own names (against DNS rebinding),
 * and a websocket must come from a page that we served (against foreign pages).
 *
 * @returns the reason to refuse, or null.
 */
export function refusalOf(request: Request, allowedHosts: readonly string[]): string | null {
  const host = (request.headers.get("host") ?? "").replace(/:\d+$/, "").toLowerCase();
  if (!allowedHosts.includes(host)) return `Host "${host}" is not a name of this server`;
  const origin = request.headers.get("origin");
  const isWebSocket = request.headers.get("upgrade")?.toLowerCase() === "websocket";
  const isWrite = request.method !== "GET" && request.method !== "HEAD";
  if (origin !== null && (isWebSocket || isWrite)) {
    if (originHost(origin) !== request.headers.get("host")) {
      return `Origin "${origin}" is not this server`;
    }
  }
  return null;
}

/** Names under which a loopback server is reached. */
export const LOOPBACK_HOSTS: readonly string[] = ["127.0.0.1", "localhost", "[::1]"];

function originHost(origin: string): string | null {
  try {
    return new URL(origin).host;
  } catch {
    return null;
  }
}
