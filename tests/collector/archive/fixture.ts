import type { TradeSeries } from "../../../collector/archive/trade_series.ts";
import { parseScale } from "../../../market/scale.ts";
import type { Trade } from "../../../market/types.ts";

export const SERIES: TradeSeries = {
  symbol: "BTCUSDT",
  market: "spot",
  priceScale: parseScale("0.01"),
  qtyScale: parseScale("0.00001"),
};

/** 2024-08-08T23:59:00Z */
export const BEFORE_MIDNIGHT = 1_723_161_540_000;
export const MINUTE = 60_000;
export const DAY = 86_400_000;

export function tradeOf(id: number, tradeTime = BEFORE_MIDNIGHT + id): Trade {
  return {
    id,
    priceTicks: 6_000_000 + id % 7,
    qtyLots: 100 * id + 3,
    firstTradeId: 10 * id,
    lastTradeId: 10 * id + 2,
    tradeTime,
    isBuyerMaker: id % 3 === 0,
  };
}

/** Trades of the ids `from`..`to`. */
export function tradesOf(from: number, to: number, time?: (id: number) => number): Trade[] {
  return Array.from({ length: to - from + 1 }, (_, i) => tradeOf(from + i, time?.(from + i)));
}

export async function collect(batches: AsyncIterable<readonly Trade[]>): Promise<Trade[]> {
  const trades: Trade[] = [];
  for await (const batch of batches) trades.push(...batch);
  return trades;
}

export const EVER = { fromTime: -Infinity, toTime: Infinity };
