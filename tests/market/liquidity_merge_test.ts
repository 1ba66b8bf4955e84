import assert from "node:assert/strict";
import type { LiquidityBin, LiquidityCell } from "../../market/liquidity.ts";
import { LiquidityMerger } from "../../market/liquidity_merge.ts";

/** Bins of 100 ms with rows of 10 ticks -> 200 ms and 20 ticks. */
function setUp(rowTicks = 20, keyframeMs = 10_000) {
  const merged: LiquidityBin[] = [];
  const options = { fromMs: 100, toMs: 200, rowTicks, keyframeMs };
  const merger = new LiquidityMerger(options, (bin) => merged.push(bin));
  return { merger, merged };
}

const cell = (row: number, lotMs: number, closeLots: number): LiquidityCell => ({
  row,
  lotMs,
  closeLots,
});

function bin(time: number, bids: LiquidityCell[], more: Partial<LiquidityBin> = {}): LiquidityBin {
  return { time, known: [0, 99], keyframe: false, bids, asks: [], ...more };
}

const FIRST = bin(0, [cell(20, 500, 5), cell(30, 300, 3)], { keyframe: true });

Deno.test("LiquidityMerger adds up changed rows and those beside them that rested unchanged", () => {
  const { merger, merged } = setUp();
  merger.add(FIRST);
  merger.add(bin(100, []));
  // The row at 30 goes from 3 to 1 in the middle of the bin; the one at 20 still holds 5.
  merger.add(bin(200, [cell(30, 200, 1)]));
  merger.add(bin(300, []));
  assert.deepEqual(merged, [
    bin(0, [cell(20, 8 * 200, 8)], { keyframe: true }),
    bin(200, [cell(20, 5 * 200 + 200 + 100, 6)]),
  ]);
});

Deno.test("LiquidityMerger tells a row that became empty once, and lists none that kept still", () => {
  const { merger, merged } = setUp(10);
  merger.add(FIRST);
  merger.add(bin(100, [cell(20, 50, 0)]));
  // A keyframe that tells nothing new.
  merger.add(bin(200, [cell(30, 300, 3)], { keyframe: true }));
  merger.add(bin(300, []));
  assert.deepEqual(merged.map(({ bids }) => bids), [
    [cell(20, 550, 0), cell(30, 600, 3)],
    [],
  ]);
});

Deno.test("LiquidityMerger leaves out what is partly unknown, and begins anew with a keyframe", () => {
  const { merger, merged } = setUp(10);
  merger.add(FIRST);
  merger.add(bin(100, []));
  merger.add(bin(200, []));
  merger.add(bin(300, [], { known: null }));
  merger.add(bin(400, []));
  merger.add(bin(500, [cell(40, 100, 1)], { keyframe: true }));
  merger.add(bin(600, []));
  // 700 is missing.
  merger.add(bin(800, [cell(40, 200, 2)], { keyframe: true }));
  merger.add(bin(900, []));
  assert.deepEqual(merged, [
    bin(0, [cell(20, 1000, 5), cell(30, 600, 3)], { keyframe: true }),
    bin(800, [cell(40, 400, 2)], { keyframe: true }),
  ]);
});

Deno.test("LiquidityMerger lists all rows again when it is time, and on request", () => {
  const { merger, merged } = setUp(10, 400);
  merger.add(FIRST);
  for (let time = 100; time < 1000; time += 100) merger.add(bin(time, []));
  assert.deepEqual(merged.map(({ keyframe }) => keyframe), [true, false, true, false, true]);
  merger.requestKeyframe();
  merger.add(bin(1000, []));
  merger.add(bin(1100, []));
  assert.deepEqual(
    merged.at(-1),
    bin(1000, [cell(20, 1000, 5), cell(30, 600, 3)], {
      keyframe: true,
    }),
  );
});

Deno.test("LiquidityMerger lists rows outside of the known range once it has widened", () => {
  const { merger, merged } = setUp(10);
  const narrow = { known: [30, 99] as const };
  merger.add(bin(0, [cell(20, 500, 5), cell(30, 300, 3)], { keyframe: true, ...narrow }));
  merger.add(bin(100, [], narrow));
  merger.add(bin(200, [], narrow));
  merger.add(bin(300, []));
  merger.add(bin(400, []));
  merger.add(bin(500, []));
  assert.deepEqual(merged, [
    bin(0, [cell(30, 600, 3)], { keyframe: true, ...narrow }),
    // Known throughout was only the narrower range.
    bin(200, [], narrow),
    bin(400, [cell(20, 1000, 5), cell(30, 600, 3)], { keyframe: true }),
  ]);
});

Deno.test("LiquidityMerger forgets rows that a keyframe no longer lists", () => {
  const { merger, merged } = setUp(10);
  merger.add(FIRST);
  merger.add(bin(100, []));
  const elsewhere = { known: [50, 99] as const };
  merger.add(bin(200, [cell(60, 100, 1)], { keyframe: true, ...elsewhere }));
  merger.add(bin(300, [], elsewhere));
  merger.add(bin(400, []));
  merger.add(bin(500, []));
  assert.deepEqual(merged.at(-1)?.bids, [cell(60, 200, 1)]);
});

Deno.test("LiquidityMerger refuses a length that its bins do not divide", () => {
  assert.throws(
    () => new LiquidityMerger({ fromMs: 300, toMs: 1000, rowTicks: 1, keyframeMs: 1 }, () => {}),
    /Bins of 300 ms cannot be merged into bins of 1000 ms/,
  );
});
