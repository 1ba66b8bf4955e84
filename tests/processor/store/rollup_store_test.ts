import assert from "node:assert/strict";
import type { Trade } from "../../../market/types.ts";
import { directCandles, plainCandle, trade } from "../../support/direct_candles.ts";
import { BASE_TICKS, INSTRUMENT, LiveRollups, openRollups, wholeTables } from "./rollup_fixture.ts";

const M = 60_000;
const H = 60 * M;

/** Two hours and a bit: ids 1 and on. */
const TRADES = [
  trade(1, H - 1, 1000, 1),
  trade(2, H, 1003, 5),
  trade(3, H + 1, 1012, -9),
  trade(4, H + M, 1009, 2),
  trade(5, H + 59 * M, 1011, 7),
  trade(6, 2 * H + 1, 999, -6),
  trade(7, 2 * H + M, 1003, 1),
  trade(8, 2 * H + 2 * M, 1004, 1),
];

async function recorded(trades: readonly Trade[]) {
  const rollups = await openRollups();
  const live = new LiveRollups(rollups.store);
  live.add(trades);
  await live.record(true);
  const symbol = await rollups.store.open(INSTRUMENT, BASE_TICKS);
  return { ...rollups, live, symbol };
}

Deno.test("the rollups hold closed minutes and hours as worked out by hand", async () => {
  using rollups = await recorded(TRADES.slice(0, 6));
  const lines = await wholeTables(rollups.connection);
  assert.deepEqual(lines, [
    "rollup_symbols: 1 spot BTCUSDT 2 1 8 1 5",
    // id, time, open, high, low, close, extremes, trades, ids, buys, sells, complete, exact
    "candle_1m: 1 3540000 1000 1000 1000 1000 0 1 1 1 1 1 0 false true",
    "candle_1m: 1 3600000 1003 1012 1003 1012 -4 5 2 2 3 5 9 true true",
    "candle_1m: 1 3660000 1009 1009 1009 1009 0 2 1 4 4 2 0 true true",
    "candle_1m: 1 7140000 1011 1011 1011 1011 0 7 1 5 5 7 0 true true",
    "candle_1h: 1 0 1000 1000 1000 1000 0 1 1 1 1 1 0 false true",
    "candle_1h: 1 3600000 1003 1012 1003 1011 -4 5 4 2 5 14 9 true true",
    "footprint_1m: 1 3540000 1000 1 0 1 0",
    "footprint_1m: 1 3600000 1000 5 0 1 0",
    "footprint_1m: 1 3600000 1010 0 9 0 1",
    "footprint_1m: 1 3660000 1005 2 0 1 0",
    "footprint_1m: 1 7140000 1010 7 0 1 0",
    "footprint_1h: 1 0 1000 1 0 1 0",
    "footprint_1h: 1 3600000 1000 5 0 1 0",
    "footprint_1h: 1 3600000 1005 2 0 1 0",
    "footprint_1h: 1 3600000 1010 7 9 1 1",
  ]);
});

Deno.test("candles() reads every interval in every group that the rollup tells", async () => {
  using rollups = await recorded(TRADES);
  const { store, symbol } = rollups;
  const closed = TRADES.filter(({ tradeTime }) => tradeTime < 2 * H + 2 * M);
  for (const interval of [M, 5 * M, 15 * M, H, 4 * H, 24 * H]) {
    for (const group of [5, 10, 100]) {
      const candles = await store.candles(symbol, {
        intervalMs: interval,
        from: 0,
        to: 24 * H,
        groupTicks: group,
      });
      const expected = directCandles(closed, interval, group);
      assert.deepEqual(
        candles.map((candle) => ({ ...plainCandle(candle), complete: null })),
        expected.map((candle) => ({ ...candle, complete: null })),
        `${interval} ${group}`,
      );
    }
  }
});

Deno.test("candles() takes minutes of the range alone", async () => {
  using rollups = await recorded(TRADES);
  const { store, symbol } = rollups;
  const candles = await store.candles(symbol, {
    intervalMs: 4 * H,
    from: H + M,
    to: 2 * H + M,
    groupTicks: 5,
  });
  assert.deepEqual(candles.map(({ head }) => [head.firstId, head.lastId]), [[4, 6]]);
  assert.deepEqual(
    await store.candles(symbol, { intervalMs: H, from: 3 * H, to: 9 * H, groupTicks: 5 }),
    [],
  );
  assert.deepEqual(
    await store.candles(symbol, { intervalMs: H, from: 9 * H, to: 3 * H, groupTicks: 5 }),
    [],
  );
});

Deno.test("candles() refuses rows finer than the rollup's", async () => {
  using rollups = await recorded(TRADES);
  const { store, symbol } = rollups;
  await assert.rejects(
    store.candles(symbol, { intervalMs: M, from: 0, to: H, groupTicks: 7 }),
    /Rows of 7 ticks are no multiple/,
  );
  await assert.rejects(store.rows(symbol, { from: 0, to: H, groupTicks: 1 }), /rows of 5 ticks/);
});

Deno.test("rows() adds up any range of minutes, hours and minutes", async () => {
  using rollups = await recorded(TRADES);
  const { store, symbol } = rollups;
  for (const [from, to] of [[0, 24 * H], [H, 2 * H], [H + M, 2 * H + M], [H + M, H + 2 * M]]) {
    const inside = TRADES.filter(({ tradeTime }) =>
      tradeTime >= from && tradeTime < Math.min(to, 2 * H + 2 * M)
    );
    const rows = await store.rows(symbol, { from, to, groupTicks: 10 });
    const plain = [...rows].sort(([a], [b]) => a - b)
      .map(([row, one]) => [row, one.sellLots, one.buyLots, one.trades, one.buyTrades]);
    assert.deepEqual(plain, directCandles(inside, 24 * H, 10)[0].rows, `${from} ${to}`);
  }
  assert.equal((await store.rows(symbol, { from: 9 * H, to: 10 * H, groupTicks: 5 })).size, 0);
});

Deno.test("write() replaces a minute that was repaired, and its hour", async () => {
  using repaired = await recorded(TRADES.filter(({ id }) => id !== 3));
  const { live, store, symbol } = repaired;
  const torn = await store.candles(symbol, { intervalMs: H, from: H, to: 2 * H, groupTicks: 5 });
  assert.deepEqual(torn.map(({ hasGap, complete }) => [hasGap, complete]), [[true, false]]);
  live.add([TRADES[2]]);
  await live.record(true);
  using whole = await recorded(TRADES);
  assert.deepEqual(
    await wholeTables(repaired.connection),
    await wholeTables(whole.connection),
  );
});

Deno.test("write() keeps a minute of which memory knows only the end after a restart", async () => {
  using rollups = await recorded(TRADES);
  const before = await wholeTables(rollups.connection);
  const again = new LiveRollups(rollups.store);
  again.add(TRADES.slice(2));
  await again.record(true);
  assert.deepEqual(await wholeTables(rollups.connection), before);
});

Deno.test("write() builds an hour whose last minute was never written", async () => {
  using rollups = await recorded(TRADES.slice(0, 4));
  assert.deepEqual(
    await rollups.store.candles(rollups.symbol, {
      intervalMs: H,
      from: H,
      to: 2 * H,
      groupTicks: 5,
    }).then(times),
    [H],
  );
  const lines = await wholeTables(rollups.connection);
  assert.equal(lines.filter((line) => line.startsWith("candle_1h: 1 3600000")).length, 0);
  const again = new LiveRollups(rollups.store);
  again.add(TRADES.slice(5));
  await again.record(true);
  const later = await wholeTables(rollups.connection);
  assert.deepEqual(later.filter((line) => line.startsWith("candle_1h: 1 3600000")), [
    "candle_1h: 1 3600000 1003 1012 1003 1012 -4 5 2 2 3 5 9 true true",
  ]);
});

Deno.test("doubtful() tells minutes that nobody wrote between two that ids call complete", async () => {
  using rollups = await recorded(TRADES.slice(0, 4));
  const { store, symbol } = rollups;
  const again = new LiveRollups(store);
  again.add(TRADES.slice(3));
  await again.record(true);
  await rollups.connection.run("DELETE FROM candle_1m WHERE time IN (3660000, 7140000)");
  const minutes = await rollups.connection.runAndReadAll(
    "SELECT time::DOUBLE, complete FROM candle_1m ORDER BY time",
  );
  assert.deepEqual(minutes.getRows(), [[H - M, false], [H, true], [2 * H, true], [
    2 * H + M,
    true,
  ]]);
  // Before the first, after the last, and from 1:00 to 2:00: ids 4 and 5 are held, but not here.
  assert.deepEqual(await store.doubtful(symbol, 0, 3 * H), [{ from: 0, to: 3 * H + M }]);
  assert.deepEqual(await store.idsBeside(symbol, H, H + M), { before: 1, after: 6 });
  assert.deepEqual(await store.idsBeside(symbol, 0, 3 * H), { before: -Infinity, after: Infinity });
});

function times(candles: readonly { readonly head: { readonly openTime: number } }[]): number[] {
  return candles.map(({ head }) => head.openTime);
}

Deno.test("a symbol keeps its id and its rows; other scales are another one", async () => {
  using rollups = await openRollups();
  const { store } = rollups;
  assert.equal(await store.find(INSTRUMENT), null);
  assert.deepEqual(await store.open(INSTRUMENT, 5), { id: 1, baseTicks: 5 });
  assert.deepEqual(await store.open(INSTRUMENT, 20), { id: 1, baseTicks: 5 });
  const finer = { ...INSTRUMENT, priceScale: { decimals: 3, step: 1 } };
  assert.deepEqual(await store.open(finer, 50), { id: 2, baseTicks: 50 });
  assert.deepEqual(await store.open({ ...INSTRUMENT, market: "usdm" }, 10), {
    id: 3,
    baseTicks: 10,
  });
  assert.deepEqual(await store.find(finer), { id: 2, baseTicks: 50 });
});

Deno.test("write() leaves the tables as they were when it fails", async () => {
  using rollups = await recorded(TRADES);
  const before = await wholeTables(rollups.connection);
  const [good] = await rollups.store.candles(rollups.symbol, {
    intervalMs: M,
    from: H,
    to: H + M,
    groupTicks: 5,
  });
  const bad = { ...good, head: { ...good.head, trades: 9, openTime: H, buyLots: 0.5 } };
  await assert.rejects(rollups.store.write(rollups.symbol, [bad], 9 * H));
  assert.deepEqual(await wholeTables(rollups.connection), before);
});
