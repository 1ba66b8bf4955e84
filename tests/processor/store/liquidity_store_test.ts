import assert from "node:assert/strict";
import { QueryError } from "../../../bus/query_error.ts";
import type { HeatmapRequest } from "../../../processor/heatmap.ts";
import { LiquidityMemory } from "../../../processor/liquidity_memory.ts";
import { joinHistory } from "../../../processor/store/liquidity_join.ts";
import { LiquidityReader } from "../../../processor/store/liquidity_reader.ts";
import type { LiquidityKey } from "../../../processor/store/liquidity_series.ts";
import { ALL, KEY, LIVE_MS, openStore, openWriter, plain, RawBook } from "./liquidity_fixture.ts";

type Store = Awaited<ReturnType<typeof openStore>>;

async function withStore(run: (store: Store) => Promise<void>, path?: string): Promise<void> {
  const store = await openStore(path);
  try {
    await run(store);
  } finally {
    store.close();
  }
}

function ask({ reading }: Store, request: Partial<HeatmapRequest>, key = KEY) {
  const memory = new LiquidityMemory(LIVE_MS, 100);
  return joinHistory(() => new LiquidityReader(reading), key, memory, { ...ALL, ...request });
}

/** 90..109 are known from the beginning of second 1 on; 8 lots at 99, then 4 from 2.5 s on. */
function smallBook(end = 6000): RawBook {
  const raw = new RawBook(1);
  raw.snapshot(500, [99, 8, 90, 1], [100, 2, 109, 1]);
  raw.diff(2500, [99, 4], []);
  raw.advance(end);
  return raw;
}

async function record(store: Store, raw: RawBook, key: LiquidityKey = KEY): Promise<void> {
  const writer = await openWriter(store.connection);
  for (const bin of raw.bins) writer.add(key, bin);
  await writer.flush();
}

Deno.test("recorded seconds come back as they were, unknown before the book was known", () =>
  withStore(async (store) => {
    await record(store, smallBook());
    const request = { to: 5000, lowTicks: 98, highTicks: 100 };
    const grid = plain(await ask(store, request));
    assert.deepEqual(grid.times, [0, 1000, 2000, 3000, 4000]);
    assert.deepEqual(grid.bids, [[NaN, NaN, NaN], [0, 8, 0], [0, 6, 0], [0, 4, 0], [0, 4, 0]]);
    assert.deepEqual(grid.asks[1], [0, 0, 2]);
    const close = plain(await ask(store, { ...request, measure: "close" }));
    assert.deepEqual(close.bids[2], [0, 4, 0]);
    // From the middle: what rests comes from the keyframe before; rows of 5: 90..94, 95..99, ...
    const middle = plain(await ask(store, { from: 3000, to: 5000, stepMs: 2000, groupTicks: 5 }));
    assert.deepEqual(middle.times, [2000]);
    assert.deepEqual(middle.bids, [[1, 5, 0, 0]]);
  }));

Deno.test("a table holds a row per change, and a view tells it in decimals", () =>
  withStore(async (store) => {
    await record(store, smallBook());
    const reader = await store.connection.runAndReadAll(
      "SELECT time, side, row, mean, close FROM liquidity_1s_cells ORDER BY time, row",
    );
    const rows = reader.getRows().map(([time, ...rest]) => [Number(time), ...rest]);
    assert.deepEqual(rows, [
      [1000, "bid", 0.9, 1e-8, 1e-8],
      [1000, "bid", 0.99, 8e-8, 8e-8],
      [1000, "ask", 1, 2e-8, 2e-8],
      [1000, "ask", 1.09, 1e-8, 1e-8],
      [2000, "bid", 0.99, 6e-8, 4e-8],
    ]);
  }));

Deno.test("after a crash what was not committed is unknown, and nothing is carried over it", async () => {
  const path = `${await Deno.makeTempDir()}/history.duckdb`;
  const raw = smallBook(8000);
  await withStore(async (store) => {
    const writer = await openWriter(store.connection);
    for (const bin of raw.bins) {
      writer.add(KEY, bin);
      if (bin.time === 4000) await writer.flush();
    }
    // No flush any more: seconds 4 to 7 die with the process.
  }, path);
  await withStore(async (store) => {
    const writer = await openWriter(store.connection);
    assert.equal(writer.recordedUntil("spot", "BTCUSDT"), 4000);
    assert.equal(writer.recordedUntil("usdm", "BTCUSDT"), null);
    const again = new RawBook(1);
    again.snapshot(9100, [99, 3, 90, 1], [100, 2, 109, 1]);
    again.advance(12_000);
    for (const bin of again.bins) writer.add(KEY, bin);
    await writer.flush();
    const grid = await ask(store, { to: 12_000, lowTicks: 99, highTicks: 99 });
    assert.deepEqual(plain(grid).bids.flat(), [NaN, 8, 6, 4, NaN, NaN, NaN, NaN, NaN, NaN, 3, 3]);
  }, path);
});

Deno.test("the same time is not recorded twice", () =>
  withStore(async (store) => {
    await record(store, smallBook(4000));
    await record(store, smallBook(6000));
    const grid = plain(await ask(store, { to: 6000, lowTicks: 99, highTicks: 99 }));
    assert.deepEqual(grid.bids.flat(), [NaN, 8, 6, 4, 4, 4]);
  }));

Deno.test("what is too large for the tables is told, and what follows begins with a keyframe", () =>
  withStore(async (store) => {
    const said: string[] = [];
    const writer = await openWriter(store.connection, said);
    const raw = new RawBook(1);
    raw.snapshot(0, [99, 8, 90, 1], [100, 2, 109, 1]);
    raw.diff(2500, [98, 2 ** 53], []);
    raw.diff(4500, [98, 0], []);
    raw.advance(8000);
    for (const bin of raw.bins) writer.add(KEY, bin);
    await writer.flush();
    assert.deepEqual(said, ["liquidity_1s lost 2000 to 4000"]);
    const grid = plain(await ask(store, { to: 8000, lowTicks: 98, highTicks: 99 }));
    const unknown = [NaN, NaN];
    assert.deepEqual(grid.bids, [
      ...[unknown, [0, 8], unknown, unknown],
      ...[[2 ** 52, 8], [0, 8], [0, 8], [0, 8]],
    ]);
  }));

Deno.test("what cannot be written waits, and is written once it can be", () =>
  withStore(async (store) => {
    const writer = await openWriter(store.connection, [], 4);
    const raw = smallBook();
    for (const bin of raw.bins) writer.add(KEY, bin);
    assert.equal(writer.hasRoom, false);
    await store.reading.run("ALTER TABLE liquidity_1s RENAME TO away");
    await assert.rejects(writer.flush(), /liquidity_1s/);
    await assert.rejects(writer.flush(), /liquidity_1s/);
    assert.equal(writer.hasRoom, false);
    await store.reading.run("ALTER TABLE away RENAME TO liquidity_1s");
    await writer.flush();
    assert.equal(writer.hasRoom, true);
    const grid = plain(await ask(store, { to: 6000, lowTicks: 99, highTicks: 99 }));
    assert.deepEqual(grid.bids.flat(), [NaN, 8, 6, 4, 4, 4]);
  }));

Deno.test("quantities that are no multiple of the step, and huge ones, stay exact", () =>
  withStore(async (store) => {
    const raw = new RawBook(1);
    const huge = 8_999_999_999_999;
    raw.snapshot(0, [99, huge, 98, 2_542_618_901, 90, 1], [100, 2, 109, 1]);
    raw.advance(3000);
    await record(store, raw, { ...KEY, stepLots: 1000 });
    const request = { from: 1000, to: 3000, lowTicks: 98, highTicks: 99 };
    const grid = plain(await ask(store, request, { ...KEY, stepLots: 1000 }));
    assert.deepEqual(grid.bids, [[2_542_618_901, huge], [2_542_618_901, huge]]);
  }));

Deno.test("regrouping the seconds equals the minutes that were recorded directly", () =>
  withStore(async (store) => {
    const raw = new RawBook(1);
    raw.snapshot(0, [99, 8, 70, 1], [100, 2, 139, 1]);
    for (let i = 1; i < 4000; i++) {
      const ticks = 70 + (i * 37) % 30;
      raw.diff(i * 50, [ticks, (i * 7919) % 1000], [ticks + 40 - 10, (i * 31) % 77]);
    }
    raw.advance(240_000);
    await record(store, raw);
    const request = { to: 240_000, stepMs: 60_000, groupTicks: 10, lowTicks: 60, highTicks: 149 };
    const direct = plain(await ask(store, request));
    await store.connection.run("DELETE FROM liquidity_1m; DELETE FROM liquidity_1m_bins");
    const regrouped = plain(await ask(store, request));
    assert.deepEqual(direct, regrouped);
    assert.deepEqual(direct.times, [0, 60_000, 120_000, 180_000]);
    const wanted = raw.heatmap({ ...ALL, ...request, lowTicks: 60, highTicks: 149 });
    assert.deepEqual(direct, plain(wanted));
  }));

Deno.test("what is kept by the minute alone is refused finer, naming the finest", () =>
  withStore(async (store) => {
    const raw = new RawBook(1);
    raw.snapshot(0, [99, 8, 70, 1], [100, 2, 139, 1]);
    raw.advance(300_000);
    await record(store, raw);
    await store.connection.run(
      "DELETE FROM liquidity_1s WHERE time < 180000; DELETE FROM liquidity_1s_bins WHERE time < 180000",
    );
    const refused = (request: Partial<HeatmapRequest>, message: RegExp) =>
      assert.rejects(ask(store, { to: 300_000, ...request }), (error) => {
        assert.ok(error instanceof QueryError);
        assert.match(error.message, message);
        return true;
      });
    await refused(
      { groupTicks: 10 },
      /^step must be a multiple of 60000 ms for liquidity before 1/,
    );
    await refused({ groupTicks: 5, stepMs: 60_000 }, /^group must be a multiple of 0.1 for /);
    await refused({ stepMs: 250, from: 200_000 }, /^step must be a multiple of 1000 ms/);
    const grid = plain(await ask(store, { to: 300_000, groupTicks: 10, stepMs: 60_000 }));
    assert.deepEqual(grid.bids.map((column) => column[2]), [NaN, 8, 8, 8, 8]);
  }));

Deno.test("another row size and another tick size begin another series, and one answer holds all", () =>
  withStore(async (store) => {
    await record(store, smallBook());
    // Rows of 2 ticks of half the size: what was 99 is 198.
    const finer = { ...KEY, baseTicks: 2, priceScale: { decimals: 3, step: 5 } };
    const raw = new RawBook(2);
    raw.snapshot(7000, [199, 5, 180, 1], [200, 2, 219, 1]);
    raw.advance(10_000);
    await record(store, raw, finer);
    const request = { to: 10_000, lowTicks: 196, highTicks: 199, groupTicks: 2 };
    const grid = plain(await ask(store, request, finer));
    assert.deepEqual(grid.bids.map((column) => column[1]), [NaN, 8, 6, 4, 4, 4, NaN, NaN, 5, 5]);
    await assert.rejects(
      ask(store, { ...request, groupTicks: 3 }, finer),
      /group must be a multiple of 0.01 for the liquidity recorded then, received 0.015/,
    );
  }));

Deno.test("series that take turns, since the price came back, are told each in its own time", () =>
  withStore(async (store) => {
    const lots = [3, 5, 9];
    for (const [i, bidLots] of lots.entries()) {
      const baseTicks = i === 1 ? 2 : 1;
      const raw = new RawBook(baseTicks);
      raw.snapshot(i * 300_000, [98, bidLots, 80, 1], [101, 2, 119, 1]);
      raw.advance(i * 300_000 + 180_000);
      await record(store, raw, { ...KEY, baseTicks });
    }
    for (const stepMs of [30_000, 60_000]) {
      const request = { to: 900_000, stepMs, groupTicks: 20, lowTicks: 80, highTicks: 99 };
      const grid = plain(await ask(store, request));
      const wanted = grid.times.map((time) => {
        const isKnown = time % 300_000 > 0 && time % 300_000 < 180_000;
        return [isKnown ? lots[Math.floor(time / 300_000)] + 1 : NaN];
      });
      assert.equal(grid.times.at(-1), 780_000 - stepMs);
      assert.deepEqual(grid.bids, wanted, `${stepMs} ms`);
    }
  }));

Deno.test("a range that ended long before memory begins has no more columns than it is long", () =>
  withStore(async (store) => {
    const raw = smallBook();
    await record(store, raw);
    const memory = new LiquidityMemory(LIVE_MS, 1000);
    for (const bin of raw.bins) memory.add({ ...bin, time: bin.time + 1_000_000 });
    const reader = new LiquidityReader(store.reading);
    const request = { ...ALL, lowTicks: 99, highTicks: 99, to: 8000 };
    const grid = await joinHistory(() => reader, KEY, memory, request);
    assert.deepEqual(grid.times, [0, 1000, 2000, 3000, 4000, 5000]);
    const later = { ...request, from: 500_000, to: 505_000 };
    assert.deepEqual((await joinHistory(() => reader, KEY, memory, later)).times, []);
  }));

Deno.test("an answer of too many cells is refused, naming the finest step that is answered", () =>
  withStore(async (store) => {
    const raw = smallBook();
    await record(store, raw);
    const memory = new LiquidityMemory(LIVE_MS, 1000);
    const reader = new LiquidityReader(store.reading);
    const answered = (request: HeatmapRequest, maxCells: number) =>
      joinHistory(() => reader, KEY, memory, request, maxCells);
    const rows = { lowTicks: 91, highTicks: 100 };
    await assert.rejects(answered({ ...ALL, ...rows, to: 6000 }, 60), /is 2000 ms$/);
    await assert.rejects(
      answered({ ...ALL, ...rows, to: 6000 }, 39),
      /^QueryError: 6 columns x 10 rows x 2 sides are more than 39 cells; no step fits so many rows/,
    );
    for (const bin of raw.bins) memory.add(bin);
    let refused = 0;
    for (const maxCells of [40, 44, 60, 67, 99, 120]) {
      for (const [from, to] of [[0, 6000], [750, 6000], [1250, 5750], [2500, 5000]]) {
        for (const stepMs of [250, 500, 1000, 2000]) {
          const request = { ...ALL, ...rows, from, to, stepMs };
          const error = await answered(request, maxCells).then(() => null, (error) => error);
          if (error?.code !== "too_large") continue;
          refused++;
          const named = Number(/ is (\d+) ms$/.exec(error.message)?.[1]);
          await answered({ ...request, stepMs: named }, maxCells);
        }
      }
    }
    assert.ok(refused > 40, `${refused} were refused`);
  }));
