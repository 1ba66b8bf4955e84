import assert from "node:assert/strict";
import { KEEP_EVERYTHING, type KeptLevel, type KeptSpan } from "../../bus/retention.ts";
import { Retention, type RetentionStorage } from "../../processor/retention.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NEVER = new AbortController().signal;

/** Levels of so many bytes an hour, which drop what they are told at once, but for trades. */
class Shelf implements RetentionStorage {
  readonly spans = new Map<KeptLevel, KeptSpan>();
  readonly drops: [KeptLevel, number][] = [];
  readonly #bytesAnHour: number;

  constructor(spans: Partial<Record<KeptLevel, [number, number]>>, bytesAnHour = 0) {
    for (const [level, [from, to]] of Object.entries(spans)) {
      this.spans.set(level as KeptLevel, { from, to });
    }
    this.#bytesAnHour = bytesAnHour;
  }

  span(level: KeptLevel): Promise<KeptSpan | null> {
    return Promise.resolve(this.spans.get(level) ?? null);
  }

  drop(level: KeptLevel, before: number): Promise<void> {
    this.drops.push([level, before]);
    const span = this.spans.get(level);
    if (span !== undefined && level !== "trades") this.spans.set(level, { ...span, from: before });
    return Promise.resolve();
  }

  bytes(): Promise<{ file: number; used: number }> {
    const { from, to } = this.spans.get("liquidity_1s") ?? { from: 0, to: 0 };
    const used = (to - from) / HOUR * this.#bytesAnHour;
    return Promise.resolve({ file: 2 * used, used });
  }
}

function retention(storage: Shelf, settings: Partial<typeof KEEP_EVERYTHING>, tradesBytes = 0) {
  const notices: string[] = [];
  const it = new Retention({
    storage,
    settings: { ...KEEP_EVERYTHING, ...settings },
    tradesBytes: () => tradesBytes,
    notice: (_level, message) => notices.push(message),
  });
  return { it, notices };
}

const keeping = (keepMs: Partial<Record<KeptLevel, number>>) => ({
  keepMs: { ...KEEP_EVERYTHING.keepMs, ...keepMs },
});

Deno.test("Retention drops what is older than its level is kept, counted from its newest", async () => {
  const shelf = new Shelf({ liquidity_1s: [0, 10.5 * HOUR], liquidity_1m: [0, 100 * DAY] });
  const { it } = retention(shelf, keeping({ liquidity_1s: 7 * HOUR }));
  await it.run(NEVER);
  // 3.5 hours are too old: three whole ones go, one after the other.
  assert.deepEqual(shelf.drops, [1, 2, 3].map((hours) => ["liquidity_1s", hours * HOUR]));
  await it.run(NEVER);
  assert.equal(shelf.drops.length, 3, "nothing more is due");
  assert.deepEqual(it.status?.levels.liquidity_1s, {
    keepMs: 7 * HOUR,
    kept: { from: 3 * HOUR, to: 10.5 * HOUR },
  });
});

Deno.test("Retention orders days of trades from the archive, all at once", async () => {
  const shelf = new Shelf({ trades: [0, 40 * DAY] });
  const { it } = retention(shelf, keeping({ trades: 30 * DAY }));
  await it.run(NEVER);
  assert.deepEqual(shelf.drops, [["trades", 10 * DAY]]);
});

Deno.test("Retention makes room of the oldest seconds while all is too large", async () => {
  const shelf = new Shelf({ liquidity_1s: [0, 48 * HOUR], liquidity_1m: [0, 48 * HOUR] }, 10);
  const { it, notices } = retention(shelf, { maxBytes: 400 }, 100);
  // 480 + 100 bytes, of which 400 may stay: 18 hours go.
  await it.run(NEVER);
  assert.deepEqual(shelf.drops.at(-1), ["liquidity_1s", 18 * HOUR]);
  assert.equal(shelf.drops.length, 18);
  assert.equal(it.status?.usedBytes, 300);
  assert.equal(it.status?.databaseBytes, 600);
  assert.deepEqual(notices, []);
});

Deno.test("Retention keeps the newest of each level, and says once that it is too large", async () => {
  const day: [number, number] = [0, DAY];
  const spans = { liquidity_1m: day, walls: day };
  const shelf = new Shelf({ liquidity_1s: [0, 5 * HOUR], ...spans }, 10);
  const { it, notices } = retention(shelf, { maxBytes: 400 }, 1000);
  await it.run(NEVER);
  await it.run(NEVER);
  assert.deepEqual(shelf.spans.get("liquidity_1s"), { from: 4 * HOUR, to: 5 * HOUR });
  assert.deepEqual(notices, [
    "The recorded history takes 610 bytes more than --max-size allows, and nothing more of it may " +
    "be dropped",
  ]);
});

Deno.test("Retention waits for trades that the archive was told to drop", async () => {
  const shelf = new Shelf({ trades: [0, 10 * DAY] });
  const { it, notices } = retention(shelf, { maxBytes: 400 }, 1000);
  await it.run(NEVER);
  assert.deepEqual(shelf.drops, [["trades", DAY]]);
  assert.deepEqual(notices, []);
});
