import assert from "node:assert/strict";
import { AGG_TRADES_PATH, BRIEF_OVERLAP, reconnected, TwoRecordings } from "./fixture.ts";
import { DEPTH, TRADES } from "./hand_market.ts";

/** Numbers in [0, 1), the same ones for the same seed (mulberry32). */
function seeded(seed: number): () => number {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

for (const seed of [1, 2, 3]) {
  Deno.test(`whatever goes wrong in any order, the end is right (seed ${seed})`, async () => {
    // A clock a hundred times as fast: snapshots in a storm are not asked for in a hurry.
    const now = () => performance.now() * 100;
    await using it = new TwoRecordings({ backfillMs: 60_000, streamLimits: BRIEF_OVERLAP, now });
    await it.begin();
    const { faults, exchange, market } = it;
    const random = seeded(seed);
    const steps: (() => void)[] = [
      () => faults.dropNext(DEPTH),
      () => faults.dropNext(TRADES, 2),
      () => faults.duplicateNext(DEPTH),
      () => faults.duplicateNext(TRADES),
      () => faults.swapNext(DEPTH),
      () => faults.swapNext(TRADES),
      () => faults.halveNext(TRADES),
      () => faults.halveNext(DEPTH),
      () => exchange.sendRaw('{"e":"serverShutdown","E":1}'),
      () => exchange.sendRaw("}"),
    ];
    faults.failRest(AGG_TRADES_PATH, { status: 502, body: "<html>" });
    for (let round = 0; round < 40; round++) {
      steps[Math.floor(random() * steps.length)]();
      await market.both(1 + Math.floor(random() * 3));
      await it.calmHasTrade();
      if (round !== 20) continue;
      const back = exchange.nextClient;
      exchange.cutConnections();
      await market.both(2);
      await reconnected(back);
    }
    // Faults that still wait for a frame of their stream find one.
    await market.both(20);
    await it.becomeEqual();
    const gaps = await it.disturbed.gaps();
    assert.ok(gaps.some(({ kind }) => kind === "book"), "no book was lost: the storm was none");
    assert.ok(gaps.some(({ kind }) => kind === "trades"), "no trade was lost");
    const unmended = gaps.filter(({ kind, to, repaired }) =>
      kind === "book" ? to === null : !repaired
    );
    assert.deepEqual(unmended, []);
    let known = 0;
    for (const { kind, from, to } of gaps) {
      if (kind !== "book") continue;
      assert.ok(from >= known && to !== null && to > from, "book gaps follow one another");
      known = to;
    }
  });
}
