import assert from "node:assert/strict";
import { RangeWatch } from "../../collector/range_watch.ts";

const MINUTE = 60_000;

Deno.test("RangeWatch asks when the price is within a fifth of the range from its edge", () => {
  const watch = new RangeWatch();
  assert.equal(watch.reasonAt(1, 0), null, "before the first snapshot there is nothing to widen");
  watch.take([1000, 2000], 0);
  assert.equal(watch.reasonAt(1200, MINUTE), null);
  assert.match(watch.reasonAt(1199, MINUTE) ?? "", /edge/);
  assert.equal(watch.reasonAt(1199, MINUTE + 1), null, "not again at once");
  assert.match(watch.reasonAt(1801, 2 * MINUTE) ?? "", /edge/);
});

Deno.test("RangeWatch asks again half an hour after the last snapshot", () => {
  const watch = new RangeWatch();
  watch.take([1000, 2000], 0);
  assert.equal(watch.reasonAt(1500, 30 * MINUTE - 1), null);
  assert.match(watch.reasonAt(1500, 30 * MINUTE) ?? "", /old/);
  watch.take([1000, 2000], 30 * MINUTE);
  assert.equal(watch.reasonAt(1500, 59 * MINUTE), null);
});
