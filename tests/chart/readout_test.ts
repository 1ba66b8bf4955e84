import assert from "node:assert/strict";
import type { ChartGap, HeatTile } from "../../chart/model.ts";
import { cellParts } from "../../chart/readout.ts";
import { emptyScene } from "./fixture.ts";

/** One row of 1000 ticks, ten columns of a second, of which the third and fourth are unknown. */
const TILE: HeatTile = {
  ...{ start: 0, stepMs: 1000, columns: 10, group: 1000, low: 1000, rows: 1 },
  values: Float32Array.from([5, 5, NaN, NaN, 5, 5, 5, 5, 5, NaN]),
  ...{ version: 1, ready: true },
};

const GAPS: ChartGap[] = [
  { kind: "trades", from: 0, to: 10_000, reason: "of the trades" },
  { kind: "book", from: 2500, to: 3800, reason: "the connection was closed" },
];

function restingAt(time: number, gaps = GAPS): string | undefined {
  const scene = { ...emptyScene(), gaps };
  const parts = cellParts(scene, null, { time, priceTicks: 1500 }, [TILE]);
  return parts.find(({ label }) => label.startsWith("resting"))?.value;
}

Deno.test("the readout says why it is not known what rested, as the ledger of gaps has it", () => {
  assert.equal(restingAt(2100), "unknown: the connection was closed");
  assert.equal(restingAt(3900), "unknown: the connection was closed");
  // No gap of the book: before recording began, or beyond the known prices.
  assert.equal(restingAt(9500), "unknown");
  assert.equal(restingAt(2100, []), "unknown");
  const lasting = [{ ...GAPS[1], from: 9000, to: null }];
  assert.equal(restingAt(9500, lasting), "unknown: the connection was closed");
  assert.match(restingAt(4500) ?? "", /^0\.05 BTC$/);
});
