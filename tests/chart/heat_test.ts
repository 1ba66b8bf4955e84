import assert from "node:assert/strict";
import { heatItems } from "../../chart/draw_heatmap.ts";
import { heatStep } from "../../chart/heat_layer.ts";
import { colourCells, colourTable, heatShare, palettePixel } from "../../chart/heat_palette.ts";
import { FIRST_SCALE, nextScale, percentile, sampleTiles } from "../../chart/heat_scale.ts";
import type { HeatTile } from "../../chart/model.ts";
import { restingAt } from "../../chart/readout.ts";

function tileOf(start: number, values: number[], columns = 2): HeatTile {
  return {
    start,
    stepMs: 1000,
    columns,
    group: 100,
    low: 5000,
    rows: values.length / columns,
    values: Float32Array.from(values),
    version: 1,
    ready: true,
  };
}

const view = {
  timeRight: 10_000,
  msPerPx: 30,
  slotMs: 60_000,
  priceTop: 5300,
  ticksPerPx: 7,
  following: true,
  autoPrice: true,
};
const plot = { width: 300, height: 100 };

Deno.test("heatItems() of neighbours share their edges: no seam, no overlap", () => {
  const [left, right] = heatItems([tileOf(0, [1, 2]), tileOf(2000, [3, 4])], view, plot);
  assert.equal(left.x + left.width, right.x);
  // (10000 - 2000) / 30 = 266.7 px from the right.
  assert.equal(right.x, 33);
  // The row from 5000 to 5100: (5300 - 5100) / 7 = 28.6, (5300 - 5000) / 7 = 42.9.
  assert.deepEqual([right.y, right.height], [29, 14]);
});

Deno.test("heatStep() never makes a cell narrower than 1.5 CSS pixels", () => {
  assert.equal(heatStep(100), 250);
  assert.equal(heatStep(652), 1000);
  assert.equal(heatStep(700), 2000);
  assert.equal(heatStep(1e9), 86_400_000);
});

Deno.test("colourTable() leaves unknown cells transparent and empty ones dark", () => {
  const table = colourTable(1, 100);
  const values = Float32Array.from([NaN, 0, 100, 1e6]);
  const pixels = new Uint32Array(4);
  colourCells(new Uint32Array(values.buffer), 0, 4, table, pixels, 0);
  assert.equal(pixels[0], 0);
  assert.equal(pixels[1], palettePixel(0));
  assert.equal(pixels[1] >>> 24, 255);
  assert.equal(pixels[3], palettePixel(1));
});

Deno.test("heatShare() is even in the logarithm between the ends", () => {
  assert.equal(heatShare(0, 1, 100), 0);
  assert.ok(Math.abs(heatShare(1, 1, 100) - 0.12) < 1e-9);
  assert.ok(Math.abs(heatShare(10, 1, 100) - 0.56) < 1e-9);
  assert.equal(heatShare(1000, 1, 100), 1);
});

Deno.test("sampleTiles() leaves out empty and unknown cells and sorts the rest", () => {
  assert.deepEqual([...sampleTiles([tileOf(0, [3, 0, NaN, 1])])], [1, 3]);
});

Deno.test("percentile() reads ascending samples", () => {
  const samples = Float32Array.from([1, 2, 3, 4, 5]);
  assert.equal(percentile(samples, 0), 1);
  assert.equal(percentile(samples, 50), 3);
  assert.equal(percentile(samples, 100), 5);
  assert.equal(percentile(new Float32Array(0), 50), null);
});

Deno.test("nextScale() stays the same object until an end moved beyond the tolerance", () => {
  const first = nextScale(FIRST_SCALE, Float32Array.from([10, 20, 1000]), 50, 100);
  assert.deepEqual([first.low, first.high, first.generation], [20, 1000, 1]);
  assert.equal(nextScale(first, Float32Array.from([10, 22, 1100]), 50, 100), first);
  const moved = nextScale(first, Float32Array.from([10, 24, 1000]), 50, 100);
  assert.deepEqual([moved.low, moved.generation], [24, 2]);
});

Deno.test("restingAt() finds a cell by time and price, rows counted from the top", () => {
  const tile = tileOf(0, [1, 2, 3, 4]);
  assert.equal(restingAt([tile], 1500, 5099)?.lots, 4);
  assert.equal(restingAt([tile], 500, 5100)?.lots, 1);
  assert.equal(restingAt([tile], 2000, 5100), null);
});
