import assert from "node:assert/strict";
import { backoffMs } from "../../live/backoff.ts";

Deno.test("backoffMs() doubles up to 15 s, half of it random", () => {
  assert.equal(backoffMs(0, 0), 250);
  assert.equal(backoffMs(0, 1), 500);
  assert.equal(backoffMs(2, 0.5), 1500);
  assert.equal(backoffMs(20, 1), 15_000);
});
