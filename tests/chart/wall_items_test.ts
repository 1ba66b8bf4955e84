import assert from "node:assert/strict";
import { RectItems } from "../../chart/items.ts";
import { slotOf } from "../../chart/slot.ts";
import { Fill, RAMP_STEPS } from "../../chart/theme.ts";
import { addWallEnds } from "../../chart/wall_ends.ts";
import { addWalls, fadeStep } from "../../chart/wall_items.ts";
import { findVisible, type VisibleWalls } from "../../chart/wall_place.ts";
import type { Wall, WallEnd } from "../../market/wall.ts";
import { candleOf } from "./fixture.ts";
import { planeOf, PRESENT, pulledAt, wallOf } from "./wall_fixture.ts";

const MINUTE = 60_000;

function visibleOf(walls: readonly Wall[], plane = planeOf()): VisibleWalls {
  const visible: VisibleWalls = { resting: [], ended: [] };
  findVisible(visible, plane, walls);
  return visible;
}

/** [x, y, width, height] of the rectangles of one fill. */
function rectsOf(rects: RectItems, fill: number): number[][] {
  const found: number[][] = [];
  for (let i = 0; i < rects.length; i++) {
    if (rects.fill[i] !== fill) continue;
    found.push([rects.x[i], rects.y[i], rects.width[i], rects.height[i]]);
  }
  return found;
}

function built(walls: readonly Wall[], plane = planeOf()): RectItems {
  const rects = new RectItems();
  addWalls(rects, plane, visibleOf(walls, plane));
  return rects;
}

Deno.test("findVisible() leaves out walls of other times and prices", () => {
  const inside = [
    wallOf(1000, 1),
    wallOf(0, 100_000, pulledAt(200_000)),
    wallOf(1990, 10_000, pulledAt(60_000)),
  ];
  const outside = [
    wallOf(2200, 100_000),
    wallOf(-300, 100_000),
    wallOf(1000, 600_000),
    wallOf(1000, 10_000, pulledAt(49_000)),
  ];
  const { resting, ended } = visibleOf([...outside, ...inside]);
  assert.deepEqual([...resting, ...ended], inside);
});

Deno.test("findVisible() leaves out ended walls that would be specks, at each zoom", () => {
  // Two pixels are 1200 ms.
  const walls = [
    wallOf(1000, 100_000, pulledAt(101_199)),
    wallOf(1000, 200_000, pulledAt(201_200)),
  ];
  assert.deepEqual(visibleOf(walls).ended.map(({ born }) => born), [200_000]);
  assert.equal(visibleOf([wallOf(1000, PRESENT - 10)]).resting.length, 1, "what rests is news");
});

Deno.test("findVisible() does not show what rests before a present is known", () => {
  const plane = { ...planeOf(), presentTime: null };
  assert.deepEqual(visibleOf([wallOf(1000, 1)], plane), { resting: [], ended: [] });
});

Deno.test("addWalls() draws what rests from its birth to the present, on its row, by its side", () => {
  const rects = built([wallOf(1000, 300_000), wallOf(1500, 1, { side: "ask" })]);
  // Rows are 10 px high, marks 6: the middle of the row 1000 is at (2000 - 1050) / 10 = 95.
  assert.deepEqual(rectsOf(rects, Fill.buy), [[418, 92, 400, 6]]);
  assert.deepEqual(rectsOf(rects, Fill.sell), [[0, 42, 818, 6]]);
});

Deno.test("addWalls() ends a resting wall at the plot's edge while the chart shows the past", () => {
  const scene = planeOf().scene;
  const plane = planeOf({ view: { ...scene.view, timeRight: 400_000 }, toTime: 400_000 });
  assert.deepEqual(rectsOf(built([wallOf(1000, 340_000)], plane), Fill.buy), [[818, 92, 100, 6]]);
});

Deno.test("addWalls() fades what has ended by exchange time, never to nothing", () => {
  const at = (now: number) => {
    const rects = built([wallOf(1000, 300_000, pulledAt(360_000))], planeOf({ now }));
    assert.equal(rects.length, 1);
    assert.deepEqual([rects.x[0], rects.y[0], rects.width[0], rects.height[0]], [418, 94, 100, 3]);
    return rects.fill[0] - Fill.bidWallRamp;
  };
  assert.equal(at(360_000), RAMP_STEPS - 1);
  assert.equal(at(360_000 + 7 * MINUTE), 6);
  assert.equal(at(360_000 + 15 * MINUTE), 0);
  assert.equal(at(360_000 + 24 * 60 * MINUTE), 0);
});

Deno.test("fadeStep() falls from the strongest to the faintest step in 15 minutes", () => {
  const steps = Array.from({ length: 16 }, (_, minute) => fadeStep(minute * MINUTE));
  assert.deepEqual(steps, [11, 10, 10, 9, 8, 7, 7, 6, 5, 4, 4, 3, 2, 1, 1, 0]);
  assert.equal(fadeStep(-5), 11);
});

/** The lit pixels of the one mark in the items, without its colour. */
function shapeOf(side: "bid" | "ask", ended: WallEnd): string {
  const rects = new RectItems();
  addWallEnds(rects, planeOf(), [wallOf(1000, 300_000, { ...pulledAt(360_000), side, ended })]);
  const lines = Array.from({ length: 7 }, () => Array(7).fill("."));
  for (let i = 0; i < rects.length; i++) {
    if (rects.fill[i] === Fill.plate) continue;
    // The end is at x = 518, the row's middle at y = 95.
    for (let y = rects.y[i]; y < rects.y[i] + rects.height[i]; y++) {
      for (let x = rects.x[i]; x < rects.x[i] + rects.width[i]; x++) lines[y - 92][x - 518] = "#";
    }
  }
  return lines.map((line) => line.join("")).join("\n");
}

Deno.test("addWallEnds() tells filled, pulled, mixed and unknown apart without colour", () => {
  assert.equal(shapeOf("bid", "filled"), Array(7).fill("#######").join("\n"));
  const middle = Array(5).fill("#.....#");
  assert.equal(shapeOf("bid", "pulled"), ["#######", ...middle, "#######"].join("\n"));
  const mixed = ["#######", "#.....#", "#.....#", ...Array(4).fill("#######")];
  assert.equal(shapeOf("bid", "mixed"), mixed.join("\n"));
  assert.equal(shapeOf("bid", "unknown").replaceAll(/[.\n]/g, ""), "###");
  for (const ended of ["filled", "pulled", "mixed", "unknown"] as const) {
    assert.equal(shapeOf("ask", ended), shapeOf("bid", ended));
  }
});

Deno.test("addWallEnds() waits for the verdict, and for the end to be in the picture", () => {
  const rects = new RectItems();
  addWallEnds(rects, planeOf(), [
    wallOf(1000, 300_000, { died: 360_000 }),
    wallOf(1000, 300_000, pulledAt(700_000)),
  ]);
  assert.equal(rects.length, 0);
});

Deno.test("addWallEnds() lies on the thin body beside a candle's numbers, else where the wall ended", () => {
  const candles = [candleOf(360_000, [[1000, 1, 1], [1250, 1, 1]])];
  const slot = slotOf("numbers", 100, 1, 10);
  const plane = planeOf({ candles, end: 1, detail: "numbers", slot });
  const xOf = (row: number, died: number) => {
    const rects = new RectItems();
    addWallEnds(rects, plane, [wallOf(row, 300_000, pulledAt(died))]);
    return rectsOf(rects, Fill.plate)[0][0] + 1;
  };
  // The candle begins at 518, its body of 5 px at 521; the mark is 7 px wide.
  assert.equal(xOf(1200, 399_000), 520);
  assert.equal(xOf(1400, 399_000), 583, "above the candle");
  assert.equal(xOf(1200, 429_000), 633, "after the candle");
});
