import assert from "node:assert/strict";
import { RectItems, TextItems } from "../../chart/items.ts";
import { isKnownRow, knownRows } from "../../chart/known_rows.ts";
import { addLadder, addLadderHead, ladderRows } from "../../chart/ladder_items.ts";
import type { BookView } from "../../chart/model.ts";
import { Fill } from "../../chart/theme.ts";
import { emptyScene } from "./fixture.ts";

/** Rows of 100 ticks: bids 600 to 900, asks 1100 to 1400; each level rests on a row's lower edge. */
const BIDS = [900, 5, 800, 4, 700, 3, 600, 2];
const ASKS = [1100, 6, 1200, 7, 1300, 8, 1400, 9];

function bookOf(other: Partial<BookView> = {}): BookView {
  return {
    known: [700, 1399],
    bestBid: 900,
    bestAsk: 1100,
    version: 1,
    rows: (side) => side === "bid" ? BIDS : ASKS,
    ...other,
  };
}

function build(book: BookView) {
  // Prices 0 to 2000, rows of 100 ticks are 10 px high.
  const scene = emptyScene();
  const rects = new RectItems();
  const texts = new TextItems();
  const ladder = ladderRows(scene, book, 100);
  addLadder(rects, texts, scene, book, ladder, 290);
  const rectsOf = (fill: number) =>
    Array.from(rects.fill.subarray(0, rects.length), (one, i) => [one, rects.y[i]])
      .flatMap(([one, y]) => one === fill ? [y] : []);
  /** Texts by the price row on whose line they stand. */
  const textsAt = (row: number) => {
    const middle = (2000 - row - 50) / 10;
    return texts.text.slice(0, texts.length).filter((_, i) => Math.abs(texts.y[i] - middle) <= 5);
  };
  return { ladder, rectsOf, textsAt };
}

function headTexts(book: BookView): string[] {
  const texts = new TextItems();
  addLadderHead(new RectItems(), texts, emptyScene(), book, 100, 290);
  return texts.text.slice(0, texts.length);
}

Deno.test("knownRows() are the rows that lie wholly within the known prices", () => {
  assert.deepEqual(knownRows([700, 1399], 100), { low: 700, end: 1400 });
  // Of the rows 700 and 1300 a part is unknown.
  assert.deepEqual(knownRows([701, 1398], 100), { low: 800, end: 1300 });
  assert.deepEqual(knownRows([700, 700], 1), { low: 700, end: 701 });
  assert.equal(knownRows([701, 850], 100), null);
  assert.equal(knownRows(null, 100), null);
  assert.equal(isKnownRow({ low: 700, end: 1400 }, 1400), false);
  assert.equal(isKnownRow({ low: 700, end: 1400 }, 700), true);
  assert.equal(isKnownRow(null, 700), false);
});

Deno.test("ladderRows() leaves out rows that are not known in full", () => {
  const { ladder } = build(bookOf());
  assert.deepEqual(ladder.bids, [900, 5, 800, 4, 700, 3]);
  assert.deepEqual(ladder.asks, [1100, 6, 1200, 7, 1300, 8]);
  assert.equal(ladder.maxLots, 8);
});

Deno.test("addLadder() writes question marks where the book is unknown, nothing where it is empty", () => {
  const { textsAt } = build(bookOf());
  // 100 lots are one BTC; sizes below 0.1 have three decimals. 1300 ticks are 13 USDT.
  assert.deepEqual(textsAt(1300).sort(), ["0.080", "13"]);
  assert.deepEqual(textsAt(1400).sort(), ["14", "?", "?"]);
  assert.deepEqual(textsAt(600).sort(), ["6", "?", "?"]);
  assert.deepEqual(textsAt(1000), ["10"]);
});

Deno.test("addLadder() lights the rows of the best bid and ask", () => {
  // Upper edges of the rows 900 and 1100: (2000 - 1000) / 10 and (2000 - 1200) / 10.
  assert.deepEqual(build(bookOf()).rectsOf(Fill.lit), [100, 80]);
});

Deno.test("addLadder() lights no row whose price is unknown", () => {
  assert.deepEqual(build(bookOf({ bestAsk: null })).rectsOf(Fill.lit), [100]);
  const unknown = bookOf({ known: null, bestBid: null, bestAsk: null, rows: () => [] });
  const { rectsOf, textsAt } = build(unknown);
  assert.deepEqual(rectsOf(Fill.lit), []);
  assert.deepEqual(textsAt(900).sort(), ["9", "?", "?"]);
});

Deno.test("addLadderHead() gives the spread, and says when it is unknown", () => {
  assert.ok(headTexts(bookOf()).includes("spread 2"));
  assert.ok(headTexts(bookOf({ bestAsk: null })).includes("spread unknown"));
  assert.ok(headTexts(bookOf({ bestBid: null })).includes("spread unknown"));
});
