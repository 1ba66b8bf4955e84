import assert from "node:assert/strict";
import { type LiquidityBin, LiquidityBinner } from "../../market/liquidity.ts";
import { OrderBook } from "../../market/order_book.ts";

function setUp() {
  const book = new OrderBook();
  book.applySnapshot({ lastUpdateId: 1, bids: [99, 10, 95, 20], asks: [101, 30] }, 0);
  const bins: LiquidityBin[] = [];
  const binner = new LiquidityBinner(100, 10, (bin) => bins.push(bin));
  return { book, bins, binner };
}

Deno.test("LiquidityBinner gives the bin in which the book begins as unknown", () => {
  const { book, bins, binner } = setUp();
  binner.begin(book, 1000);
  binner.advance(1100);
  assert.deepEqual(bins, [{ time: 1000, known: null, keyframe: false, bids: [], asks: [] }]);
});

Deno.test("LiquidityBinner lists every row in its first known bin, by its lower edge", () => {
  const { book, bins, binner } = setUp();
  binner.begin(book, 1050);
  binner.advance(1200);
  assert.deepEqual(bins[1], {
    time: 1100,
    known: [95, 101],
    keyframe: true,
    bids: [{ row: 90, lotMs: 30 * 100, closeLots: 30 }],
    asks: [{ row: 100, lotMs: 30 * 100, closeLots: 30 }],
  });
});

Deno.test("LiquidityBinner weighs a change by the time it rested", () => {
  const { book, bins, binner } = setUp();
  binner.begin(book, 1050);
  binner.advance(1225);
  binner.change("bid", 99, -10, 1225);
  binner.advance(1275);
  binner.change("bid", 95, 5, 1275);
  binner.advance(1300);
  // 30 lots for 25 ms, 20 for 50 ms, 25 for 25 ms.
  assert.deepEqual(bins[2].bids, [{ row: 90, lotMs: 750 + 1000 + 625, closeLots: 25 }]);
  assert.deepEqual(bins[2].asks, [], "an unchanged row is not listed");
});

Deno.test("LiquidityBinner does not count a row's earlier bins again", () => {
  const { book, bins, binner } = setUp();
  binner.begin(book, 1050);
  binner.advance(1550);
  binner.change("ask", 101, 10, 1550);
  binner.advance(1600);
  // 30 lots for 50 ms of this bin, then 40 for 50 ms.
  assert.deepEqual(bins.at(-1)?.asks, [{ row: 100, lotMs: 1500 + 2000, closeLots: 40 }]);
});

Deno.test("LiquidityBinner tells a row that became empty once, with close 0", () => {
  const { book, bins, binner } = setUp();
  binner.begin(book, 1050);
  binner.advance(1210);
  binner.change("ask", 101, -30, 1210);
  binner.advance(1400);
  assert.deepEqual(bins[2].asks, [{ row: 100, lotMs: 300, closeLots: 0 }]);
  assert.deepEqual(bins[3].asks, []);
});

Deno.test("LiquidityBinner carries nothing across a loss", () => {
  const { book, bins, binner } = setUp();
  binner.begin(book, 1000);
  binner.advance(1230);
  binner.end(1230);
  book.applySnapshot({ lastUpdateId: 9, bids: [88, 1], asks: [111, 2] }, 5_010);
  binner.begin(book, 5_010);
  binner.advance(5_200);
  assert.deepEqual(bins.map(({ time, known }) => [time, known]), [
    [1000, null],
    [1100, [95, 101]],
    [1200, null],
    [5000, null],
    [5100, [88, 111]],
  ]);
  assert.equal(bins[4].keyframe, true);
  assert.deepEqual(bins[4].bids, [{ row: 80, lotMs: 100, closeLots: 1 }]);
});

Deno.test("LiquidityBinner lists all rows again when asked for a keyframe", () => {
  const { book, bins, binner } = setUp();
  binner.begin(book, 1050);
  binner.advance(1200);
  binner.requestKeyframe();
  binner.advance(1400);
  assert.deepEqual(bins.map(({ keyframe }) => keyframe), [false, true, true, false]);
  assert.deepEqual(bins[2].bids, [{ row: 90, lotMs: 3000, closeLots: 30 }]);
});
