import type { MarketKind } from "../market/types.ts";

/** What a websocket address asks for. */
export interface StreamPath {
  /** Events come wrapped with the name of their stream. */
  readonly combined: boolean;
  readonly streams: readonly string[];
  /** Streams that this address delivers; any other is acknowledged and silent. */
  carries(stream: string): boolean;
}

const ADDRESS = /^(?:\/(?<group>public|market))?\/(?:(?<combined>stream)|ws(?:\/(?<names>.*))?)$/;
/** Streams of USD-M's /public; the others are on /market. */
const PUBLIC_STREAM = /@(?:depth|bookTicker|rpiDepth|trade$)|^!bookTicker$/;

/** A websocket address of a market, or null when it has no such address. */
export function streamPathOf(url: URL, market: MarketKind): StreamPath | null {
  const found = ADDRESS.exec(url.pathname)?.groups;
  if (found === undefined || (market === "spot" && found.group !== undefined)) return null;
  const combined = found.combined !== undefined;
  const names = combined ? url.searchParams.get("streams") : found.names;
  const streams = (names ?? "").split("/").filter((name) => name !== "").map(decodeURIComponent);
  if (market === "spot") return { combined, streams, carries: () => true };
  // The addresses without a group are the retired ones: they are left with /public's streams.
  const isMarket = found.group === "market";
  return { combined, streams, carries: (stream) => PUBLIC_STREAM.test(stream) !== isMarket };
}
