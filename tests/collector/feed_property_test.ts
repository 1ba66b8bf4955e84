import assert from "node:assert/strict";
import fc from "fast-check";
import { feedInto, type FeedSetup, isWithheld, settled } from "./feed_fixture.ts";
import type { LevelChange } from "./true_market.ts";

/** What the exchange does next, and what becomes of the frame that tells it. */
interface Step {
  readonly what: "diff" | "trade";
  readonly fate: "delivered" | "dropped" | "twice" | "late";
  readonly changes: readonly LevelChange[];
  /** The snapshot that was asked for comes now, as the book was so many updates ago. */
  readonly snapshot: number | null;
  /** The connection is cut after this step. */
  readonly cut: boolean;
}

type Run = Omit<FeedSetup, "market"> & { readonly steps: readonly Step[] };

const change: fc.Arbitrary<LevelChange> = fc.record({
  price: fc.integer({ min: 92, max: 107 }),
  lots: fc.integer({ min: 0, max: 9 }),
});

const step: fc.Arbitrary<Step> = fc.record({
  what: fc.constantFrom("diff", "diff", "trade"),
  fate: fc.constantFrom(
    ...Array<"delivered">(7).fill("delivered"),
    ...["dropped", "twice", "late"] as const,
  ),
  changes: fc.array(change, { minLength: 1, maxLength: 3 }),
  snapshot: fc.constantFrom(null, null, 0, 1, 4),
  cut: fc.constantFrom(...Array<boolean>(19).fill(false), true),
});

const run: fc.Arbitrary<Run> = fc.record({
  levels: fc.constantFrom(2, 4, 1000),
  backfills: fc.boolean(),
  withholds: fc.boolean(),
  steps: fc.array(step, { minLength: 1, maxLength: 80, size: "max" }),
});

type Feed = ReturnType<typeof feedInto>;

async function play(market: FeedSetup["market"], { steps, ...options }: Run): Promise<void> {
  const it = feedInto({ market, ...options });
  const { truth, feed } = it;
  let late: (() => void) | null = null;
  /** The first trade of the stream: what is missing after it is known to be. */
  let firstId: number | null = null;
  for (const { what, changes, fate, snapshot, cut } of steps) {
    let deliver: () => void;
    if (what === "diff") {
      const diff = truth.diff(changes);
      deliver = () => feed.takeDiff(diff);
    } else {
      const trade = truth.trade(changes[0]);
      deliver = () => {
        firstId ??= trade.id;
        feed.takeTrade(trade, trade.tradeTime);
      };
    }
    if (fate === "delivered" || fate === "twice") deliver();
    if (fate === "twice") deliver();
    // What was held back comes after what followed it.
    late?.();
    late = fate === "late" ? deliver : null;
    await settled();
    if (snapshot !== null) await it.answerDepth(snapshot);
    if (cut) {
      late = null;
      feed.streamLost("cut");
      assert.equal(it.book().knownRange, null, "diffs were missed for certain");
    }
    assert.deepEqual(it.faults, []);
    assertMissingIsTold(it, firstId);
  }
  await undisturbed(it);
  firstId ??= truth.trades.length;
  assertBookIsWhole(it);
  assertMissingIsTold(it, firstId);
  await assertTradesAreWhole(it, options.backfills ? 1 : firstId, options.withholds);
  assertArchiveIsWhole(it);
}

/** Nothing goes wrong any more: two snapshots, should the first be too old, and what follows. */
async function undisturbed({ truth, feed, answerDepth }: Feed): Promise<void> {
  for (let i = 0; i < 4; i++) {
    const last = { price: 98 + i, lots: 3 + i };
    feed.takeDiff(truth.diff([last]));
    const trade = truth.trade(last);
    feed.takeTrade(trade, trade.tradeTime);
    await settled();
    await answerDepth(0);
  }
  while (feed.repair.progress !== null) await settled();
}

/** Ids that did not come since the first are covered by a gap that is open. */
function assertMissingIsTold({ emitted, gaps }: Feed, firstId: number | null): void {
  if (firstId === null) return;
  const held = new Set(emitted);
  assert.equal(held.size, emitted.length, "each trade goes on once");
  const open = gaps().filter(({ kind, repaired }) => kind === "trades" && !repaired);
  for (let id = firstId; id < Math.max(...emitted); id++) {
    if (held.has(id)) continue;
    const isTold = open.some(({ fromId = 0, toId = 0 }) => fromId <= id && id <= toId);
    assert.ok(isTold, `trade ${id} is missing and no gap says so`);
  }
}

function assertBookIsWhole({ faults, book, truth, gaps }: Feed): void {
  assert.deepEqual(faults, []);
  const { knownRange, lastUpdateId } = book();
  assert.notEqual(knownRange, null, "the book is known in the end");
  assert.equal(lastUpdateId, truth.updateId);
  const open = gaps().filter(({ kind, to }) => kind === "book" && to === null);
  assert.deepEqual(open, []);
}

/** All trades are there, or are not to be had and told as a gap. */
async function assertTradesAreWhole(it: Feed, firstId: number, withholds: boolean): Promise<void> {
  const { truth, emitted, gaps, health } = it;
  const candles = await it.candles();
  const held = new Set(emitted);
  for (const { id } of truth.trades) {
    if (id < firstId || held.has(id)) continue;
    assert.ok(withholds && isWithheld(id), `trade ${id} was to be had`);
  }
  for (const gap of gaps()) {
    if (gap.kind !== "trades") continue;
    const { fromId = 0, toId = 0 } = gap;
    const isWhole = truth.trades.slice(fromId - 1, toId).every(({ id }) => held.has(id));
    assert.equal(gap.repaired, isWhole, `gap ${fromId} to ${toId}`);
  }
  // What the processor counts is what went on, each once.
  const expected = truth.trades.filter(({ id }) => held.has(id));
  assert.equal(sum(candles, ({ trades }) => trades), expected.length);
  assert.equal(sum(candles, ({ volume }) => volume), sum(expected, ({ qtyLots }) => qtyLots));
  assert.equal(health().lastAggTradeId, truth.trades.length);
}

/** The archive was given all that went on, each once, and told what lacks between. */
function assertArchiveIsWhole({ emitted, stop }: Feed): void {
  const { ids, missing } = stop();
  assert.deepEqual(ids, emitted);
  const held = new Set(ids);
  for (let id = Math.min(...ids); id < Math.max(...ids); id++) {
    if (held.has(id)) continue;
    const isTold = missing.some(({ fromId, toId, reason }) =>
      fromId <= id && id <= toId && reason !== "not fetched yet"
    );
    assert.ok(isTold, `trade ${id} is not archived and no note says why`);
  }
}

function sum<T>(all: readonly T[], value: (one: T) => number): number {
  return all.reduce((total, one) => total + value(one), 0);
}

for (const market of ["spot", "usdm"] as const) {
  for (const seed of [20240808, 1, 77]) {
    Deno.test(`any order of loss, duplication and reconnect ends right or in a gap: ${market}, seed ${seed}`, async () => {
      await fc.assert(
        fc.asyncProperty(run, (run) => play(market, run)),
        { numRuns: 200, seed },
      );
    });
  }
}
