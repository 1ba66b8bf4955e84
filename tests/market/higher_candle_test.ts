import assert from "node:assert/strict";
import fc from "fast-check";
import { CandleSeries } from "../../market/candle_series.ts";
import { doubtUnjoined, higherCandles, joinParts, partOf } from "../../market/higher_candle.ts";
import { INTERVALS } from "../../market/interval.ts";
import type { Trade } from "../../market/types.ts";
import { directCandles, plainCandle, trade, tradesArbitrary } from "../support/direct_candles.ts";

const M = 60_000;

function seriesOf(trades: readonly Trade[]): CandleSeries {
  const series = new CandleSeries(M, 10_000);
  for (const one of trades) series.add(one);
  return series;
}

function fives(trades: readonly Trade[]) {
  return higherCandles(seriesOf(trades), 5 * M, -Infinity, Infinity, 10);
}

/** Minutes 0, 1 and 4 of the first five, then the next five. */
const TRADES = [
  trade(1, -1, 1000, 1),
  trade(2, 0, 1005, 5),
  trade(3, 10, 1012, -9),
  trade(4, M, 1009, 2),
  trade(5, M + 1, 1011, 7),
  trade(6, 4 * M, 999, -6),
  trade(7, 5 * M, 1003, 1),
];

Deno.test("higherCandles joins minutes as worked out by hand", () => {
  const candles = fives(TRADES);
  assert.deepEqual(candles.map(({ head }) => head.openTime), [-5 * M, 0, 5 * M]);
  assert.deepEqual(plainCandle(candles[1]), {
    time: 0,
    firstId: 2,
    lastId: 6,
    open: 1005,
    high: 1012,
    low: 999,
    close: 999,
    buyLots: 14,
    sellLots: 15,
    // Running delta: 5, -4, -2, 5, -1.
    minDelta: -4,
    maxDelta: 5,
    trades: 5,
    complete: true,
    rows: [[990, 6, 0, 1, 0], [1000, 0, 7, 2, 2], [1010, 9, 7, 2, 1]],
  });
  assert.equal(candles[1].exact, true);
  assert.equal(candles[1].hasGap, false);
});

Deno.test("higherCandles calls the newest candle open, not torn", () => {
  const open = fives(TRADES)[2];
  assert.equal(open.complete, false);
  assert.equal(open.hasGap, false);
});

Deno.test("higherCandles marks a candle whose beginning was never held", () => {
  const first = fives(TRADES.slice(2))[0];
  assert.equal(first.complete, false);
  assert.equal(first.hasGap, true);
});

Deno.test("higherCandles marks both candles at a gap between them, and heals them", () => {
  const torn = fives([...TRADES, trade(9, 5 * M + 2, 1003, 1)]);
  assert.deepEqual(torn.map(({ hasGap }) => hasGap), [true, false, true]);
  const between = TRADES.filter(({ id }) => id !== 6);
  assert.deepEqual(fives(between).map(({ hasGap }) => hasGap), [true, true, true]);
  assert.deepEqual(fives([...between, TRADES[5]]).map(({ complete }) => complete), [
    false,
    true,
    false,
  ]);
});

Deno.test("higherCandles says when a later id with an earlier time makes extremes unknowable", () => {
  const candles = fives([
    trade(1, 0, 1000, 10),
    trade(2, M, 1000, -10),
    // Between the two in id order, before them in time.
    trade(3, 1, 1001, 5),
    trade(4, M + 1, 1002, 1),
  ]);
  assert.equal(candles[0].exact, false);
  assert.equal(candles[0].head.open, 1000);
  assert.equal(candles[0].head.close, 1002);
  assert.equal(candles[0].head.firstId, 1);
  assert.equal(candles[0].head.lastId, 4);
});

Deno.test("higherCandles takes minutes whose ids run against time in id order", () => {
  const [candle] = fives([trade(1, M, 1000, 10), trade(2, M, 1001, -3), trade(3, 0, 1002, -9)]);
  assert.equal(candle.exact, true);
  assert.equal(candle.head.open, 1000);
  assert.equal(candle.head.close, 1002);
  // Running delta: 10, 7, -2.
  assert.equal(candle.head.maxDelta, 10);
  assert.equal(candle.head.minDelta, -2);
});

Deno.test("joinParts without knowledge of ids says so where the parts leave some out", () => {
  const series = seriesOf([
    trade(1, -1, 1000, 1),
    trade(2, 0, 1000, 1),
    ...[3, 4, 5].map((id) => trade(id, 5 * M, 1000, 1)),
    trade(6, M, 1000, 1),
    trade(7, 5 * M, 1000, 1),
  ]);
  const parts = series.between(0, 2 * M).map((minute) => partOf(series, minute));
  assert.equal(joinParts(0, parts).exact, false);
  const known = joinParts(0, parts, (from, to) => series.holds(from, to));
  assert.deepEqual([known.exact, known.complete], [true, true]);
});

Deno.test("doubtUnjoined takes back what no neighbour proves, but not that one is open", () => {
  const candles = fives(TRADES);
  const judged = (before: number, after: number, some = candles) =>
    doubtUnjoined(some, { before, after }).map(({ complete, hasGap, exact }) =>
      [complete && "complete", hasGap && "gap", !exact && "not exact"].filter(Boolean).join()
    );
  assert.deepEqual(judged(-Infinity, Infinity), ["gap", "complete", ""]);
  const [, middle, open] = candles;
  assert.deepEqual(judged(1, 7, [middle]), ["complete"]);
  assert.deepEqual(judged(0, 7, [middle]), ["gap,not exact"]);
  assert.deepEqual(judged(1, 8, [middle]), ["gap,not exact"]);
  assert.deepEqual(judged(1, Infinity, [middle]), ["gap,not exact"]);
  assert.deepEqual(judged(6, Infinity, [open]), [""]);
  assert.deepEqual(judged(-Infinity, Infinity, [open]), ["gap,not exact"]);
  const areVoid = (from: number, to: number) => from === 8 && to === 9;
  assert.equal(doubtUnjoined([middle], { before: 1, after: 8 }, areVoid)[0].complete, false);
  assert.equal(doubtUnjoined([open], { before: 4, after: 10 }, () => true)[0].hasGap, false);
});

for (const [interval, maxStepMs] of [["5m", 30_000], ["1h", 400_000], ["1d", 9_000_000]] as const) {
  Deno.test(`higherCandles of ${interval} equal those made from the trades`, () => {
    const some = tradesArbitrary({ maxStepMs, backMs: 90_000, maxTrades: 80 });
    fc.assert(fc.property(some, fc.nat(3), fc.constantFrom(1, 5, 30), (all, skip, group) => {
      const trades = all.filter(({ id }) => skip === 0 || id % (skip * 11) !== 7);
      fc.pre(trades.length > 0);
      const length = INTERVALS[interval];
      const made = higherCandles(seriesOf(trades), length, -Infinity, Infinity, group);
      const direct = directCandles(trades, length, group);
      assert.equal(made.length, direct.length);
      made.forEach((candle, i) => {
        const { minDelta, maxDelta, ...plain } = plainCandle(candle);
        const { minDelta: low, maxDelta: high, ...expected } = direct[i];
        assert.deepEqual(plain, expected);
        if (candle.exact) assert.deepEqual([minDelta, maxDelta], [low, high]);
      });
    }));
  });

  Deno.test(`higherCandles of ${interval} are exact while times ascend with the ids`, () => {
    const some = tradesArbitrary({ maxStepMs, backMs: 0, maxTrades: 80 });
    fc.assert(fc.property(some, (trades) => {
      const made = higherCandles(seriesOf(trades), INTERVALS[interval], -Infinity, Infinity, 5);
      assert.ok(made.every(({ exact }) => exact));
      assert.deepEqual(made.map(plainCandle), directCandles(trades, INTERVALS[interval], 5));
    }));
  });
}
