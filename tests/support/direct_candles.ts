import fc from "fast-check";
import type { GroupedCandle } from "../../market/higher_candle.ts";
import type { Trade } from "../../market/types.ts";
import { valueArea } from "../../market/volume_profile.ts";

/** A candle worked out straight from its trades, with nothing of the product's but the shape. */
export interface DirectCandle {
  readonly time: number;
  readonly firstId: number;
  readonly lastId: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly buyLots: number;
  readonly sellLots: number;
  readonly minDelta: number;
  readonly maxDelta: number;
  readonly trades: number;
  readonly complete: boolean;
  /** row, sellLots, buyLots, trades, buyTrades; ascending */
  readonly rows: readonly (readonly [number, number, number, number, number])[];
}

/** Trades in any order, each id once -> candles, ascending. */
export function directCandles(
  trades: readonly Trade[],
  intervalMs: number,
  groupTicks: number,
): DirectCandle[] {
  const ids = new Set(trades.map(({ id }) => id));
  const times = new Set(trades.map(({ tradeTime }) => tradeTime - tradeTime % intervalMs));
  return [...times].sort((a, b) => a - b).map((time) => {
    const own = trades.filter(({ tradeTime }) => tradeTime - tradeTime % intervalMs === time)
      .sort((a, b) => a.id - b.id);
    const prices = own.map(({ priceTicks }) => priceTicks);
    const deltas = [0];
    for (const { qtyLots, isBuyerMaker } of own) {
      deltas.push(deltas[deltas.length - 1] + (isBuyerMaker ? -qtyLots : qtyLots));
    }
    const lots = (some: readonly Trade[]) => some.reduce((sum, { qtyLots }) => sum + qtyLots, 0);
    const buys = own.filter(({ isBuyerMaker }) => !isBuyerMaker);
    const firstId = own[0].id;
    const lastId = own[own.length - 1].id;
    let complete = true;
    for (let id = firstId - 1; id <= lastId + 1; id++) complete &&= ids.has(id);
    const rows = Map.groupBy(own, ({ priceTicks }) => priceTicks - priceTicks % groupTicks);
    return {
      time,
      firstId,
      lastId,
      open: prices[0],
      high: Math.max(...prices),
      low: Math.min(...prices),
      close: prices[prices.length - 1],
      buyLots: lots(buys),
      sellLots: lots(own) - lots(buys),
      minDelta: Math.min(...deltas),
      maxDelta: Math.max(...deltas),
      trades: own.length,
      complete,
      rows: [...rows].sort(([a], [b]) => a - b).map(([row, inRow]) => {
        const bought = inRow.filter(({ isBuyerMaker }) => !isBuyerMaker);
        return [row, lots(inRow) - lots(bought), lots(bought), inRow.length, bought.length];
      }),
    };
  });
}

/** A candle of the product in the same shape. */
export function plainCandle({ head, rows, complete }: GroupedCandle): DirectCandle {
  const { openTime: time, ...rest } = head;
  return {
    time,
    firstId: rest.firstId,
    lastId: rest.lastId,
    open: rest.open,
    high: rest.high,
    low: rest.low,
    close: rest.close,
    buyLots: rest.buyLots,
    sellLots: rest.sellLots,
    minDelta: rest.minDelta,
    maxDelta: rest.maxDelta,
    trades: rest.trades,
    complete,
    rows: [...rows].sort(([a], [b]) => a - b)
      .map(([row, one]) => [row, one.sellLots, one.buyLots, one.trades, one.buyTrades]),
  };
}

/** POC and value area of rows as `DirectCandle` has them. */
export function areaOf(rows: DirectCandle["rows"], groupTicks: number) {
  return valueArea(
    rows.map(([row, sellLots, buyLots]) => ({ row, sellLots, buyLots })),
    groupTicks,
  );
}

/** A trade of so many lots bought, or sold where negative. */
export function trade(id: number, tradeTime: number, priceTicks: number, signed: number): Trade {
  return {
    id,
    tradeTime,
    priceTicks,
    qtyLots: Math.abs(signed),
    firstTradeId: id,
    lastTradeId: id,
    isBuyerMaker: signed < 0,
  };
}

/**
 * Trades ascending by id from 100 on. Times go on by up to `maxStepMs`; a part of them lies up to
 * `backMs` before its place.
 */
export function tradesArbitrary(
  { maxStepMs, backMs, maxTrades }: { maxStepMs: number; backMs: number; maxTrades: number },
): fc.Arbitrary<Trade[]> {
  const one = fc.record({
    step: fc.nat(maxStepMs),
    back: fc.oneof({ weight: 5, arbitrary: fc.constant(0) }, fc.nat(backMs)),
    price: fc.integer({ min: 990, max: 1030 }),
    lots: fc.integer({ min: 1, max: 50 }),
    isSell: fc.boolean(),
  });
  return fc.array(one, { minLength: 1, maxLength: maxTrades }).map((steps) => {
    let time = 86_400_000 - 300_000;
    return steps.map(({ step, back, price, lots, isSell }, i) => {
      time += step;
      return trade(100 + i, time - back, price, isSell ? -lots : lots);
    });
  });
}
