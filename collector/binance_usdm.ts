import { mapFrame } from "./binance_map.ts";
import { BinanceRest } from "./binance_rest.ts";
import { combinedConnections, MAX_STREAMS, trimmed } from "./binance_spot.ts";
import type { ExchangeAdapter, ExchangeUrls } from "./exchange_adapter.ts";

/** Binance's real market of USD-margined futures. */
export const USDM_URLS = {
  wsUrl: "wss://fstream.binance.com",
  restUrl: "https://fapi.binance.com",
} as const satisfies ExchangeUrls;

/** Binance USD-M futures, or whatever speaks its protocol at these addresses. */
export function usdmAdapter({ wsUrl, restUrl }: ExchangeUrls): ExchangeAdapter {
  const base = trimmed(wsUrl);
  return {
    name: "Binance USD-M",
    market: "usdm",
    depthRule: "usdm",
    maxStreamsPerConnection: MAX_STREAMS,
    clientMessagesPerSecond: 10,
    // Each path carries its own kinds of streams and acknowledges the others in silence.
    connections: (symbols) => [
      ...combinedConnections(`${base}/public/stream`, symbols, ["depth"]),
      ...combinedConnections(`${base}/market/stream`, symbols, ["aggTrade"]),
    ],
    mapFrame,
    rest: new BinanceRest(restUrl, "usdm"),
  };
}
