import type { Instrument } from "../../market/instrument.ts";
import type { ChartCandle } from "../../chart/model.ts";

/** One lot is 0.01 BTC and one tick 0.01 USDT, so that expected texts are easy to see. */
export const instrument: Instrument = {
  symbol: "BTCUSDT",
  market: "spot",
  priceScale: { decimals: 2, step: 1 },
  qtyScale: { decimals: 2, step: 1 },
  stepSize: 0.01,
  baseAsset: "BTC",
  quoteAsset: "USDT",
};

/** A candle from its levels: priceTicks, sellLots, buyLots. */
export function candleOf(
  time: number,
  levels: readonly (readonly [number, number, number])[],
  other: Partial<ChartCandle> = {},
): ChartCandle {
  const prices = levels.map(([price]) => price);
  return {
    time,
    open: prices[0],
    high: Math.max(...prices),
    low: Math.min(...prices),
    close: prices[prices.length - 1],
    buyLots: levels.reduce((sum, [, , buy]) => sum + buy, 0),
    sellLots: levels.reduce((sum, [, sell]) => sum + sell, 0),
    minDelta: 0,
    maxDelta: 0,
    trades: levels.length,
    complete: true,
    group: 1,
    levels: new Map(
      levels.map(([price, sellLots, buyLots]) => [price, { sellLots, buyLots, trades: 1 }]),
    ),
    revision: 1,
    ...other,
  };
}
