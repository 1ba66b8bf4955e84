import assert from "node:assert/strict";
import { addFootprint } from "../../chart/footprint_items.ts";
import { groupedCandle } from "../../chart/grouped_candle.ts";
import { RectItems, TextItems } from "../../chart/items.ts";
import { slotOf } from "../../chart/slot.ts";
import { Text } from "../../chart/text_styles.ts";
import { Fill } from "../../chart/theme.ts";
import { candleOf, instrument } from "./fixture.ts";

/** 92 px wide, rows of 10 ticks are 20 px high. */
const slot = slotOf("numbers", 92, 1, 0.5);
const candle = candleOf(0, [[1000, 200, 100], [1010, 0, 50]]);

function build() {
  const rects = new RectItems();
  const texts = new TextItems();
  const grouped = groupedCandle(candle, 10, instrument.qtyScale);
  addFootprint(rects, texts, grouped, slot, 300, 1020);
  return { rects, texts };
}

Deno.test("slotOf() puts the body left of the plate and the centre line into its middle", () => {
  // 3 px gap, 5 px body, 2 px to the plate, 3 px gap at the right: 92 - 10 - 3 = 79.
  assert.equal(slot.bodyX, 3);
  assert.equal(slot.plateX, 10);
  assert.equal(slot.plateWidth, 79);
  assert.equal(slot.columns[0].centreX, 49);
});

Deno.test("addFootprint() begins with a plate over all rows", () => {
  const { rects } = build();
  assert.equal(rects.fill[0], Fill.plate);
  assert.deepEqual([rects.x[0], rects.y[0], rects.width[0], rects.height[0]], [310, 0, 79, 40]);
});

Deno.test("addNumbers() draws bars outward from the centre, as long as their share", () => {
  const { rects } = build();
  // The row at 1000: y from 20 to 40, sells are the largest side: half the plate, 39 px.
  assert.deepEqual(
    [rects.x[1], rects.y[1], rects.width[1], rects.height[1]],
    [349 - 39, 20, 39, 19],
  );
});

Deno.test("addNumbers() aligns bids to the right and asks to the left of the centre line", () => {
  const { texts } = build();
  const found = (text: string, style: number) =>
    [...texts.text].findIndex((one, i) => one === text && texts.style[i] === style);
  // 200 sells against 50 buys above: an imbalance. Zero is dim.
  const bid = found("2.00", Text.bidStrong);
  const zero = found("0", Text.bidZero);
  const ask = found("1.00", Text.askStrong);
  assert.ok(bid >= 0 && zero >= 0 && ask >= 0);
  assert.equal(texts.x[bid], 349 - 3);
  assert.equal(texts.x[ask], 349 + 3);
  // The middle of the row at 1000 is y = 30, digits of 11 px are 8 px high.
  assert.equal(texts.y[bid], 34);
  assert.equal(texts.y[zero], 14);
});

Deno.test("addFootprint() outlines the POC in gold", () => {
  const { rects } = build();
  const gold = [...rects.fill.subarray(0, rects.length)].indexOf(Fill.gold);
  assert.equal(rects.x[gold], 310);
  assert.equal(rects.y[gold], 19);
  assert.equal(rects.width[gold], 79);
});

Deno.test("addNumbers() takes the smaller size in low rows and never less than 10 px", () => {
  const rects = new RectItems();
  const texts = new TextItems();
  const low = slotOf("numbers", 92, 1, 10 / 12);
  addFootprint(rects, texts, groupedCandle(candle, 10, instrument.qtyScale), low, 0, 1020);
  const styles = new Set(texts.style.subarray(0, texts.length));
  assert.deepEqual(
    [...styles].sort((a, b) => a - b),
    [Text.bidZeroSmall, Text.bidSmall, Text.askSmall, Text.bidStrongSmall, Text.askStrongSmall]
      .filter((style) => styles.has(style)).sort((a, b) => a - b),
  );
});
