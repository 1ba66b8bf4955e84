import assert from "node:assert/strict";
import type { EventBatch, MarketEvent } from "../../bus/messages.ts";
import { MAX_BATCH_AGE_MS, Outbox } from "../../collector/outbox.ts";

function tradeEvent(id: number, symbol = "BTCUSDT"): MarketEvent {
  return {
    type: "trade",
    symbol,
    trade: {
      id,
      priceTicks: 1,
      qtyLots: 1,
      firstTradeId: id,
      lastTradeId: id,
      tradeTime: id,
      isBuyerMaker: false,
    },
  };
}

function setUp(limits: { maxInFlight?: number; maxQueued?: number } = {}) {
  const batches: EventBatch[] = [];
  const drops: { symbols: string[]; ids: number[][]; events: number }[] = [];
  const timers: { run: () => void; ms: number }[] = [];
  const outbox = new Outbox(
    (batch) => batches.push(batch),
    (symbols, trades, events) =>
      drops.push({
        symbols: [...symbols],
        ids: trades.map((one) => [one.fromId, one.toId]),
        events,
      }),
    {
      ...limits,
      setTimer: (run, ms) => {
        timers.push({ run, ms });
        return timers.length as unknown as ReturnType<typeof setTimeout>;
      },
      clearTimer: () => {},
    },
  );
  return { batches, drops, timers, outbox };
}

Deno.test("Outbox sends what waits 50 ms after the first event", () => {
  const { batches, timers, outbox } = setUp();
  outbox.push(tradeEvent(1));
  outbox.push(tradeEvent(2));
  assert.deepEqual(timers.map(({ ms }) => ms), [MAX_BATCH_AGE_MS]);
  assert.equal(batches.length, 0);
  timers[0].run();
  assert.deepEqual(batches.map(({ seq, events }) => [seq, events.length]), [[1, 2]]);
});

Deno.test("Outbox sends at once when 200 events wait", () => {
  const { batches, outbox } = setUp();
  for (let id = 1; id <= 401; id++) outbox.push(tradeEvent(id));
  assert.deepEqual(batches.map(({ seq, events }) => [seq, events.length]), [[1, 200], [2, 200]]);
  assert.equal(outbox.queued, 1);
});

Deno.test("Outbox holds back until the processor acknowledges", () => {
  const { batches, outbox } = setUp({ maxInFlight: 1 });
  for (let id = 1; id <= 600; id++) outbox.push(tradeEvent(id));
  assert.equal(batches.length, 1);
  outbox.acknowledge(1);
  assert.equal(batches.length, 2);
  outbox.acknowledge(2);
  assert.equal(batches.length, 3);
  assert.equal(outbox.queued, 0);
});

Deno.test("Outbox drops all that waits beyond its limit, and tells every loss", () => {
  const { batches, drops, outbox } = setUp({ maxInFlight: 1, maxQueued: 1000 });
  for (let id = 1; id <= 1201; id++) outbox.push(tradeEvent(id));
  assert.deepEqual(drops, [{ symbols: ["BTCUSDT"], ids: [[201, 1201]], events: 1001 }]);
  assert.equal(outbox.droppedEvents, 1001);
  outbox.acknowledge(1);
  assert.deepEqual(batches[1].events, [{
    type: "tradesLost",
    symbol: "BTCUSDT",
    fromId: 201,
    toId: 1201,
    fromTime: null,
    toTime: null,
    reason: "the processor fell too far behind",
  }]);
});

Deno.test("Outbox names no id that was not dropped: archived trades and those of the moment are far apart", () => {
  const { drops, outbox } = setUp({ maxInFlight: 0, maxQueued: 5 });
  for (const id of [1, 9001, 2, 9002, 3, 9003]) outbox.push(tradeEvent(id));
  assert.deepEqual(drops.map(({ ids }) => ids), [[[1, 3], [9001, 9003]]]);
});
