import assert from "node:assert/strict";
import type { Instrument } from "../../market/instrument.ts";
import { OrderBook } from "../../market/order_book.ts";
import { parseScale } from "../../market/scale.ts";
import type { Side } from "../../market/types.ts";
import { Walls } from "../../processor/walls.ts";
import { wallsAnswer } from "../../processor/walls_answer.ts";

const INSTRUMENT: Instrument = {
  symbol: "BTCUSDT",
  market: "spot",
  priceScale: parseScale("0.01"),
  qtyScale: parseScale("0.001"),
  stepSize: 0.001,
  baseAsset: "BTC",
  quoteAsset: "USDT",
};

/** A ledger whose threshold is 50 lots: the largest of ten rows a side, each of one tick. */
function setUp() {
  const book = new OrderBook();
  const bids = Array.from({ length: 10 }, (_, i) => [10_000 - i, i === 9 ? 50 : 10]).flat();
  const asks = Array.from({ length: 10 }, (_, i) => [10_001 + i, i === 9 ? 50 : 10]).flat();
  const walls = new Walls({ percentile: 95 });
  book.applySnapshot({ lastUpdateId: 1, bids, asks }, 1000);
  walls.begin(book, 1000, 1);
  let id = 1;
  return {
    walls,
    depth(eventTime: number, ...bids: number[]) {
      id++;
      const changes: [Side, number, number, number][] = [];
      const diff = { firstUpdateId: id, lastUpdateId: id, eventTime, bids, asks: [] };
      book.applyDiff(diff, (...one) => changes.push(one));
      walls.apply(book, eventTime, changes);
    },
    trade(tradeTime: number, priceTicks: number, qtyLots: number) {
      const ids = { id: 1, firstTradeId: 1, lastTradeId: 1 };
      walls.addTrade({ ...ids, priceTicks, qtyLots, tradeTime, isBuyerMaker: true });
    },
  };
}

Deno.test("Walls answers in decimals what rests and how others have ended", () => {
  const { walls, depth, trade } = setUp();
  assert.equal(walls.thresholdLots, 50);
  depth(2000, 9_997, 120, 9_996, 80);
  depth(4000);
  trade(5_960, 9_997, 100);
  trade(5_970, 9_996, 20);
  depth(6000, 9_997, 20, 9_996, 60);
  depth(7000);
  const answer = wallsAnswer(INSTRUMENT, walls.between(2000, 10_000));
  assert.deepEqual(answer.symbol, "BTCUSDT");
  assert.deepEqual(answer.walls.filter(({ born }) => born === 2000), [
    {
      side: "bid",
      price: 99.96,
      born: 2000,
      died: null,
      peak: 0.08,
      quantity: 0.06,
      traded: 0.02,
      ended: null,
    },
    {
      side: "bid",
      price: 99.97,
      born: 2000,
      died: 6000,
      peak: 0.12,
      quantity: 0.02,
      traded: 0.1,
      ended: "filled",
    },
  ]);
  // Both ends of a range: from is inclusive, to exclusive.
  const rows = (from: number, to: number) => walls.between(from, to).map(({ row }) => row);
  assert.equal(rows(6000, 6001).includes(9_997), true);
  assert.equal(rows(6001, 9000).includes(9_997), false);
  assert.equal(rows(0, 2000).includes(9_996), false);
});

Deno.test("Walls tells each change once, and ended walls once for the disk", () => {
  const { walls, depth } = setUp();
  depth(2000, 9_997, 120);
  depth(4000);
  // The rows of 50 at both ends of the book are walls as well.
  assert.deepEqual(walls.takeChanged().map(({ row }) => row).sort(), [10_010, 9_991, 9_997]);
  assert.equal(walls.isChanged, false);
  depth(5000, 9_997, 90);
  depth(5100, 9_997, 80);
  assert.deepEqual(walls.takeChanged().map(({ row, lots }) => [row, lots]), [[9_997, 80]]);
  depth(6000, 9_997, 0);
  assert.deepEqual(walls.takeEnded(), []);
  depth(7000);
  const [ended] = walls.takeEnded();
  assert.deepEqual(walls.takeChanged(), [ended]);
  assert.deepEqual(structuredClone(ended), {
    side: "bid",
    row: 9_997,
    born: 2000,
    died: 6000,
    peakLots: 120,
    lots: 0,
    tradedLots: 0,
    ended: "pulled",
  });
  assert.deepEqual(walls.takeEnded(), []);
});

Deno.test("Walls shows what has ended for fifteen minutes", () => {
  const { walls, depth } = setUp();
  depth(2000, 9_997, 120);
  depth(6000, 9_997, 0);
  depth(6000 + 900_000);
  assert.equal(walls.visible().some(({ row }) => row === 9_997), true);
  depth(6000 + 900_001);
  assert.equal(walls.visible().some(({ row }) => row === 9_997), false);
});

Deno.test("Walls has all walls ended for the disk when it closes", () => {
  const { walls, depth } = setUp();
  depth(2000, 9_997, 120);
  depth(4000);
  walls.close();
  const ended = walls.takeEnded().map(({ row, ended }) => [row, ended]);
  assert.deepEqual(ended.sort(), [[10_010, "unknown"], [9_991, "unknown"], [9_997, "unknown"]]);
});

Deno.test("wallsAnswer counts a wall once that is in memory and in the store", () => {
  const { walls, depth } = setUp();
  depth(2000, 9_997, 120);
  depth(6000, 9_997, 0);
  depth(7000);
  const held = walls.between(2000, 7000);
  const stored = [{ ...held[0], born: 500, died: 900, ended: "filled" as const }, ...held];
  const { walls: answered } = wallsAnswer(INSTRUMENT, stored, held);
  assert.equal(answered.length, held.length + 1);
  assert.equal(answered[0].born, 500);
});

Deno.test("wallsAnswer refuses more walls than a page can take", () => {
  const wall = { side: "bid", row: 1, died: 5, peakLots: 1, lots: 0, tradedLots: 0 } as const;
  const many = Array.from({ length: 20_001 }, (_, born) => ({ ...wall, born, ended: null }));
  assert.throws(() => wallsAnswer(INSTRUMENT, many), /holds 20001 walls, at most 20000/);
});
