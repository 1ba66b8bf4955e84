import assert from "node:assert/strict";
import { LiquidityMemory } from "../../../processor/liquidity_memory.ts";
import { joinHistory } from "../../../processor/store/liquidity_join.ts";
import { LiquidityReader } from "../../../processor/store/liquidity_reader.ts";
import { dropLiquidityBefore } from "../../../processor/store/liquidity_drop.ts";
import { SECONDS } from "../../../processor/store/liquidity_schema.ts";
import { ALL, KEY, LIVE_MS, openStore, openWriter, RawBook } from "./liquidity_fixture.ts";

Deno.test("dropLiquidityBefore() keeps the minutes, and seconds back to a keyframe", async () => {
  const store = await openStore();
  try {
    const raw = new RawBook(1);
    raw.snapshot(0, [99, 8, 70, 1], [100, 2, 139, 1]);
    raw.advance(900_000);
    const writer = await openWriter(store.connection);
    for (const bin of raw.bins) writer.add(KEY, bin);
    await writer.flush();
    // Keyframes stand at 1, 301 and 601 s.
    await dropLiquidityBefore(store.connection, SECONDS, 400_000);
    const reader = new LiquidityReader(store.reading);
    const memory = new LiquidityMemory(LIVE_MS, 100);
    const ask = (from: number, to: number, stepMs: number) =>
      joinHistory(() => reader, KEY, memory, {
        ...{ ...ALL, from, to, stepMs },
        ...{ groupTicks: 10, lowTicks: 90, highTicks: 99 },
      });
    const seconds = await ask(400_000, 900_000, 1000);
    assert.equal(seconds.times.length, 500);
    assert.ok(seconds.bids.every(([lots]) => lots === 8));
    const minutes = await ask(60_000, 900_000, 60_000);
    assert.deepEqual(minutes.bids.map(([lots]) => lots), Array(14).fill(8));
    await assert.rejects(ask(0, 900_000, 1000), /^QueryError: step must be a multiple of 60000 ms/);
    const kept = await store.connection.runAndReadAll("SELECT min(time) FROM liquidity_1s_bins");
    assert.equal(Number(kept.getRows()[0][0]), 301_000);
  } finally {
    store.close();
  }
});

Deno.test("dropLiquidityBefore() drops the end of a run whose rest is older", async () => {
  const store = await openStore();
  try {
    const writer = await openWriter(store.connection);
    const raw = new RawBook(1);
    raw.snapshot(0, [99, 8, 70, 1], [100, 2, 139, 1]);
    raw.advance(400_000);
    raw.lose(400_000);
    raw.snapshot(4_000_000, [99, 8, 70, 1], [100, 2, 139, 1]);
    raw.advance(4_300_000);
    for (const bin of raw.bins) writer.add(KEY, bin);
    await writer.flush();
    const kept = async () => {
      const reader = await store.connection.runAndReadAll(
        `SELECT min(b.time), min(c.time) FROM liquidity_1s_bins b, liquidity_1s c`,
      );
      return reader.getRows()[0].map(Number);
    };
    // What is known at the time itself leans on the keyframe of 301 s.
    await dropLiquidityBefore(store.connection, SECONDS, 399_000);
    assert.deepEqual(await kept(), [301_000, 301_000]);
    await dropLiquidityBefore(store.connection, SECONDS, 400_000);
    assert.deepEqual(await kept(), [4_001_000, 4_001_000]);
    // The same run goes on, and nothing of it may be missed.
    await dropLiquidityBefore(store.connection, SECONDS, 4_200_000);
    assert.deepEqual(await kept(), [4_001_000, 4_001_000]);
  } finally {
    store.close();
  }
});
