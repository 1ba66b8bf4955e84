import { mapFrame } from "./binance_map.ts";
import { BinanceRest } from "./binance_rest.ts";
import type {
  ExchangeAdapter,
  ExchangeConnection,
  ExchangeUrls,
  StreamKind,
} from "./exchange_adapter.ts";

/** Binance's real spot market. */
export const SPOT_URLS = {
  wsUrl: "wss://stream.binance.com:9443",
  restUrl: "https://api.binance.com",
} as const satisfies ExchangeUrls;

/** Streams that one connection of Binance may carry. */
export const MAX_STREAMS = 1024;
/**
 * Binance refuses longer addresses (8004 was measured, it is not documented). No address of this
 * length names more than MAX_STREAMS streams.
 */
const MAX_URL_LENGTH = 8000;

const STREAM_SUFFIX = {
  depth: "@depth@100ms",
  aggTrade: "@aggTrade",
} as const satisfies Record<StreamKind, string>;

/** Binance spot, or whatever speaks its protocol at these addresses. */
export function spotAdapter({ wsUrl, restUrl }: ExchangeUrls): ExchangeAdapter {
  return {
    name: "Binance spot",
    market: "spot",
    depthRule: "spot",
    maxStreamsPerConnection: MAX_STREAMS,
    clientMessagesPerSecond: 5,
    connections: (symbols) =>
      combinedConnections(`${trimmed(wsUrl)}/stream`, symbols, ["depth", "aggTrade"]),
    mapFrame,
    rest: new BinanceRest(restUrl, "spot"),
  };
}

/** Streams of these kinds on as few combined connections as Binance's limits allow. */
export function combinedConnections(
  baseUrl: string,
  symbols: readonly string[],
  kinds: readonly StreamKind[],
): ExchangeConnection[] {
  const start = `${baseUrl}?streams=`;
  const groups: { url: string; streams: string[]; symbols: string[] }[] = [];
  for (const symbol of symbols) {
    const name = symbol.toLowerCase();
    const streams = kinds.map((kind) => name + STREAM_SUFFIX[kind]);
    // Symbols may hold letters beyond ASCII.
    const path = kinds.map((kind) => encodeURIComponent(name) + STREAM_SUFFIX[kind]).join("/");
    const group = groups.at(-1);
    if (group === undefined || group.url.length + 1 + path.length > MAX_URL_LENGTH) {
      groups.push({ url: start + path, streams, symbols: [symbol] });
      continue;
    }
    group.url += `/${path}`;
    group.streams.push(...streams);
    group.symbols.push(symbol);
  }
  return groups.map((group) => ({ ...group, kinds }));
}

export function trimmed(url: string): string {
  return url.replace(/\/+$/, "");
}
