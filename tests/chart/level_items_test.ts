import assert from "node:assert/strict";
import { RectItems } from "../../chart/items.ts";
import { addLevels, addLevelStarts } from "../../chart/level_items.ts";
import type { TrackedLevel } from "../../chart/level_tracker.ts";
import { slotOf } from "../../chart/slot.ts";
import { Fill } from "../../chart/theme.ts";
import { emptyScene } from "./fixture.ts";

/**
 * 600 ms and 10 ticks a pixel, 918 x 200 px: minute 5 begins at x = 418, price 1500 is y = 50. A
 * slot of 100 px has its plate from 10 to 97.
 */
const scene = { ...emptyScene(), slot: slotOf("numbers", 100, 1, 10), detail: "numbers" as const };

function levelOf(other: Partial<TrackedLevel>): TrackedLevel {
  const tracked = { time: 300_000, end: null, closedEnd: null, epoch: 0, searched: 0 };
  const prices = { low: 1400, high: 1500, endLow: 1400, endHigh: 1500 };
  return { kind: "stackedBuy", ...prices, ...tracked, ...other };
}

function rectsOf(add: typeof addLevels, ...levels: TrackedLevel[]) {
  const rects = new RectItems();
  add(rects, scene, levels);
  return Array.from({ length: rects.length }, (_, i) => [
    rects.fill[i],
    ...[rects.x[i], rects.y[i], rects.width[i], rects.height[i]],
  ]);
}

Deno.test("a zone that lasts reaches from its candle's plate to the plot's right edge", () => {
  // Plate's end 418 + 97 and a gap of 3: 518.
  assert.deepEqual(rectsOf(addLevels, levelOf({})), [
    [Fill.buyZone, 518, 50, 400, 10],
    [Fill.buyEdge, 518, 50, 400, 1],
    [Fill.buyEdge, 518, 59, 400, 1],
  ]);
});

Deno.test("a zone that was touched ends at the wick of the candle that touched it, paler", () => {
  // Minute 8 begins at 718, its wick is 5 px further.
  const zone = levelOf({ kind: "stackedSell", end: 480_000 });
  assert.deepEqual(rectsOf(addLevels, zone), [
    [Fill.sellZonePast, 518, 50, 205, 10],
    [Fill.sellEdgePast, 518, 50, 205, 1],
    [Fill.sellEdgePast, 518, 59, 205, 1],
  ]);
});

Deno.test("lines are one pixel high between dark ones: gold for POCs, grey for auctions", () => {
  const poc = levelOf({ kind: "poc", low: 1450, high: 1450 });
  assert.deepEqual(rectsOf(addLevels, poc), [
    [Fill.plate, 518, 54, 400, 3],
    [Fill.goldLine, 518, 55, 400, 1],
  ]);
  const past = levelOf({ kind: "unfinishedHigh", low: 1450, high: 1450, end: 480_000 });
  assert.deepEqual(rectsOf(addLevels, past), [
    [Fill.plate, 518, 54, 205, 3],
    [Fill.unfinishedPast, 518, 55, 205, 1],
  ]);
});

Deno.test("what the next candle trades through at once has no line", () => {
  assert.deepEqual(rectsOf(addLevels, levelOf({ kind: "poc", end: 360_000 })).length, 2);
  const narrow = { ...scene, view: { ...scene.view, msPerPx: 6000 } };
  const rects = new RectItems();
  addLevels(rects, narrow, [levelOf({ kind: "poc", end: 360_000 })]);
  assert.equal(rects.length, 0);
});

Deno.test("what began left of the picture begins at its edge", () => {
  const [zone] = rectsOf(addLevels, levelOf({ time: -600_000 }));
  assert.deepEqual(zone, [Fill.buyZone, -1, 50, 919, 10]);
});

Deno.test("stacked rows are framed on their candle, and an auction's line starts with a square", () => {
  const frame = rectsOf(addLevelStarts, levelOf({}));
  assert.deepEqual(frame[0], [Fill.buyEdge, 428, 50, 87, 1]);
  assert.deepEqual(frame[1], [Fill.buyEdge, 428, 59, 87, 1]);
  assert.equal(frame.length, 4);
  const auction = levelOf({ kind: "unfinishedLow", low: 1450, high: 1450 });
  assert.deepEqual(rectsOf(addLevelStarts, auction), [[Fill.unfinished, 515, 54, 4, 4]]);
  assert.deepEqual(rectsOf(addLevelStarts, levelOf({ kind: "poc" })), []);
});
