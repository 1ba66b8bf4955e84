import assert from "node:assert/strict";
import { addBin, createTile, writeAnswer } from "../../live/heat_tile.ts";
import { instrument } from "../chart/fixture.ts";

/** Values of one column from the lowest row up. */
function columnOf(tile: ReturnType<typeof createTile>, column: number): number[] {
  return Array.from(
    { length: tile.rows },
    (_, row) => tile.values[(tile.rows - 1 - row) * tile.columns + column],
  );
}

Deno.test("writeAnswer() adds both sides, in lots, and keeps null as unknown", () => {
  const tile = createTile(0, 1000, 100, 5000, 3);
  writeAnswer(tile, {
    step: 1000,
    group: 1,
    times: [1000, 2000],
    prices: [50, 51, 52],
    bids: [[1.5, 0, null], null],
    asks: [[0, 0.25, 3], null],
  }, instrument);
  assert.deepEqual(columnOf(tile, 1), [150, 25, NaN]);
  assert.deepEqual(columnOf(tile, 2), [NaN, NaN, NaN]);
  assert.deepEqual(columnOf(tile, 0), [NaN, NaN, NaN]);
});

Deno.test("addBin() shows the mean of the bins that a column has so far", () => {
  const tile = createTile(0, 1000, 100, 5000, 2);
  addBin(tile, { time: 0, low: 5000, lotMs: Float64Array.from([250, 500]) }, 250, 100);
  assert.deepEqual(columnOf(tile, 0), [1, 2]);
  addBin(tile, { time: 250, low: 5000, lotMs: Float64Array.from([750, 500]) }, 250, 100);
  assert.deepEqual(columnOf(tile, 0), [2, 2]);
});

Deno.test("addBin() sums base rows; a row not wholly covered is unknown", () => {
  const tile = createTile(0, 250, 200, 5000, 3);
  const lotMs = Float64Array.from([250, 250, 250, 500, 250]);
  addBin(tile, { time: 0, low: 4900, lotMs }, 250, 100);
  // 4900 to 5400 is known: rows 5000 and 5200 wholly, 5400 not.
  assert.deepEqual(columnOf(tile, 0), [2, 3, NaN]);
});

Deno.test("addBin() makes a column with an unknown or missing bin unknown", () => {
  const tile = createTile(0, 1000, 100, 5000, 1);
  const known = (time: number) => ({ time, low: 5000, lotMs: Float64Array.from([250]) });
  addBin(tile, known(0), 250, 100);
  addBin(tile, { time: 250, low: 0, lotMs: null }, 250, 100);
  assert.deepEqual(columnOf(tile, 0), [NaN]);
  addBin(tile, known(1000), 250, 100);
  addBin(tile, known(1500), 250, 100);
  assert.deepEqual(columnOf(tile, 1), [NaN]);
});

Deno.test("addBin() names a column that closed without all its bins", () => {
  const tile = createTile(0, 500, 100, 5000, 1);
  const bin = (time: number) => ({ time, low: 5000, lotMs: Float64Array.from([250]) });
  assert.equal(addBin(tile, bin(250), 250, 100), null);
  assert.equal(addBin(tile, bin(500), 250, 100), 0);
  assert.equal(addBin(tile, bin(750), 250, 100), null);
  assert.equal(addBin(tile, bin(1000), 250, 100), null);
});
