import assert from "node:assert/strict";
import { LevelChanges } from "../../simulator/market_model/level_changes.ts";
import { OrderBook } from "../../simulator/market_model/order_book.ts";

function bookOf(...orders: [side: 1 | -1, tick: number, steps: number, hidden?: number][]) {
  const book = new OrderBook(10, 1_000_000, 100);
  orders.forEach(([side, tick, steps, hidden], order) =>
    book.place(order, side, tick, steps, hidden)
  );
  return book;
}

function taken(book: OrderBook, side: 1 | -1, steps: number, limit: number) {
  const levels: number[][] = [];
  const left = book.take(side, steps, limit, (...level) => levels.push(level));
  return { left, levels };
}

Deno.test("an aggressor takes level by level up to its limit, in the order of arrival", () => {
  const book = bookOf([-1, 1_000_001, 5], [-1, 1_000_001, 7], [-1, 1_000_003, 4], [
    -1,
    1_000_009,
    1,
  ]);
  assert.deepEqual(taken(book, 1, 6, 1_000_001), { left: 0, levels: [[1_000_001, 6, 2]] });
  assert.equal(book.isLive(0), false);
  assert.equal(book.stepsAt(-1, 1_000_001), 6);
  assert.deepEqual(taken(book, 1, 20, 1_000_005), {
    left: 10,
    levels: [[1_000_001, 6, 1], [1_000_003, 4, 1]],
  });
  assert.equal(book.bestAsk, 1_000_009);
});

Deno.test("an order that would cross rests at the best price that does not", () => {
  const book = bookOf([-1, 1_000_001, 5], [1, 1_000_400, 3]);
  assert.equal(book.bestBid, 1_000_000);
  assert.equal(book.stepsAt(1, 1_000_000), 3);
});

Deno.test("an iceberg refills until nothing is hidden, in one sweep too", () => {
  const book = bookOf([1, 999_999, 10, 25], [1, 999_999, 2]);
  assert.deepEqual(taken(book, -1, 13, 999_999), { left: 0, levels: [[999_999, 13, 3]] });
  assert.equal(book.stepsAt(1, 999_999), 9);
  assert.equal(book.refills, 1);
  assert.deepEqual(taken(book, -1, 100, 999_999), { left: 76, levels: [[999_999, 24, 3]] });
  assert.equal(book.isLive(0), false);
});

Deno.test("every change of a level takes an id, and a tick that changes sides is told on both", () => {
  const book = bookOf([1, 999_999, 10]);
  const changes = new LevelChanges(book.updateId);
  book.watchers.push(changes);
  assert.equal(changes.take(book.updateId), null);
  book.cancel(0);
  book.place(1, -1, 999_999, 4);
  book.place(2, -1, 1_000_007, 4);
  assert.deepEqual(changes.take(book.updateId), {
    firstId: 102,
    bids: [999_999],
    asks: [999_999, 1_000_007],
  });
  assert.equal(book.updateId, 104);
  assert.equal(book.stepsAt(1, 999_999), 0);
  assert.equal(book.stepsAt(-1, 999_999), 4);
});

Deno.test("orders that fall off the ring are cancelled and told", () => {
  const book = bookOf([1, 1_000_000 - 131_072, 10], [1, 999_999, 10], [-1, 1_000_001, 10]);
  book.place(3, -1, 1_005_000, 1);
  book.cancel(2);
  book.place(4, 1, 1_004_998, 1);
  const changes = new LevelChanges(book.updateId);
  book.watchers.push(changes);
  book.recentre();
  assert.equal(book.isLive(0), false);
  assert.deepEqual(changes.take(book.updateId)?.bids, [1_000_000 - 131_072]);
  assert.deepEqual(book.levels(1, 9), [1_004_998, 999_999]);
});
