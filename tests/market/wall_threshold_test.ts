import assert from "node:assert/strict";
import fc from "fast-check";
import { WallThreshold } from "../../market/wall_threshold.ts";

const MINUTE = 60_000;

/** Nearest rank: the smallest quantity that at least this share of all do not exceed. */
function exactPercentile(lots: readonly number[], percentile: number): number {
  const sorted = [...lots].sort((a, b) => a - b);
  return sorted[Math.ceil((percentile / 100) * sorted.length) - 1];
}

function thresholdOf(lots: readonly number[], percentile: number): number | null {
  const threshold = new WallThreshold(percentile);
  threshold.advance(0);
  for (const one of lots) threshold.add(one);
  return threshold.value();
}

Deno.test("WallThreshold is unknown before the first sample", () => {
  assert.equal(new WallThreshold(99.5).value(), null);
  assert.equal(thresholdOf([0, 0], 99.5), null);
});

Deno.test("WallThreshold takes the nearest rank, exactly for small quantities", () => {
  const oneToHundred = Array.from({ length: 100 }, (_, i) => i + 1);
  assert.equal(thresholdOf(oneToHundred, 99), 99);
  assert.equal(thresholdOf(oneToHundred, 99.5), 100);
  assert.equal(thresholdOf(oneToHundred, 50), 50);
  assert.equal(thresholdOf(oneToHundred, 1), 1);
  assert.equal(thresholdOf([7], 99.5), 7);
});

Deno.test("WallThreshold is within 0.8 % of the exact percentile for any quantities", () => {
  const lots = fc.array(
    fc.oneof(fc.integer({ min: 1, max: 300 }), fc.maxSafeNat().map((one) => one + 1)),
    { minLength: 1, maxLength: 200 },
  );
  fc.assert(fc.property(lots, fc.integer({ min: 1, max: 1000 }), (lots, perMille) => {
    const exact = exactPercentile(lots, perMille / 10);
    const found = thresholdOf(lots, perMille / 10) ?? NaN;
    assert.ok(Math.abs(found - exact) <= exact / 128, `${found} instead of ${exact}`);
  }));
});

Deno.test("WallThreshold forgets what is an hour old, minute by minute", () => {
  const threshold = new WallThreshold(99.5);
  threshold.advance(10 * MINUTE + 59_999);
  threshold.add(100);
  for (let minute = 11; minute <= 69; minute++) {
    threshold.advance(minute * MINUTE);
    threshold.add(10);
  }
  // One of sixty samples is above the percentile: 99.5 % is the largest.
  assert.equal(threshold.value(), 100);
  threshold.advance(70 * MINUTE - 1);
  assert.equal(threshold.value(), 100);
  threshold.advance(70 * MINUTE);
  assert.equal(threshold.value(), 10);
  // After a silence of an hour nothing is left.
  threshold.advance(130 * MINUTE);
  assert.equal(threshold.value(), null);
});

Deno.test("WallThreshold refuses a percentile or a window that makes no sense", () => {
  assert.throws(() => new WallThreshold(0), /percentile must be above 0.*received 0/);
  assert.throws(() => new WallThreshold(101), /percentile/);
  assert.throws(() => new WallThreshold(99, 0.5), /windowMinutes must be a whole number/);
});
