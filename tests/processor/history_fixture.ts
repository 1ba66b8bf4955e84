import type { MarketEvent } from "../../bus/messages.ts";
import type { CandlesAnswer } from "../../bus/queries.ts";
import { parseScale } from "../../market/scale.ts";
import { processorHere } from "./in_thread.ts";

export const SYMBOL = "BTCUSDT";
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

export const INSTRUMENT: MarketEvent = {
  type: "instrument",
  instrument: {
    symbol: SYMBOL,
    market: "spot",
    priceScale: parseScale("0.1"),
    qtyScale: parseScale("0.01"),
    stepSize: 0.01,
    baseAsset: "BTC",
    quoteAsset: "USDT",
  },
};

/** @param signedLots below 0 where the aggressor sold */
export const trade = (id: number, tradeTime: number, priceTicks: number, signedLots: number) =>
  ({
    type: "trade",
    symbol: SYMBOL,
    trade: {
      ...{ id, priceTicks, qtyLots: Math.abs(signedLots), isBuyerMaker: signedLots < 0 },
      ...{ firstTradeId: id, lastTradeId: id, tradeTime },
    },
  }) as MarketEvent;

export type Here = ReturnType<typeof processorHere>;

export async function inFolder(test: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "footprint-history-" });
  try {
    await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

export function started(folder: string): Here {
  const it = processorHere([SYMBOL]);
  it.feed(INSTRUMENT);
  it.record(folder);
  return it;
}

export const candles = async (it: Here, interval: string, group: string | null = "0.5") =>
  (await it.ask<CandlesAnswer>({
    ...{ type: "candles", symbol: SYMBOL, interval, from: 0, to: 1e13, group, cvd: "day" },
  })).candles;

/** Two trades a minute over a border of days: 3 lots bought, then as many sold as it is o'clock. */
export const T0 = 20_000 * DAY - 2 * HOUR;
export function* trades(
  firstMinute: number,
  minutes: number,
  price = 1000,
): Generator<MarketEvent> {
  for (let m = firstMinute; m < firstMinute + minutes; m++) {
    const time = T0 + m * MINUTE;
    yield trade(2 * m + 1, time + 1000, price + m % 7, 3);
    yield trade(2 * m + 2, time + 30_000, price + m % 7, -(new Date(time).getUTCHours() % 5) - 1);
  }
}
