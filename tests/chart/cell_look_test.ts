import assert from "node:assert/strict";
import {
  columnsFor,
  FIRST_LOOK,
  keptLook,
  numbersFrom,
  simplified,
  slotWidthFor,
  visibleMaxima,
} from "../../chart/cell_look.ts";
import { type CellColumn, FIRST_CELLS } from "../../chart/cell_options.ts";
import { slotOf } from "../../chart/slot.ts";
import { candleOf, instrument } from "./fixture.ts";

const bidAsk: CellColumn = { content: "bidAsk", drawing: "numbers" };
const delta: CellColumn = { content: "delta", drawing: "numbers" };
const profile: CellColumn = { content: "volume", drawing: "profile" };

Deno.test("slotWidthFor() adds body and gaps, the columns and the space between them", () => {
  assert.equal(slotWidthFor([bidAsk]), 13 + 61);
  assert.equal(slotWidthFor([bidAsk, delta]), 13 + 61 + 7 + 40);
  assert.equal(slotWidthFor([profile]), 13 + 26);
});

Deno.test("columnsFor() shows the second content only where both have room", () => {
  const cells = { ...FIRST_CELLS, second: delta };
  assert.deepEqual(columnsFor(cells, 121, 1), [bidAsk, delta]);
  assert.deepEqual(columnsFor(cells, 120, 1), [bidAsk]);
  // Once shown it stays down to 95 %: 114.95.
  assert.deepEqual(columnsFor(cells, 115, 2), [bidAsk, delta]);
  assert.deepEqual(columnsFor(cells, 114, 2), [bidAsk]);
  assert.deepEqual(columnsFor(FIRST_CELLS, 500, 1), [bidAsk]);
});

Deno.test("numbersFrom() knows no width for contents that are drawn as bars", () => {
  assert.equal(numbersFrom([delta]), 53);
  assert.equal(numbersFrom([profile]), Infinity);
  assert.equal(numbersFrom([profile, delta]), 13 + 26 + 7 + 40);
});

Deno.test("simplified() turns numbers into bars where there is no room for text", () => {
  assert.deepEqual(simplified([delta, profile], "bars"), [
    { content: "delta", drawing: "histogram" },
    profile,
  ]);
  assert.deepEqual(simplified([delta, profile], "numbers"), [delta, profile]);
});

Deno.test("visibleMaxima() takes the largest row of all candles, up to a quarter of an octave", () => {
  const candles = [
    candleOf(0, [[1000, 100, 0], [1010, 0, 64]]),
    candleOf(60_000, [[1000, 30, 98]]),
    candleOf(120_000, [[1000, 5000, 5000]]),
  ];
  const maxima = visibleMaxima(candles, 0, 2, 10, instrument.qtyScale);
  // Sides and deltas 100 -> 2 ** (27 / 4), volumes 128 = 2 ** 7, one trade a row.
  assert.equal(maxima.maxSide, 2 ** 6.75);
  assert.equal(maxima.maxDelta, 2 ** 6.75);
  assert.equal(maxima.maxVolume, 128);
  assert.equal(maxima.maxTrades, 1);
});

Deno.test("keptLook() gives the held object as long as it looks the same", () => {
  const same = { ...FIRST_LOOK, columns: [{ ...bidAsk }] };
  assert.equal(keptLook(FIRST_LOOK, same), FIRST_LOOK);
  const maxima = { maxSide: 1, maxVolume: 2, maxDelta: 1, maxTrades: 1 };
  for (
    const other of [
      { ...same, columns: [delta] },
      { ...same, columns: [bidAsk, delta] },
      { ...same, shade: "delta" as const },
      { ...same, valueArea: false },
      { ...same, maxima },
    ]
  ) assert.equal(keptLook(FIRST_LOOK, other), other);
  const larger = { ...same, maxima: { ...maxima, maxDelta: 2 } };
  assert.equal(keptLook({ ...same, maxima }, larger), larger);
});

Deno.test("slotOf() gives numbers the room they need and bars the rest", () => {
  const widths = (columns: readonly CellColumn[], width: number, ratio = 1) =>
    slotOf("numbers", width, ratio, 1, { ...FIRST_LOOK, columns }).columns
      .map((column) => [column.x, column.width]);
  // 200 px less 13 are 187 from 10 on, less 7 between are 180.
  assert.deepEqual(widths([profile, bidAsk], 200), [[10, 119], [136, 61]]);
  assert.deepEqual(widths([bidAsk, delta], 200), [[10, 109], [126, 71]]);
  assert.deepEqual(widths([bidAsk, delta], 121), [[10, 61], [78, 40]]);
  assert.deepEqual(widths([profile, bidAsk], 400, 2), [[20, 238], [272, 122]]);
  // Short of room both are narrower.
  assert.deepEqual(widths([bidAsk, delta], 115), [[10, 57], [74, 38]]);
});
