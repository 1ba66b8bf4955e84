import assert from "node:assert/strict";
import fc from "fast-check";
import { CandleSeries } from "../../market/candle_series.ts";
import { groupLevels } from "../../market/footprint.ts";
import type { Trade } from "../../market/types.ts";

function trade(id: number, tradeTime: number, priceTicks: number, signedLots: number): Trade {
  return {
    id,
    tradeTime,
    priceTicks,
    qtyLots: Math.abs(signedLots),
    firstTradeId: id,
    lastTradeId: id,
    isBuyerMaker: signedLots < 0,
  };
}

/** Two minutes: ids 1..6 in the first, 7..8 in the second; id 6 comes after the minute ended. */
const TRADES = [
  trade(1, 1_000, 100, 5),
  trade(2, 1_000, 101, -8),
  trade(3, 2_000, 101, -1),
  trade(4, 30_000, 103, 10),
  trade(5, 59_999, 99, -2),
  trade(6, 59_999, 100, 1),
  trade(7, 60_000, 100, 4),
  trade(8, 61_000, 102, 4),
];

function seriesOf(trades: readonly Trade[]): CandleSeries {
  const series = new CandleSeries(60_000, 10);
  for (const one of trades) series.add(one);
  return series;
}

Deno.test("CandleSeries sums a candle as worked out by hand", () => {
  const candle = seriesOf(TRADES).at(0);
  assert.ok(candle);
  const { footprint } = candle;
  assert.equal(footprint.open, 100);
  assert.equal(footprint.high, 103);
  assert.equal(footprint.low, 99);
  assert.equal(footprint.close, 100);
  assert.equal(footprint.buyLots, 16);
  assert.equal(footprint.sellLots, 11);
  // Running delta: 5, -3, -4, 6, 4, 5.
  assert.equal(footprint.minDelta, -4);
  assert.equal(footprint.maxDelta, 6);
  assert.equal(footprint.trades, 6);
  assert.deepEqual(groupLevels(footprint.levels, 2), [
    { row: 98, sellLots: 2, buyLots: 0, trades: 1 },
    { row: 100, sellLots: 9, buyLots: 6, trades: 4 },
    { row: 102, sellLots: 0, buyLots: 10, trades: 1 },
  ]);
});

Deno.test("CandleSeries starts the running delta at 0", () => {
  const footprint = seriesOf([trade(1, 0, 100, 3), trade(2, 0, 100, 1)]).at(0)?.footprint;
  assert.equal(footprint?.minDelta, 0);
  assert.equal(footprint?.maxDelta, 4);
});

Deno.test("CandleSeries calls a candle complete when ids prove that nothing is missing", () => {
  const series = seriesOf(TRADES);
  assert.equal(series.at(0)?.complete, false, "nothing is known before id 1");
  assert.equal(series.at(60_000)?.complete, false, "more may come");
  series.add(trade(0, -1, 100, 1));
  assert.equal(series.at(0)?.complete, true);
  series.add(trade(9, 120_000, 100, 1));
  assert.equal(series.at(60_000)?.complete, true);
});

Deno.test("CandleSeries shows a hole until it is filled", () => {
  const series = seriesOf([trade(0, -1, 100, 1), ...TRADES.filter(({ id }) => id !== 3)]);
  assert.equal(series.holds(1, 4), false);
  assert.equal(series.at(0)?.complete, false);
  series.add(TRADES[2]);
  assert.equal(series.holds(1, 4), true);
  assert.equal(series.at(0)?.complete, true);
});

Deno.test("CandleSeries calls a candle complete whose missing id was another candle's", () => {
  const series = seriesOf([
    ...[trade(0, -1, 100, 1), trade(1, 0, 100, 1), trade(3, 1, 101, 1)],
    ...[trade(4, 60_000, 100, 1)],
  ]);
  assert.equal(series.at(0)?.complete, false);
  series.add(trade(2, 60_000, 100, 1));
  assert.equal(series.at(0)?.complete, true);
});

Deno.test("CandleSeries counts a repeated id once", () => {
  const series = seriesOf([...TRADES, ...TRADES]);
  assert.equal(series.add(TRADES[0]), null);
  assert.equal(series.at(0)?.footprint.trades, 6);
});

Deno.test("CandleSeries makes the same candles from any order of trades", () => {
  const expected = seriesOf(TRADES).between(-Infinity, Infinity);
  fc.assert(fc.property(fc.shuffledSubarray(TRADES, { minLength: TRADES.length }), (shuffled) => {
    const candles = seriesOf(shuffled).between(-Infinity, Infinity);
    const plain = (all: typeof candles) =>
      all.map(({ footprint, complete }) => ({
        ...footprint,
        complete,
        levels: groupLevels(footprint.levels, 1),
      }));
    assert.deepEqual(plain(candles), plain(expected));
  }));
});

Deno.test("CandleSeries forgets the oldest candle beyond its limit", () => {
  const series = new CandleSeries(60_000, 2);
  for (let minute = 0; minute < 3; minute++) series.add(trade(minute + 1, minute * 60_000, 100, 1));
  assert.equal(series.firstTime, 60_000);
  assert.equal(series.at(0), null);
  assert.deepEqual(series.between(60_000, 120_000).length, 1);
});
