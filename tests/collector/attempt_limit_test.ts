import assert from "node:assert/strict";
import { AttemptLimit } from "../../collector/attempt_limit.ts";

const MINUTE = 60_000;

Deno.test("AttemptLimit lets attempts pass until five minutes have seen enough of them", () => {
  const limit = new AttemptLimit(3);
  assert.deepEqual([0, 10, 20].map((time) => limit.pauseMs(time)), [0, 0, 0]);
  assert.equal(limit.pauseMs(1 * MINUTE), 4 * MINUTE, "when the first is five minutes old");
  assert.equal(limit.pauseMs(1 * MINUTE), 4 * MINUTE + 10);
  assert.equal(limit.pauseMs(5 * MINUTE + 20), 0, "the one at 20 ms is five minutes old");
  assert.equal(limit.pauseMs(5 * MINUTE + 20), 5 * MINUTE - 20, "after the one at 5 min");
  assert.equal(limit.pauseMs(20 * MINUTE), 0);
});
