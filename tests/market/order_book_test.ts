import assert from "node:assert/strict";
import fc from "fast-check";
import { BookSide } from "../../market/book_side.ts";
import { OrderBook } from "../../market/order_book.ts";

const SNAPSHOT = { lastUpdateId: 10, bids: [100, 5, 98, 7], asks: [101, 4, 105, 9] };

function diff(firstUpdateId: number, lastUpdateId: number, bids: number[], asks: number[]) {
  return { firstUpdateId, lastUpdateId, eventTime: 1000 + lastUpdateId, bids, asks };
}

Deno.test("OrderBook knows the range between the snapshot's outermost levels", () => {
  const book = new OrderBook();
  assert.equal(book.known, null);
  book.applySnapshot(SNAPSHOT, 500);
  assert.deepEqual(book.known, [98, 105]);
  assert.equal(book.bids.bestTicks, 100);
  assert.equal(book.asks.bestTicks, 101);
  assert.equal(book.asks.bestLots, 4);
});

Deno.test("OrderBook applies absolute quantities, zero removes", () => {
  const book = new OrderBook();
  book.applySnapshot(SNAPSHOT, 500);
  assert.equal(book.applyDiff(diff(11, 14, [100, 0, 99, 3], [103, 2])), true);
  assert.deepEqual(book.bids.levels(), [99, 3, 98, 7]);
  assert.deepEqual(book.asks.levels(), [101, 4, 103, 2, 105, 9]);
  assert.equal(book.lastUpdateId, 14);
  assert.equal(book.eventTime, 1014);
});

Deno.test("OrderBook tells each change with the lots before and after", () => {
  const book = new OrderBook();
  book.applySnapshot(SNAPSHOT, 500);
  const changes: unknown[] = [];
  book.applyDiff(diff(11, 11, [100, 6, 97, 0], [101, 4]), (...change) => changes.push(change));
  // 97 was not held and 101 did not change: neither is told.
  assert.deepEqual(changes, [["bid", 100, 5, 6]]);
});

Deno.test("OrderBook ignores a diff that is wholly older", () => {
  const book = new OrderBook();
  book.applySnapshot(SNAPSHOT, 500);
  assert.equal(book.applyDiff(diff(8, 10, [100, 1], [])), false);
  assert.equal(book.bids.lotsAt(100), 5);
});

Deno.test("OrderBook throws at a gap and is unknown from then on", () => {
  const book = new OrderBook();
  book.applySnapshot(SNAPSHOT, 500);
  assert.throws(() => book.applyDiff(diff(12, 13, [], [])), /depth diff 12 does not follow 10/);
  assert.equal(book.known, null);
  assert.equal(book.bids.length, 0);
  assert.throws(() => book.applyDiff(diff(13, 14, [], [])), /needs a known book/);
});

Deno.test("OrderBook sees that it is crossed", () => {
  const book = new OrderBook();
  book.applySnapshot(SNAPSHOT, 500);
  assert.equal(book.isCrossed, false);
  book.applyDiff(diff(11, 11, [101, 1], []));
  assert.equal(book.isCrossed, true);
});

Deno.test("OrderBook widens what it knows by a later snapshot", () => {
  const book = new OrderBook();
  book.applySnapshot(SNAPSHOT, 500);
  // Seen by diffs alone: 90 is confirmed by the snapshot, 92 was taken away unseen.
  book.applyDiff(diff(11, 11, [90, 2, 92, 6], [200, 1]));
  const changes: unknown[] = [];
  const snapshot = {
    lastUpdateId: 11,
    bids: [100, 5, 98, 7, 95, 1, 90, 2],
    asks: [101, 4, 105, 9, 110, 3, 200, 1],
  };
  const contradiction = book.widen(snapshot, [90, 110], (...change) => changes.push(change));
  assert.equal(contradiction, null);
  assert.deepEqual(book.known, [90, 110], "the ask at 200 lies beyond what the snapshot covers");
  assert.deepEqual(book.bids.levels(), [100, 5, 98, 7, 95, 1, 90, 2]);
  assert.deepEqual(book.asks.levels(), [101, 4, 105, 9, 110, 3, 200, 1]);
  assert.deepEqual(changes, [["bid", 95, 0, 1], ["bid", 92, 6, 0], ["ask", 110, 0, 3]]);
});

Deno.test("OrderBook finds a snapshot that contradicts it inside the known range", () => {
  const book = new OrderBook();
  book.applySnapshot(SNAPSHOT, 500);
  const other = { ...SNAPSHOT, asks: [101, 4, 103, 1, 105, 9] };
  assert.equal(book.widen(other, [98, 105]), 103);
  const missing = { ...SNAPSHOT, bids: [100, 5] };
  assert.equal(book.widen(missing, [98, 105]), 98);
});

Deno.test("BookSide puts both sides into rows by the lower edge", () => {
  const book = new OrderBook();
  book.applySnapshot(
    { lastUpdateId: 1, bids: [109, 1, 105, 2, 99, 4], asks: [110, 8, 119, 16] },
    0,
  );
  assert.deepEqual(book.bids.rows(10), [100, 3, 90, 4]);
  assert.deepEqual(book.asks.rows(10), [110, 24]);
  assert.deepEqual(book.bids.rows(10, 1), [100, 3]);
});

Deno.test("BookSide agrees with a plain map after any sequence of changes", () => {
  const change = fc.tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 0, max: 5 }));
  fc.assert(
    fc.property(fc.array(change, { maxLength: 3000 }), fc.boolean(), (changes, isBid) => {
      const side = new BookSide(isBid ? "bid" : "ask");
      const plain = new Map<number, number>();
      for (const [ticks, lots] of changes) {
        assert.equal(side.set(ticks, lots), plain.get(ticks) ?? 0);
        if (lots === 0) plain.delete(ticks);
        else plain.set(ticks, lots);
      }
      const expected = [...plain].sort(([a], [b]) => isBid ? b - a : a - b);
      assert.deepEqual(side.levels(), expected.flat());
      assert.equal(side.bestTicks, expected[0]?.[0] ?? null);
      assert.equal(side.bestLots, expected[0]?.[1] ?? 0);
    }),
    { numRuns: 60 },
  );
});

Deno.test("BookSide grows beyond its first capacity", () => {
  const side = new BookSide("ask");
  for (let ticks = 5000; ticks > 0; ticks--) side.set(ticks, ticks);
  assert.equal(side.length, 5000);
  assert.deepEqual(side.levels(2), [1, 1, 2, 2]);
});
