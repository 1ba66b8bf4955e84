import assert from "node:assert/strict";
import fc from "fast-check";
import { denoFs } from "../../../collector/archive/archive_fs.ts";
import { writeTradeFile } from "../../../collector/archive/parquet_file.ts";
import { INTERVALS } from "../../../market/interval.ts";
import type { Trade } from "../../../market/types.ts";
import { parquetCandles, parquetRows } from "../../../processor/store/parquet_candles.ts";
import { type ArchivedCandles, collectCandles } from "../../../processor/store/rollup_candles.ts";
import { collectProfile } from "../../../processor/store/rollup_profile.ts";
import { fillRollup } from "../../../processor/store/rollup_fill.ts";
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
const DAY = 24 * H;
const EVER = 8e15;

async function tempFiles(...parts: (readonly Trade[])[]) {
  const folder = await Deno.makeTempDir({ prefix: "it's " });
  const files: string[] = [];
  for (const [i, trades] of parts.entries()) {
    if (trades.length === 0) continue;
    const path = `${folder}/${i}.parquet`;
    await writeTradeFile(denoFs, path, INSTRUMENT, [trades]);
    files.push(path);
  }
  return { files, [Symbol.dispose]: () => Deno.removeSync(folder, { recursive: true }) };
}

const SOME = tradesArbitrary({ maxStepMs: 200_000, backMs: 90_000, maxTrades: 60 });

Deno.test("parquetCandles equal those made from the trades, in any rows", async () => {
  await fc.assert(
    fc.asyncProperty(SOME, fc.nat(2), fc.constantFrom(1, 3, 50), async (all, holes, group) => {
      const trades = all.filter(({ id }) => holes === 0 || id % (holes * 9) !== 4);
      fc.pre(trades.length > 0);
      using rollups = await openRollups();
      const middle = trades.length >> 1;
      // Two files that share ids.
      using archive = await tempFiles(trades.slice(0, middle + 3), trades.slice(middle));
      for (const intervalMs of Object.values(INTERVALS)) {
        const made = await parquetCandles(rollups.connection, {
          ...{ files: archive.files, series: INSTRUMENT, intervalMs },
          ...{ from: -EVER, to: EVER, groupTicks: group },
        });
        assert.deepEqual(made.map(plainCandle), directCandles(trades, intervalMs, group));
        assert.ok(made.every(({ exact }) => exact));
      }
    }),
    { numRuns: 25, interruptAfterTimeLimit: 40_000 },
  );
});

Deno.test("parquetCandles take trades of the range alone, and know gaps by all ids", async () => {
  using rollups = await openRollups();
  using archive = await tempFiles([1, 2, 3, 5, 6].map((id) => trade(id, id * M, 1000, id)));
  const request = { files: archive.files, series: INSTRUMENT, intervalMs: M, groupTicks: 1 };
  const candles = await parquetCandles(rollups.connection, { ...request, from: 2 * M, to: EVER });
  assert.deepEqual(candles.map((one) => [one.head.firstId, one.complete, one.hasGap]), [
    [2, true, false],
    [3, false, true],
    [5, false, true],
    [6, false, false],
  ]);
  const rows = await parquetRows(rollups.connection, {
    ...{ ...request, intervalMs: H },
    ...{ from: 2 * M, to: 5 * M },
  });
  assert.deepEqual([...rows], [
    [0, new Map([[1000, { sellLots: 0, buyLots: 5, trades: 2, buyTrades: 2 }]])],
  ]);
});

Deno.test("parquetCandles turn older scales into those of the answer", async () => {
  using rollups = await openRollups();
  using archive = await tempFiles([trade(1, 0, 1005, 7)]);
  const series = { ...INSTRUMENT, priceScale: { decimals: 3, step: 5 } };
  const request = { files: archive.files, intervalMs: M, from: 0, to: M, groupTicks: 1 };
  const [finer] = await parquetCandles(rollups.connection, { ...request, series });
  assert.equal(finer.head.open, 2010);
  const coarse = { ...INSTRUMENT, priceScale: { decimals: 1, step: 1 } };
  await assert.rejects(
    parquetCandles(rollups.connection, { ...request, series: coarse }),
    /Trade 1: price is no multiple of 0.1/,
  );
});

Deno.test("parquetCandles refuse the files of another symbol", async () => {
  using rollups = await openRollups();
  using archive = await tempFiles([trade(1, 0, 1005, 7)]);
  const request = { files: archive.files, intervalMs: M, from: 0, to: M, groupTicks: 1 };
  await assert.rejects(
    parquetCandles(rollups.connection, {
      ...request,
      series: { ...INSTRUMENT, symbol: "ETHUSDT" },
    }),
    /0.parquet holds spot BTCUSDT, wanted was spot ETHUSDT/,
  );
  const none = await parquetCandles(rollups.connection, {
    ...{ ...request, files: [] },
    series: INSTRUMENT,
  });
  assert.deepEqual(none, []);
});

/** What an earlier run recorded, and what this one holds since it was started. */
async function restarted(trades: readonly Trade[], stoppedAt: number, replayed: number) {
  const rollups = await openRollups();
  const archive = await tempFiles(trades);
  const before = new LiveRollups(rollups.store);
  before.add(trades.slice(0, stoppedAt));
  await before.record(true);
  const symbol = await rollups.store.open(INSTRUMENT, BASE_TICKS);
  const live = new LiveRollups(rollups.store);
  // The archive is replayed from the start of the minute before.
  const open = trades[Math.max(0, stoppedAt - replayed)].tradeTime;
  const start = trades.findLast(({ tradeTime }) => tradeTime < open - open % M)?.tradeTime ?? open;
  live.add(trades.filter(({ tradeTime }) => tradeTime >= start - start % M));
  const known = { files: archive.files, series: INSTRUMENT };
  const read: ArchivedCandles = {
    candles: (request) => parquetCandles(rollups.connection, { ...request, ...known }),
    rows: (request) => parquetRows(rollups.connection, { ...request, ...known }),
  };
  const from = await rollups.store.newestMinute(symbol) ?? 0;
  await fillRollup(
    ...[rollups.store, symbol] as const,
    (from, to) => read.candles({ intervalMs: M, from, to, groupTicks: BASE_TICKS }),
    from,
    Math.min((live.state.candles.firstTime ?? 0) + M, live.state.candles.lastTime ?? 0),
  );
  await live.record(true);
  const sources = {
    series: live.state.candles,
    rollup: { store: rollups.store, symbol, baseGroup: 0.05 },
    archive: read,
  };
  return {
    sources,
    connection: rollups.connection,
    [Symbol.dispose]() {
      rollups[Symbol.dispose]();
      archive[Symbol.dispose]();
    },
  };
}

Deno.test("collectCandles joins what is stored and what memory holds after a restart", async () => {
  const some = tradesArbitrary({ maxStepMs: 200_000, backMs: 0, maxTrades: 60 });
  await fc.assert(
    fc.asyncProperty(some, fc.nat(60), fc.nat(9), async (trades, stop, replayed) => {
      const stoppedAt = Math.min(stop, trades.length - 1);
      using run = await restarted(trades, stoppedAt, replayed);
      for (const intervalMs of Object.values(INTERVALS)) {
        for (const groupTicks of [1, BASE_TICKS, 20]) {
          const request = { intervalMs, from: 0, to: EVER, groupTicks };
          const candles = await collectCandles(run.sources, request);
          assert.deepEqual(
            candles.map(plainCandle),
            directCandles(trades, intervalMs, groupTicks),
            `${intervalMs} in ${groupTicks}`,
          );
          assert.ok(candles.every(({ exact }) => exact));
        }
      }
      const [first, last] = [trades[0].tradeTime, trades[trades.length - 1].tradeTime];
      const from = first - first % M + M * (stop % 4);
      const to = last - last % M + M * (replayed % 2);
      const inside = trades.filter(({ tradeTime }) => tradeTime >= from && tradeTime < to);
      for (const groupTicks of [1, BASE_TICKS, 20]) {
        const profile = await collectProfile(run.sources, { from, to, groupTicks });
        assert.deepEqual(
          profile.rows.map((
            { row, sellLots, buyLots, trades },
          ) => [row, sellLots, buyLots, trades]),
          directCandles(inside, EVER, groupTicks)[0]?.rows.map((row) => row.slice(0, 4)) ?? [],
        );
      }
      using again = await openRollups();
      await rebuildRollups(again.connection, INSTRUMENT, inBatches(trades), {
        baseTicks: BASE_TICKS,
      });
      assert.deepEqual(await wholeTables(run.connection), await wholeTables(again.connection));
    }),
    { numRuns: 25, interruptAfterTimeLimit: 40_000 },
  );
});

Deno.test("collectCandles makes anew from the archive what the rollup cannot tell", async () => {
  // Ids 1 to 4 in two minutes that take turns; the rest is later.
  const trades = [
    trade(1, 0, 1000, 10),
    trade(2, M, 1000, -10),
    trade(3, 1, 1001, 5),
    trade(4, M + 1, 1002, 1),
    ...[5, 6, 7].map((id) => trade(id, id * DAY, 1000, 1)),
  ];
  using run = await restarted(trades, 6, 0);
  const request = { intervalMs: H, from: 0, to: EVER, groupTicks: BASE_TICKS };
  const plain = await collectCandles({ ...run.sources, archive: null }, request);
  assert.deepEqual(plain.map(({ exact }) => exact), [false, true, true, true]);
  const whole = await collectCandles(run.sources, request);
  assert.deepEqual(whole.map(plainCandle), directCandles(trades, H, BASE_TICKS));
});

Deno.test("collectCandles takes all from the archive where the rollup lacks a minute", async () => {
  const trades = [1, 2, 3, 4, 5].map((id) => trade(id, id * H, 1001, id));
  using run = await restarted(trades, 4, 0);
  const { connection } = run;
  await connection.run("DELETE FROM candle_1m WHERE time = $1", [BigInt(2 * H)]);
  const request = { intervalMs: M, from: 0, to: EVER, groupTicks: 1 };
  const candles = await collectCandles(run.sources, request);
  assert.deepEqual(candles.map(plainCandle), directCandles(trades, M, 1));
});

Deno.test("collectCandles calls the newest candle open when memory holds nothing", async () => {
  const trades = [trade(1, 0, 1000, 1), trade(2, H, 1000, 1), trade(3, H + M, 1000, 1)];
  using run = await restarted(trades, 2, 0);
  const empty = new LiveRollups(run.sources.rollup.store).state.candles;
  const request = { intervalMs: H, from: 0, to: EVER, groupTicks: BASE_TICKS };
  const candles = await collectCandles({ ...run.sources, series: empty, archive: null }, request);
  assert.deepEqual(candles.map(({ head, complete }) => [head.openTime, complete]), [
    [0, false],
    [H, false],
  ]);
});

Deno.test("collectCandles takes candles that open in the range", async () => {
  const trades = [1, 2, 3, 4].map((id) => trade(id, id * H, 1000, 1));
  using run = await restarted(trades, 2, 0);
  const request = { intervalMs: H, from: H + 1, to: 3 * H + 1, groupTicks: BASE_TICKS };
  const candles = await collectCandles(run.sources, request);
  assert.deepEqual(candles.map(({ head }) => head.openTime), [2 * H, 3 * H]);
});
