import assert from "node:assert/strict";
import type { LiquidityBin } from "../../market/liquidity.ts";
import { parseScale } from "../../market/scale.ts";
import { LiquidityMemory } from "../../processor/liquidity_memory.ts";
import { LiquidityRecorder, type LiquidityStorage } from "../../processor/liquidity_recorder.ts";
import { LiquidityReader } from "../../processor/store/liquidity_reader.ts";
import { joinHistory } from "../../processor/store/liquidity_join.ts";
import { ALL, KEY, openStore, openWriter, RawBook } from "./store/liquidity_fixture.ts";

const BIN_MS = 250;

/** Takes so many bins between two writes, and nothing while it is away. */
class Disk implements LiquidityStorage {
  readonly written: number[] = [];
  isAway = false;
  #waiting: number[] = [];
  readonly #room: number;

  constructor(room: number) {
    this.#room = room;
  }

  get hasRoom(): boolean {
    return this.#waiting.length < this.#room;
  }

  recordedUntil(): null {
    return null;
  }

  add(_key: unknown, { time }: LiquidityBin): void {
    this.#waiting.push(time);
  }

  flush(): Promise<void> {
    if (this.isAway) return Promise.reject(new Error("the disk is away"));
    this.written.push(...this.#waiting);
    this.#waiting = [];
    return Promise.resolve();
  }
}

function recording(binsInMemory: number) {
  const lost: [number, number][] = [];
  const source = {
    symbol: "BTCUSDT",
    instrument: {
      ...{ symbol: "BTCUSDT", market: "spot" as const, stepSize: 0.01 },
      ...{ priceScale: parseScale("0.1"), qtyScale: parseScale("0.01") },
      ...{ baseAsset: "BTC", quoteAsset: "USDT" },
    },
    baseTicks: 10,
    liquidity: new LiquidityMemory(BIN_MS, binsInMemory),
    loseHistory: (from: number, to: number) => void lost.push([from, to]),
  };
  let time = 0;
  return {
    lost,
    recorder: new LiquidityRecorder(),
    source,
    bins(count: number): void {
      for (let i = 0; i < count; i++, time += BIN_MS) {
        source.liquidity.add({ time, known: [1, 2], keyframe: true, bids: [], asks: [] });
      }
    },
  };
}

const upTo = (count: number) => Array.from({ length: count }, (_, i) => i * BIN_MS);

Deno.test("LiquidityRecorder hands every bin over once, however little there is room for", async () => {
  const disk = new Disk(300);
  const { recorder, source, bins, lost } = recording(5000);
  await recorder.record(disk, [source]);
  bins(1000);
  await recorder.record(disk, [source]);
  assert.deepEqual(disk.written, upTo(1000));
  await recorder.record(disk, [source]);
  bins(3);
  await recorder.record(disk, [source]);
  assert.deepEqual(disk.written, upTo(1003));
  assert.deepEqual(lost, []);
});

Deno.test("LiquidityRecorder catches up after the disk was away, and loses what memory dropped", async () => {
  const disk = new Disk(10);
  const { recorder, source, bins, lost } = recording(1600);
  bins(5);
  await recorder.record(disk, [source]);
  disk.isAway = true;
  bins(400);
  await assert.rejects(recorder.record(disk, [source]), /the disk is away/);
  await assert.rejects(recorder.record(disk, [source]), /the disk is away/);
  disk.isAway = false;
  await recorder.record(disk, [source]);
  assert.deepEqual(disk.written, upTo(405));
  assert.deepEqual(lost, []);
  disk.isAway = true;
  bins(3000);
  await assert.rejects(recorder.record(disk, [source]), /the disk is away/);
  disk.isAway = false;
  const before = disk.written.length;
  await recorder.record(disk, [source]);
  const first = source.liquidity.firstTime!;
  assert.ok(first > 405 * BIN_MS);
  assert.deepEqual(lost, [[405 * BIN_MS, first]]);
  assert.deepEqual(disk.written.slice(before), upTo(3405).filter((time) => time >= first));
});

Deno.test("LiquidityRecorder gives a storage that is opened anew only what it needs to go on", async () => {
  const store = await openStore();
  try {
    const raw = new RawBook(1);
    raw.snapshot(0, [99, 8, 70, 1], [100, 2, 139, 1]);
    for (let time = 5000; time < 900_000; time += 5000) raw.diff(time, [99, 8 + time / 5000], []);
    raw.advance(900_000);
    const liquidity = new LiquidityMemory(BIN_MS, 10_000);
    const instrument = { ...KEY, stepSize: 3e-8, baseAsset: "BTC", quoteAsset: "USDT" };
    const source = { ...instrument, instrument, liquidity, loseHistory: assert.fail };
    const recorder = new LiquidityRecorder();
    const first = await openWriter(store.connection);
    for (const bin of raw.bins.filter(({ time }) => time < 570_000)) liquidity.add(bin);
    await recorder.record(first, [source]);
    for (const bin of raw.bins.filter(({ time }) => time >= 570_000)) liquidity.add(bin);
    const again = await openWriter(store.connection);
    let added = 0;
    const counting: LiquidityStorage = {
      hasRoom: true,
      recordedUntil: (...of) => again.recordedUntil(...of),
      add: (...bin) => again.add(...bin) ?? added++,
      flush: () => again.flush(),
    };
    await recorder.record(counting, [source]);
    // From the keyframe before the minute that began at 540 s.
    assert.ok(added >= 4 * 360 && added <= 4 * 421, `${added} bins were added`);
    for (const stepMs of [1000, 60_000]) {
      const request = { ...ALL, from: 60_000, to: 900_000, stepMs, groupTicks: 10 };
      const rows = { lowTicks: 90, highTicks: 99 };
      const reader = new LiquidityReader(store.reading);
      const empty = new LiquidityMemory(BIN_MS, 1);
      const grid = await joinHistory(() => reader, KEY, empty, { ...request, ...rows });
      assert.deepEqual(grid.bids, raw.heatmap({ ...request, ...rows }).bids, `${stepMs} ms`);
    }
  } finally {
    store.close();
  }
});
