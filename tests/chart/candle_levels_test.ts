import assert from "node:assert/strict";
import { candleLevels } from "../../chart/candle_levels.ts";
import { groupedCandle } from "../../chart/grouped_candle.ts";
import { candleOf, instrument } from "./fixture.ts";

/** Rows of 10 ticks from price, sells and buys. */
function levelsOf(rows: readonly (readonly [number, number, number])[]) {
  const candle = candleOf(0, rows);
  return candleLevels(groupedCandle(candle, 10, instrument.qtyScale), candle);
}

const stacks = (rows: readonly (readonly [number, number, number])[]) =>
  levelsOf(rows).filter(({ kind }) => kind.startsWith("stacked"))
    .map(({ kind, low, high }) => [kind, low, high]);

Deno.test("three buy imbalances in a row are stacked", () => {
  // Buys of a row against sells of the row below: 30 : 10, 30 : 10, 30 : 10.
  const rows = [[1000, 10, 0], [1010, 10, 30], [1020, 10, 30], [1030, 0, 30]] as const;
  assert.deepEqual(stacks(rows), [["stackedBuy", 1010, 1040]]);
  const weaker = [[1000, 10, 0], [1010, 10, 30], [1020, 10, 29], [1030, 0, 30]] as const;
  assert.deepEqual(stacks(weaker), [], "29 are not three times 10");
});

Deno.test("three sell imbalances in a row are stacked", () => {
  // Sells of a row against buys of the row above.
  const rows = [[1000, 30, 0], [1010, 30, 10], [1020, 30, 10], [1030, 0, 10]] as const;
  assert.deepEqual(stacks(rows), [["stackedSell", 1000, 1030]]);
});

Deno.test("two in a row are no stack", () => {
  assert.deepEqual(stacks([[1000, 10, 0], [1010, 10, 30], [1020, 10, 30], [1030, 20, 9]]), []);
});

Deno.test("a row without trades parts a stack: neighbours are meant by price", () => {
  // Each buys against nothing below, but 1030 is missing between 1020 and 1040.
  const parted = [[1010, 0, 30], [1020, 0, 30], [1040, 0, 30]] as const;
  assert.deepEqual(stacks(parted), []);
  const whole = [[1010, 0, 30], [1020, 0, 30], [1030, 0, 30]] as const;
  assert.deepEqual(stacks(whole), [["stackedBuy", 1010, 1040]]);
});

Deno.test("a stack ends when it is touched: a trade in one of its rows", () => {
  const [stack] = levelsOf([[1010, 0, 30], [1020, 0, 30], [1030, 0, 30]]);
  assert.deepEqual([stack.endLow, stack.endHigh], [1010, 1040]);
});

Deno.test("dust is never stacked: the least volume is 2 % of the candle's", () => {
  // 1000 lots in all but 20: rows of 5 are less than 20.4.
  const rows = [[900, 500, 500], [1010, 0, 5], [1020, 0, 5], [1030, 0, 5]] as const;
  assert.deepEqual(stacks(rows), []);
});

Deno.test("an auction is unfinished where both sides traded at the high or the low row", () => {
  const both = levelsOf([[1003, 5, 6], [1015, 9, 9], [1027, 1, 1]]);
  const ends = both.filter(({ kind }) => kind.startsWith("unfinished"));
  // The line is at the traded extreme; only a price beyond it trades through.
  assert.deepEqual(ends, [
    { kind: "unfinishedHigh", low: 1027, high: 1027, endLow: 1028, endHigh: Infinity },
    { kind: "unfinishedLow", low: 1003, high: 1003, endLow: -Infinity, endHigh: 1003 },
  ]);
  const finished = levelsOf([[1003, 5, 0], [1015, 9, 9], [1027, 0, 1]]);
  assert.deepEqual(finished.filter(({ kind }) => kind.startsWith("unfinished")), []);
});

Deno.test("the point of control is a line in the middle of its row", () => {
  const levels = levelsOf([[1000, 5, 0], [1010, 9, 9], [1020, 0, 1]]);
  assert.deepEqual(levels.filter(({ kind }) => kind === "poc"), [
    { kind: "poc", low: 1015, high: 1015, endLow: 1010, endHigh: 1020 },
  ]);
});

Deno.test("a candle without rows leaves nothing behind", () => {
  assert.deepEqual(
    candleLevels(groupedCandle(candleOf(0, []), 10, instrument.qtyScale), {
      high: 0,
      low: 0,
    }),
    [],
  );
});
