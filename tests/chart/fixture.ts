import type { Instrument } from "../../market/instrument.ts";
import { layoutOf } from "../../chart/layout.ts";
import type { ChartCandle } from "../../chart/model.ts";
import type { Scene } from "../../chart/scene.ts";
import { slotOf } from "../../chart/slot.ts";

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
    gap: false,
    group: 1,
    levels: new Map(
      levels.map(([price, sellLots, buyLots]) => [price, { sellLots, buyLots, trades: 1 }]),
    ),
    revision: 1,
    ...other,
  };
}

/** No candle, prices from 2000 at the top down, 10 ticks a pixel, rows of 100 ticks: 10 px high. */
export function emptyScene(): Scene {
  return {
    instrument,
    view: {
      timeRight: 600_000,
      msPerPx: 600,
      slotMs: 60_000,
      priceTop: 2000,
      ticksPerPx: 10,
      following: true,
      autoPrice: true,
    },
    layout: layoutOf(1000, 312, 1, 82),
    detail: "candles",
    group: 100,
    slot: slotOf("candles", 100, 1, 10),
    candles: [],
    first: 0,
    end: 0,
    fromTime: 0,
    toTime: 600_000,
    now: null,
    gaps: [],
  };
}
