import type { MarketEvent } from "../bus/messages.ts";
import { mapDepthSnapshot, mapFrame } from "../collector/binance_map.ts";
import { DepthSync } from "../collector/depth_sync.ts";
import { TradeSequence } from "../collector/trade_sequence.ts";
import { type Instrument, lotScale } from "../market/instrument.ts";
import { parseScale } from "../market/scale.ts";

export const BTCUSDT: Instrument = {
  symbol: "BTCUSDT",
  market: "spot",
  priceScale: parseScale("0.01"),
  qtyScale: lotScale("0.00001", "9000"),
  stepSize: 0.00001,
  baseAsset: "BTC",
  quoteAsset: "USDT",
};

/** The lines that the collector would get: depth and aggTrades made from trades. */
export function collectorLines(lines: readonly string[]): string[] {
  return lines.filter((line) => !line.includes("@bookTicker")).map((line) =>
    line.replace('"e":"trade"', '"e":"aggTrade"').replace(
      /"t":(\d+)/,
      '"a":$1,"f":$1,"l":$1',
    )
  );
}

/** Capture lines through the collector's parts into events. */
export function collectEvents(lines: readonly string[], emit: (event: MarketEvent) => void): void {
  let snapshot = "";
  let wanted = false;
  const depth = new DepthSync("BTCUSDT", { emit, requestSnapshot: () => wanted = true });
  const trades = new TradeSequence("BTCUSDT", { emit, repair: () => {} });
  emit({ type: "instrument", instrument: BTCUSDT });
  for (const line of lines) {
    if (line.startsWith('{"lastUpdateId"')) {
      snapshot = line;
    } else {
      const message = mapFrame(line, () => BTCUSDT);
      if (message.type === "depth") depth.takeDiff(message.diff);
      else if (message.type === "aggTrade") trades.take(message.trade);
    }
    if (wanted && snapshot !== "") {
      wanted = false;
      depth.takeSnapshot(mapDepthSnapshot(JSON.parse(snapshot), BTCUSDT));
    }
  }
}
