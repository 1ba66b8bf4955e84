import assert from "node:assert/strict";
import { type Gap, GapLedger } from "../../processor/gap_ledger.ts";

const never = () => false;

const lost = (fromId: number, toId: number) =>
  ({
    type: "tradesLost",
    symbol: "BTCUSDT",
    fromId,
    toId,
    fromTime: 10,
    toTime: 20,
    reason: "cut",
  }) as const;

const book = (from: number, to: number | null, reason = "cut"): Gap => ({
  ...{ kind: "book", from, to, reason, repaired: false, ids: null },
});

const trades = (fromId: number, toId: number, repaired = false): Gap => ({
  ...{ kind: "trades", from: 10, to: 20, reason: "cut", repaired },
  ids: { from: fromId, to: toId },
});

const all = (ledger: GapLedger) => ledger.between(-Infinity, Infinity);

Deno.test("GapLedger tells what changed since it was asked, once", () => {
  const ledger = new GapLedger();
  ledger.beginBook(100, "cut");
  ledger.addTrades(lost(5, 6), 0);
  assert.deepEqual(ledger.takeChanged(), [book(100, null), trades(5, 6)]);
  assert.deepEqual(ledger.takeChanged(), []);
  ledger.endBook(150);
  const changed = ledger.takeChanged();
  assert.deepEqual(changed, [book(100, 150)]);
  ledger.giveBack(changed);
  ledger.noteTrade(6, 15, () => true);
  assert.deepEqual(ledger.takeChanged(), [book(100, 150), trades(5, 6, true)]);
});

Deno.test("GapLedger puts the time between two runs between their gaps", () => {
  const ledger = new GapLedger();
  ledger.endBook(500);
  ledger.beginBook(600, "cut");
  ledger.restore([book(100, 150)], 300, never);
  assert.deepEqual(all(ledger), [
    book(100, 150),
    book(300, 500, "the program was not running"),
    book(600, null),
  ]);
  assert.deepEqual(ledger.takeChanged(), all(ledger).slice(1));
});

Deno.test("GapLedger lets the time between two runs last until the book is known again", () => {
  const ledger = new GapLedger();
  ledger.restore([], 300, never);
  assert.deepEqual(all(ledger), [book(300, null, "the program was not running")]);
  assert.equal(ledger.open, 1);
  ledger.endBook(500);
  assert.deepEqual(all(ledger), [book(300, 500, "the program was not running")]);
});

Deno.test("GapLedger goes on with a gap in which the earlier run ended", () => {
  const ledger = new GapLedger();
  ledger.restore([book(100, null)], 100, never);
  ledger.endBook(500);
  assert.deepEqual(all(ledger), [book(100, 500)]);
  const late = new GapLedger();
  late.endBook(500);
  late.restore([book(100, null)], 100, never);
  assert.deepEqual(all(late), [book(100, 500)]);
});

Deno.test("GapLedger knows a hole of an earlier run again, and when it has been filled", () => {
  const ledger = new GapLedger();
  ledger.addTrades(lost(5, 6), 0);
  ledger.restore([trades(5, 6), trades(8, 9)], null, (from) => from === 8);
  assert.deepEqual(all(ledger), [trades(5, 6), trades(8, 9, true)]);
  ledger.addTrades(lost(5, 6), 0);
  assert.equal(all(ledger).length, 2);
  assert.equal(ledger.open, 1);
});

Deno.test("GapLedger adds nothing between the runs of a capture that is played again", () => {
  const ledger = new GapLedger();
  ledger.endBook(50);
  ledger.restore([], 300, never);
  assert.deepEqual(all(ledger), []);
});

Deno.test("GapLedger keeps a book's gap open that began with its first known moment", () => {
  const ledger = new GapLedger();
  ledger.endBook(500);
  ledger.beginBook(500, "cut");
  ledger.restore([book(100, 150)], null, never);
  assert.deepEqual(all(ledger), [book(100, 150), book(500, null)]);
});

Deno.test("GapLedger begins the gap between two runs where the last one that was kept ended", () => {
  const between = (older: Gap[], keptUntil: number) => {
    const ledger = new GapLedger();
    ledger.restore(older, keptUntil, never);
    ledger.endBook(100);
    return all(ledger).slice(older.length).map(({ from, to }) => [from, to]);
  };
  assert.deepEqual(between([], 30), [[30, 100]]);
  // The run before was known from 40 on, and nothing of it was kept.
  assert.deepEqual(between([book(30, 40)], 30), [[40, 100]]);
  assert.deepEqual(between([book(30, 40), book(38, 50)], 30), [[50, 100]]);
  // What was known from 30 to 35 was not kept either.
  assert.deepEqual(between([book(35, 40)], 30), [[30, 100]]);
});
