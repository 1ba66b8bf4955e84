import assert from "node:assert/strict";
import { RectItems, TextItems } from "../../chart/items.ts";
import { Fill } from "../../chart/theme.ts";
import { addWallLabels, type Span } from "../../chart/wall_labels.ts";
import type { WallPlane } from "../../chart/wall_place.ts";
import type { Wall } from "../../market/wall.ts";
import { candleOf } from "./fixture.ts";
import { planeOf, wallOf } from "./wall_fixture.ts";

/** Its column begins at 918 - 147 (16 % of the plot): where the present is beyond 453,000 ms. */
const COLUMN = 771;

function build(
  walls: Wall[],
  { plane = planeOf(), taken = [] as readonly Span[] } = {},
) {
  const [leaders, plates, texts] = [new RectItems(), new RectItems(), new TextItems()];
  const count = addWallLabels(leaders, plates, texts, plane, walls, taken);
  const boxes = Array.from({ length: plates.length }, (_, i) => i)
    .filter((i) => plates.fill[i] === Fill.raised)
    .map((i) => [plates.x[i], plates.y[i], plates.width[i], plates.height[i]]);
  return { texts: texts.text.slice(0, texts.length), boxes, leaders, count };
}

/** A plane whose present lies before the column of the labels. */
function earlier(other: Parameters<typeof planeOf>[0] = {}): WallPlane {
  return { ...planeOf(other), presentTime: 400_000 };
}

Deno.test("addWallLabels() gives quantities beside their walls, led to by dots", () => {
  // 100 lots are one BTC. The middle of the row 800 is at 115, a label is 15 px high.
  const { texts, boxes, leaders, count } = build([wallOf(800, 1)], { plane: earlier() });
  assert.deepEqual(texts, ["8.00"]);
  assert.deepEqual(boxes, [[COLUMN, 108, 37, 15]]);
  assert.equal(count, 1);
  assert.equal(leaders.x[0], 585, "from the present");
  const last = leaders.length - 1;
  assert.ok(leaders.x[last] + leaders.width[last] <= COLUMN);
});

Deno.test("addWallLabels() never lets two texts overlap: the larger peak has the room", () => {
  // The plot is narrow, so the readout may wrap: the topmost 90 px stay free. A row is 10 px.
  const walls = [
    wallOf(800, 1, { lots: 600, peakLots: 600 }),
    wallOf(700, 1, { lots: 500, peakLots: 700 }),
    wallOf(500, 1),
  ];
  const { texts, boxes } = build(walls);
  assert.deepEqual(texts, ["8.00", "5.00"]);
  const [upper, lower] = boxes.map(([, y, , height]) => [y, y + height]).sort((a, b) =>
    a[0] - b[0]
  );
  assert.ok(upper[1] <= lower[0]);
});

Deno.test("addWallLabels() leaves room to the labels of the profile and to the readout", () => {
  const taken = [{ top: 110, bottom: 120 }];
  assert.deepEqual(build([wallOf(800, 1)], { taken }).texts, []);
  assert.deepEqual(build([wallOf(800, 1)], { taken: [{ top: 123, bottom: 140 }] }).count, 1);
  assert.deepEqual(build([wallOf(1900, 1)]).texts, [], "under the readout");
  assert.deepEqual(build([wallOf(0, 1)]).texts, [], "cut by the plot's end");
});

Deno.test("addWallLabels() has plates of one width, so that a changing quantity moves nothing", () => {
  const widthOf = (lots: number) => build([wallOf(800, 1, { lots })]).boxes[0][2];
  assert.equal(widthOf(5), widthOf(123_400));
});

Deno.test("addWallLabels() hides no candle when the chart does not follow", () => {
  const scene = planeOf().scene;
  const view = { ...scene.view, following: false };
  // Its slot of 100 px begins at 718: under the column.
  const over = candleOf(480_000, [[700, 1, 1], [900, 1, 1]]);
  const at = (candles: typeof scene.candles) =>
    build([wallOf(800, 1)], { plane: planeOf({ view, candles, end: candles.length }) }).count;
  assert.equal(at([over]), 0);
  assert.equal(at([candleOf(480_000, [[100, 1, 1], [200, 1, 1]])]), 1, "it lies far below");
  assert.equal(at([candleOf(420_000, [[700, 1, 1], [900, 1, 1]])]), 1, "it lies to the left");
});

Deno.test("addWallLabels() gives no label to a wall that begins beyond the column", () => {
  assert.equal(build([wallOf(800, 520_000)]).count, 0);
});
