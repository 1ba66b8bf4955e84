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
