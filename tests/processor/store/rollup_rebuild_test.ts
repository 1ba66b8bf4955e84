import assert from "node:assert/strict";
import fc from "fast-check";
import type { Trade } from "../../../market/types.ts";
import { rebuildRollups } from "../../../processor/store/rollup_rebuild.ts";
import {
  directCandles,
  plainCandle,
  trade,
  tradesArbitrary,
} from "../../support/direct_candles.ts";
import {
  BASE_TICKS,
  inBatches,
  INSTRUMENT,
  LiveRollups,
  openRollups,
  wholeTables,
} from "./rollup_fixture.ts";

const M = 60_000;
const H = 60 * M;

/** A few hours, minutes torn over hour borders by times that run back. */
const SOME = fc.oneof(
  tradesArbitrary({ maxStepMs: 30_000, backMs: 50_000, maxTrades: 60 }),
  tradesArbitrary({ maxStepMs: 600_000, backMs: 4 * H, maxTrades: 60 }),
);

async function rebuilt(trades: readonly Trade[]): Promise<string[]> {
  using rollups = await openRollups();
  await rebuildRollups(rollups.connection, INSTRUMENT, inBatches(trades), {
    baseTicks: BASE_TICKS,
  });
  return await wholeTables(rollups.connection);
}

Deno.test("rebuildRollups gives the tables of the recorder, bit by bit", async () => {
  const order = fc.array(fc.nat(1_000_000), { minLength: 60, maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(SOME, order, fc.nat(3), fc.nat(20), async (all, keys, holes, every) => {
      const trades = all.filter(({ id }) => holes === 0 || id % (holes * 9) !== 4);
      fc.pre(trades.length > 0);
      // A part comes late, as repaired trades do.
      const arriving = trades.map((one, i) => ({ one, at: keys[i] % 3 > 0 ? i : i + keys[i] % 40 }))
        .sort((a, b) => a.at - b.at).map(({ one }) => one);
      using rollups = await openRollups();
      const live = new LiveRollups(rollups.store);
      for (const [i, one] of arriving.entries()) {
        live.add([one]);
        if (every > 0 && i % every === 0) await live.record();
      }
      await live.record(true);
      assert.deepEqual(await wholeTables(rollups.connection), await rebuilt(trades));
    }),
    { numRuns: 60, interruptAfterTimeLimit: 40_000 },
  );
});

Deno.test("rebuildRollups gives candles that equal those made from the trades", async () => {
  await fc.assert(
    fc.asyncProperty(SOME, fc.constantFrom(5, 15), async (trades, group) => {
      using rollups = await openRollups();
      const { connection, store } = rollups;
      await rebuildRollups(connection, INSTRUMENT, inBatches(trades), { baseTicks: BASE_TICKS });
      const symbol = await store.open(INSTRUMENT, BASE_TICKS);
      const newest = Math.max(...trades.map(({ tradeTime }) => tradeTime - tradeTime % M));
      for (const interval of [M, 5 * M, 15 * M, H, 4 * H, 24 * H]) {
        // Only candles of which every minute is stored.
        const to = newest - newest % interval;
        const candles = await store.candles(symbol, {
          intervalMs: interval,
          from: 0,
          to: to,
          groupTicks: group,
        });
        const direct = directCandles(trades, interval, group).filter(({ time }) => time < to);
        assert.equal(candles.length, direct.length);
        for (const [i, candle] of candles.entries()) {
          if (candle.exact) assert.deepEqual(plainCandle(candle), direct[i]);
          else {
            const { minDelta: _a, maxDelta: _b, complete: _c, ...plain } = plainCandle(candle);
            const { minDelta: _d, maxDelta: _e, complete: _f, ...expected } = direct[i];
            assert.deepEqual(plain, expected);
          }
        }
      }
    }),
    { numRuns: 60, interruptAfterTimeLimit: 40_000 },
  );
});

const TRADES = Array.from({ length: 300 }, (_, i) => trade(i + 1, i * M, 1000 + i % 20, 1 + i % 7));

Deno.test("rebuildRollups takes trades that come hours after their minute", async () => {
  const late = [...TRADES, trade(301, 5 * M, 999, -3), trade(302, 5 * M + 1, 1040, 2)];
  using rollups = await openRollups();
  const { connection, store } = rollups;
  await rebuildRollups(connection, INSTRUMENT, inBatches(late), { baseTicks: BASE_TICKS });
  const symbol = await store.open(INSTRUMENT, BASE_TICKS);
  const [candle] = await store.candles(symbol, {
    intervalMs: M,
    from: 5 * M,
    to: 6 * M,
    groupTicks: 5,
  });
  assert.deepEqual(plainCandle(candle), directCandles(late, M, 5)[5]);
});

Deno.test("rebuildRollups counts a repeated id once, and refuses another order", async () => {
  const twice = TRADES.flatMap((one) => [one, one]);
  assert.deepEqual(await rebuilt(twice), await rebuilt(TRADES));
  using rollups = await openRollups();
  const wrong = inBatches([TRADES[5], TRADES[2]]);
  await assert.rejects(
    rebuildRollups(rollups.connection, INSTRUMENT, wrong),
    /Trades must ascend by id, 3 came after 6/,
  );
  // What was there would still be there: nothing was to be replaced yet.
  assert.deepEqual(await wholeTables(rollups.connection), [
    "rollup_symbols: 1 spot BTCUSDT 2 1 8 1 1",
  ]);
});

Deno.test("rebuildRollups takes what is there away, and may choose another row size", async () => {
  using rollups = await openRollups();
  const { connection } = rollups;
  await rebuildRollups(connection, INSTRUMENT, [[...TRADES, trade(301, 999 * M, 5, 5)]], {
    baseTicks: 1,
  });
  const minutes = await rebuildRollups(connection, INSTRUMENT, inBatches(TRADES), {
    baseTicks: BASE_TICKS,
  });
  assert.equal(minutes, 299);
  assert.deepEqual(await wholeTables(connection), await rebuilt(TRADES));
});

Deno.test("rebuildRollups of nothing leaves nothing", async () => {
  assert.deepEqual(await rebuilt([]), ["rollup_symbols: 1 spot BTCUSDT 2 1 8 1 5"]);
});

Deno.test("rebuildRollups knows that nothing is missing under void ids", async () => {
  using rollups = await openRollups();
  const { connection } = rollups;
  const times = [[1, 0], [2, M], [5, M + 1], [6, 2 * M], [7, 3 * M]];
  const trades = times.map(([id, time]) => trade(id, time, 1000, 1));
  const complete = async (voidIds: { from: number; to: number }[]) => {
    await rebuildRollups(connection, INSTRUMENT, inBatches(trades), { voidIds });
    const reader = await connection.runAndReadAll("SELECT complete FROM candle_1m ORDER BY time");
    return reader.getRows().flat();
  };
  assert.deepEqual(await complete([]), [false, false, true]);
  assert.deepEqual(await complete([{ from: 3, to: 4 }]), [false, true, true]);
});

Deno.test("rebuildRollups keeps what is older than the archive", async () => {
  using rollups = await openRollups();
  const { connection } = rollups;
  await rebuildRollups(connection, INSTRUMENT, inBatches(TRADES), { baseTicks: BASE_TICKS });
  const kept = TRADES.slice(60);
  await rebuildRollups(connection, INSTRUMENT, inBatches(kept), { from: 65 * M });
  assert.deepEqual(await wholeTables(connection), await rebuilt(TRADES));
});

Deno.test("rebuildRollups keeps what the archive no longer tells of its first minute", async () => {
  using rollups = await openRollups();
  const { connection } = rollups;
  const minute = [1, 2, 3].map((id) => trade(id, 10 * M + id, 1000, id));
  const trades = [trade(0, M, 1000, 1), ...minute, trade(4, 11 * M, 1000, 1), trade(5, H, 1000, 1)];
  const whole = await rebuilt(trades);
  await rebuildRollups(connection, INSTRUMENT, inBatches(trades), { baseTicks: BASE_TICKS });
  // The ids before it are gone, then a part of it.
  for (const first of [1, 2]) {
    const kept = inBatches(trades.slice(first));
    await rebuildRollups(connection, INSTRUMENT, kept, { from: 10 * M });
    assert.deepEqual(await wholeTables(connection), whole);
  }
});
