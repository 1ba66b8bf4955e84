import assert from "node:assert/strict";
import type { TradesLostEvent } from "../../bus/messages.ts";
import type { ArchivedUntil } from "../../collector/archive/messages.ts";
import { bringBackHistory } from "../../collector/trade_history.ts";
import type { Trade } from "../../market/types.ts";
import { tradeOf, tradesOf } from "./archive/fixture.ts";

/** One id a second. */
const timeOf = (id: number) => id * 1000;
const FIRST = tradeOf(100, timeOf(100));

async function bringBack(
  { archived = [] as Trade[], archivedUntil = null as ArchivedUntil | null, backfillMs = 60_000 },
) {
  const taken: number[] = [];
  const lost: Omit<TradesLostEvent, "type" | "symbol">[] = [];
  const asked: string[] = [];
  await bringBackHistory({
    symbol: "BTCUSDT",
    archivedUntil,
    async *readArchive(fromTime) {
      await Promise.resolve();
      const wanted = archived.filter(({ tradeTime }) => tradeTime >= fromTime);
      // In two batches: what goes on over their border must not look like a hole.
      const half = wanted.length >> 1;
      yield wanted.slice(0, half);
      yield wanted.slice(half);
    },
    backfillMs,
    takeArchived: ({ id }) => taken.push(id),
    lost: ({ type: _type, symbol: _symbol, ...event }) => lost.push(event),
    repair: {
      add: (fromId, toId) => asked.push(`ids ${fromId}..${toId}`),
      addSince: (time, toId, minId = 0) =>
        asked.push(`since ${time} to ${toId}, not below ${minId}`),
    },
    room: () => Promise.resolve(),
  }, FIRST);
  return { taken, lost, asked };
}

Deno.test("bringBackHistory() fetches everything in reach at the very first start", async () => {
  const { taken, lost, asked } = await bringBack({});
  assert.deepEqual({ taken, lost }, { taken: [], lost: [] });
  assert.deepEqual(asked, ["since 40000 to 99, not below 0"]);
});

Deno.test("bringBackHistory() fetches nothing with a backfill of 0, and tells what is missing", async () => {
  const archivedUntil = { id: 90, tradeTime: timeOf(90) };
  const { lost, asked } = await bringBack({
    archived: tradesOf(80, 90, timeOf),
    archivedUntil,
    backfillMs: 0,
  });
  assert.deepEqual(asked, []);
  assert.deepEqual(lost, [{
    fromId: 91,
    toId: 99,
    fromTime: 90_000,
    toTime: 100_000,
    reason: "the program was not running",
  }]);
});

Deno.test("bringBackHistory() brings the archive back and fetches what is missing since", async () => {
  const archived = [...tradesOf(30, 70, timeOf), ...tradesOf(81, 90, timeOf)];
  const { taken, lost, asked } = await bringBack({
    archived,
    archivedUntil: { id: 90, tradeTime: timeOf(90) },
  });
  assert.deepEqual(taken, [...tradesOf(40, 70), ...tradesOf(81, 90)].map(({ id }) => id));
  assert.deepEqual(lost, [
    { fromId: 71, toId: 80, fromTime: 70_000, toTime: 81_000, reason: "missing in the archive" },
    {
      fromId: 91,
      toId: 99,
      fromTime: 90_000,
      toTime: 100_000,
      reason: "the program was not running",
    },
  ]);
  assert.deepEqual(asked, ["ids 71..80", "ids 91..99", "since 40000 to 39, not below 0"]);
});

Deno.test("bringBackHistory() leaves out what the archive got from this run", async () => {
  const { taken, lost, asked } = await bringBack({
    archived: tradesOf(98, 105, timeOf),
    archivedUntil: { id: 105, tradeTime: timeOf(105) },
  });
  assert.deepEqual(taken, [98, 99]);
  assert.deepEqual(lost, []);
  assert.deepEqual(asked, ["since 40000 to 97, not below 0"]);
});

Deno.test("bringBackHistory() asks only as far back as the backfill reaches", async () => {
  const { taken, lost, asked } = await bringBack({
    archived: tradesOf(1, 20, timeOf),
    archivedUntil: { id: 20, tradeTime: timeOf(20) },
  });
  assert.deepEqual(taken, []);
  assert.deepEqual(lost.map(({ fromId, toId }) => [fromId, toId]), [[21, 99]]);
  assert.deepEqual(asked, ["since 40000 to 99, not below 21"]);
});

Deno.test("bringBackHistory() refuses an archive whose ids the exchange has not reached yet", async () => {
  const archivedUntil = { id: 5000, tradeTime: timeOf(90) };
  await assert.rejects(
    bringBack({ archived: [tradeOf(5000, timeOf(90))], archivedUntil }),
    /ends with aggTrade 5000, but a later one is 100: .* another data folder/,
  );
});
