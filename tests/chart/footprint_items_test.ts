import assert from "node:assert/strict";
import { type CellLook, FIRST_LOOK } from "../../chart/cell_look.ts";
import type { CellColumn } from "../../chart/cell_options.ts";
import type { Detail } from "../../chart/detail.ts";
import { addFootprint } from "../../chart/footprint_items.ts";
import { groupedCandle } from "../../chart/grouped_candle.ts";
import { RectItems, TextItems } from "../../chart/items.ts";
import { slotOf } from "../../chart/slot.ts";
import { Text } from "../../chart/text_styles.ts";
import { Fill, RAMP_STEPS } from "../../chart/theme.ts";
import { candleOf, instrument } from "./fixture.ts";

/**
 * Rows of 10 ticks, 20 px high; the slot is 93 px wide: the plate has 80 px from x = 10 on, its
 * centre is 50.
 */
const candle = candleOf(0, [[1000, 200, 100], [1010, 0, 50], [1011, 10, 0], [1020, 40, 0]]);

function build(columns: readonly CellColumn[], other: Partial<CellLook> = {}, width = 93) {
  const look = { ...FIRST_LOOK, valueArea: false, columns, ...other };
  const detail: Detail = columns.some(({ drawing }) => drawing === "numbers") ? "numbers" : "bars";
  const rects = new RectItems();
  const texts = new TextItems();
  const grouped = groupedCandle(candle, 10, instrument.qtyScale);
  addFootprint(rects, texts, grouped, slotOf(detail, width, 1, 0.5, look), 0, 1030);
  const all = Array.from({ length: rects.length }, (_, i) => ({
    fill: rects.fill[i],
    rect: [rects.x[i], rects.y[i], rects.width[i], rects.height[i]],
  }));
  const of = (...fills: number[]) =>
    all.filter(({ fill }) => fills.includes(fill)).map(({ rect }) => rect);
  return { of, all, texts };
}

const LEFT = 8;
/** With bars only, body and gap take 8 px: the plate has 82 px, its centre is 49. */
const CENTRE = 49;

Deno.test("a histogram of bid x ask grows to both sides of the centre", () => {
  const { of } = build([{ content: "bidAsk", drawing: "histogram" }]);
  // Of 41 px for 200: 200 -> 41, 10 -> 2, 40 -> 8; buys 100 -> 21 (20.5), 50 -> 10.
  assert.deepEqual(of(Fill.sellFull), [[8, 40, 41, 19], [47, 20, 2, 19], [41, 0, 8, 19]]);
  assert.deepEqual(of(Fill.buyFull), [[CENTRE, 40, 21, 19], [CENTRE, 20, 10, 19]]);
});

Deno.test("a histogram of delta is signed, of volume and trades one-sided", () => {
  const delta = build([{ content: "delta", drawing: "histogram" }]);
  // Deltas are -100, +40, -40: of 41 px 41, 16 and 16.
  assert.deepEqual(delta.of(Fill.sellFull), [[8, 40, 41, 19], [33, 0, 16, 19]]);
  assert.deepEqual(delta.of(Fill.buyFull), [[CENTRE, 20, 16, 19]]);
  const volume = build([{ content: "volume", drawing: "histogram" }]);
  // 300, 60 and 40 of 82 px.
  assert.deepEqual(volume.of(Fill.neutralFull), [
    [LEFT, 40, 82, 19],
    [LEFT, 20, 16, 19],
    [LEFT, 0, 11, 19],
  ]);
  const trades = build([{ content: "trades", drawing: "histogram" }]);
  // 1, 2 and 1.
  assert.deepEqual(trades.of(Fill.neutralFull).map(([, , width]) => width), [41, 82, 41]);
});

Deno.test("a profile parts the volume of a row into sells and buys, from the left", () => {
  const { of } = build([{ content: "volume", drawing: "profile" }]);
  // 300 -> 82 px: sells 200 -> 55, buys the rest; 60 -> 16: 10 -> 3; 40 -> 11.
  assert.deepEqual(of(Fill.sellFull), [[8, 40, 55, 19], [8, 20, 3, 19], [8, 0, 11, 19]]);
  assert.deepEqual(of(Fill.buyFull), [[63, 40, 27, 19], [11, 20, 13, 19]]);
});

Deno.test("a profile is pale outside the value area when that is shown", () => {
  const { of } = build([{ content: "volume", drawing: "profile" }], { valueArea: true });
  // 300 of 400 are more than 70 %: the lowest row alone.
  assert.deepEqual(of(Fill.sellFull), [[8, 40, 55, 19]]);
  assert.deepEqual(of(Fill.sellPale), [[8, 20, 3, 19], [8, 0, 11, 19]]);
});

Deno.test("bars are relative to the visible range when that is chosen", () => {
  const maxima = { maxSide: 400, maxVolume: 600, maxDelta: 200, maxTrades: 4 };
  const volume = build([{ content: "volume", drawing: "histogram" }], { maxima });
  assert.deepEqual(volume.of(Fill.neutralFull).map(([, , width]) => width), [41, 8, 5]);
  const sides = build([{ content: "bidAsk", drawing: "histogram" }], { maxima });
  assert.deepEqual(sides.of(Fill.sellFull).map(([, , width]) => width), [21, 1, 4]);
});

Deno.test("shades fill whole rows by volume or by delta", () => {
  const columns: CellColumn[] = [{ content: "bidAsk", drawing: "numbers" }];
  const volume = build(columns, { shade: "volume" });
  const shadesOf = (ramp: number, { all }: ReturnType<typeof build>) =>
    all.filter(({ fill }) => fill >= ramp && fill < ramp + RAMP_STEPS)
      .map(({ fill, rect: [, y, width, height] }) => [fill - ramp, y, width, height]);
  // Square roots of 1, 60 / 300 and 40 / 300, of 11 steps.
  assert.deepEqual(shadesOf(Fill.volumeShade, volume), [
    [11, 40, 80, 20],
    [5, 20, 80, 20],
    [4, 0, 80, 20],
  ]);
  const delta = build(columns, { shade: "delta" });
  assert.deepEqual(shadesOf(Fill.sellShade, delta), [[11, 40, 80, 20], [7, 0, 80, 20]]);
  assert.deepEqual(shadesOf(Fill.buyShade, delta), [[7, 20, 80, 20]]);
  assert.deepEqual(delta.of(Fill.sellBar, Fill.buyBar, Fill.sellStrong), [], "no bars over shades");
});

Deno.test("two contents share the plate, and their texts never overlap", () => {
  const { texts } = build(
    [{ content: "bidAsk", drawing: "numbers" }, { content: "delta", drawing: "numbers" }],
    {},
    121,
  );
  const at = (text: string, style: number) =>
    texts.x[texts.text.findIndex((one, i) => one === text && texts.style[i] === style)];
  // 108 px from 10 on: 61 of 101, 7 between, 40; centre 40, right edges 71 and 118.
  assert.equal(at("1.00", Text.askStrong), 40 + 3);
  assert.equal(at("−1.00", Text.deltaSell), 118 - 3);
  assert.equal(at("+0.40", Text.deltaBuy), 118 - 3);
  const advance = 0.6 * 11;
  assert.ok(43 + 4 * advance <= 71, "four characters of ask");
  assert.ok(115 - 5 * advance >= 78, "five characters of delta");
});

Deno.test("numbers of trades are whole and neutral", () => {
  const { texts, of } = build([{ content: "trades", drawing: "numbers" }]);
  assert.deepEqual(texts.text.slice(0, texts.length), ["1", "2", "1"]);
  assert.equal(texts.style[0], Text.bid);
  assert.equal(of(Fill.neutralBar).length, 3);
});

Deno.test("the value area is a bracket beside the plate from VAL to VAH", () => {
  const { of } = build([{ content: "bidAsk", drawing: "numbers" }], { valueArea: true });
  // The row at 1000 from y = 40 to 60; the plate ends at 90, one pixel is left free.
  assert.deepEqual(of(Fill.valueArea), [[91, 40, 1, 19], [87, 40, 4, 1], [87, 58, 4, 1]]);
  assert.deepEqual(build([{ content: "bidAsk", drawing: "numbers" }]).of(Fill.valueArea), []);
});
