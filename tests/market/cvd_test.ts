import assert from "node:assert/strict";
import { cumulativeDelta } from "../../market/cvd.ts";

const DAY = 86_400_000;
const H = 3_600_000;

function candle(time: number, delta: number, hasGap = false) {
  return { time, delta, hasGap };
}

Deno.test("cumulativeDelta starts every UTC day at 0", () => {
  const candles = [candle(0, 5), candle(H, -7), candle(DAY, 3), candle(DAY + H, 1)];
  assert.deepEqual(cumulativeDelta(candles, "day", 0), [5, -2, 3, 4]);
});

Deno.test("cumulativeDelta of a range goes on over midnight", () => {
  const candles = [candle(H, 5), candle(DAY, 3)];
  assert.deepEqual(cumulativeDelta(candles, "range", H), [5, 8]);
});

Deno.test("cumulativeDelta carries nothing across a gap", () => {
  const candles = [candle(0, 5), candle(H, 1, true), candle(2 * H, 2), candle(DAY, 3)];
  assert.deepEqual(cumulativeDelta(candles, "day", 0), [5, null, null, 3]);
  assert.deepEqual(cumulativeDelta(candles, "range", 0), [5, null, null, null]);
});

Deno.test("cumulativeDelta knows nothing of a day whose beginning is not in the range", () => {
  const candles = [candle(H, 5), candle(DAY, 3)];
  assert.deepEqual(cumulativeDelta(candles, "day", 1), [null, 3]);
  assert.deepEqual(cumulativeDelta(candles, "day", 0), [5, 8 - 5]);
});

Deno.test("cumulativeDelta starts a range where the recording does", () => {
  const candles = [candle(0, 5, true), candle(H, 4), candle(2 * H, -1)];
  assert.deepEqual(cumulativeDelta(candles, "range", 0), [null, 4, 3]);
  assert.deepEqual(cumulativeDelta(candles, "day", 0), [null, null, null]);
});

Deno.test("cumulativeDelta of no candle is empty", () => {
  assert.deepEqual(cumulativeDelta([], "day", 0), []);
});
