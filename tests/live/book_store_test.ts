import assert from "node:assert/strict";
import type { BookFrame } from "../../bus/messages.ts";
import { BookStore } from "../../live/book_store.ts";

function frame(other: Partial<BookFrame>): BookFrame {
  return {
    type: "book",
    symbol: "BTCUSDT",
    seq: 1,
    full: false,
    eventTime: 1,
    lastUpdateId: 1,
    known: [90, 110],
    bids: [],
    asks: [],
    ...other,
  };
}

Deno.test("BookStore applies absolute levels and removes those of zero", () => {
  const book = new BookStore();
  book.applyFrame(frame({ full: true, bids: [100, 5, 99, 3], asks: [101, 2] }));
  book.applyFrame(frame({ bids: [100, 0], asks: [101, 7, 103, 1] }));
  assert.equal(book.bestBid, 99);
  assert.deepEqual(book.rows("ask", 1, 10), [101, 7, 103, 1]);
});

Deno.test("BookStore groups levels into rows by their lower edge", () => {
  const book = new BookStore();
  book.applyFrame(frame({ full: true, bids: [109, 1, 101, 2, 99, 4] }));
  assert.deepEqual(book.rows("bid", 10, 10), [100, 3, 90, 4]);
});

Deno.test("BookStore forgets everything when the book is unknown", () => {
  const book = new BookStore();
  book.applyFrame(frame({ full: true, bids: [100, 5] }));
  book.applyFrame(frame({ known: null }));
  assert.equal(book.known, null);
  assert.equal(book.bestBid, null);
});

Deno.test("BookStore knows no best price beyond the known range", () => {
  const book = new BookStore();
  book.applyFrame(frame({ full: true, known: [90, 110], bids: [100, 5], asks: [101, 2] }));
  assert.deepEqual([book.bestBid, book.bestAsk], [100, 101]);
  // The price rose above all asks of the snapshot: what rests beyond 110 was never told.
  book.applyFrame(frame({ known: [90, 110], bids: [110, 1], asks: [101, 0, 111, 4] }));
  assert.deepEqual([book.bestBid, book.bestAsk], [110, null]);
  book.applyFrame(frame({ known: [90, 120] }));
  assert.deepEqual([book.bestBid, book.bestAsk], [110, 111]);
});

Deno.test("BookStore knows no best bid below the known range", () => {
  const book = new BookStore();
  book.applyFrame(frame({ full: true, known: [90, 110], bids: [89, 5], asks: [90, 2] }));
  assert.deepEqual([book.bestBid, book.bestAsk], [null, 90]);
});

Deno.test("BookStore knows nothing once the link is lost", () => {
  const book = new BookStore();
  book.applyFrame(frame({ full: true, bids: [100, 5], asks: [101, 2] }));
  const before = book.version;
  book.drop();
  assert.deepEqual([book.known, book.bestBid, book.bestAsk], [null, null, null]);
  assert.deepEqual(book.rows("bid", 1, 10), []);
  assert.ok(book.version > before);
});
