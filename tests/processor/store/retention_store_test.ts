import assert from "node:assert/strict";
import { join } from "node:path";
import { openDatabase } from "../../../processor/store/database.ts";
import { LiquidityWriter } from "../../../processor/store/liquidity_writer.ts";
import { RetentionStore } from "../../../processor/store/retention_store.ts";
import { TradeFiles } from "../../../processor/store/trade_files.ts";
import { KEY, LIVE_MS } from "./liquidity_fixture.ts";

const HOUR = 3_600_000;

/** A second in which a hundred rows changed, all told by its last bin. */
function* second(time: number, rows: number) {
  for (let bin = 0; bin < 1000; bin += LIVE_MS) {
    const cells = Array.from({ length: bin + LIVE_MS < 1000 ? 0 : rows }, (_, i) => {
      const closeLots = 1 + (time / 1000 * 7919 + i * 104_729) % 99_991;
      return { row: 1000 + i, lotMs: closeLots * LIVE_MS, closeLots };
    });
    const known: [number, number] = [0, 100_000];
    yield { time: time + bin, known, keyframe: true, bids: cells, asks: [] };
  }
}

Deno.test("dropped seconds make room in the file, while others go on writing", async () => {
  const folder = await Deno.makeTempDir({ prefix: "footprint-retention-" });
  const database = await openDatabase(join(folder, "history.duckdb"), { onMessage: assert.fail });
  const orders: number[] = [];
  try {
    const writer = await LiquidityWriter.open(await database.connection(), {
      binMs: LIVE_MS,
      onLost: ({ table }) => assert.fail(table),
    });
    const store = new RetentionStore({
      database,
      connection: await database.connection(),
      market: "spot",
      files: new TradeFiles(folder, "spot"),
      dropTrades: (before) => orders.push(before),
    });
    assert.equal(await store.span("liquidity_1s"), null);
    for (let time = 0; time < 2 * HOUR; time += 1000) {
      for (const bin of second(time, 100)) writer.add(KEY, bin);
      if (!writer.hasRoom) await writer.flush();
    }
    await writer.flush();
    const full = await store.bytes();
    assert.ok(full.used > 2_000_000, `${full.used} bytes`);
    const dropping = store.drop("liquidity_1s", 1.5 * HOUR);
    for (const bin of second(2 * HOUR, 100)) writer.add(KEY, bin);
    await Promise.all([dropping, writer.flush()]);
    assert.deepEqual(await store.span("liquidity_1s"), { from: 1.5 * HOUR, to: 2 * HOUR });
    const after = await store.bytes();
    assert.ok(after.used < full.used / 2, `${after.used} of ${full.used} bytes are in use`);
    assert.deepEqual(await store.span("liquidity_1m"), { from: 0, to: 2 * HOUR - 60_000 });
    await Deno.mkdir(join(folder, "trades", "BTCUSDT", "2024-08-08"), { recursive: true });
    const day = Date.UTC(2024, 7, 8);
    assert.deepEqual(await store.span("trades"), { from: day, to: day + 24 * HOUR });
    await store.drop("trades", day);
    assert.deepEqual(orders, [day]);
  } finally {
    await database.close();
    await Deno.remove(folder, { recursive: true });
  }
});
