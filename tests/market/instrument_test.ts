import assert from "node:assert/strict";
import { baseGroupTicks, lotScale } from "../../market/instrument.ts";
import { toUnits } from "../../market/scale.ts";

Deno.test("lotScale() is finer than the step, because older orders in the book are", () => {
  const lots = lotScale("0.00001000", "9000.00000000");
  assert.deepEqual(lots, { decimals: 8, step: 1 });
  assert.equal(toUnits(lots, "25.42618900"), 2_542_618_900);
});

Deno.test("lotScale() gets coarser where sums would not stay exact", () => {
  // 10,000 orders of 90,000,000 are 9e11: four decimals make 9e15, which is still exact.
  assert.deepEqual(lotScale("1.00000000", "90000000.00000000"), { decimals: 4, step: 1 });
  assert.deepEqual(lotScale("1", "1000000000000"), { decimals: 0, step: 1 });
});

Deno.test("baseGroupTicks() is about 0.2 basis points of the price in steps of 1, 2, 5", () => {
  assert.equal(baseGroupTicks(6_183_763), 100); // 61,837.63 at 0.01: 1 USD
  assert.equal(baseGroupTicks(268_162), 5); // 2,681.62 at 0.01: 0.05 USD
  assert.equal(baseGroupTicks(1_413), 1); // finer than a tick
});
