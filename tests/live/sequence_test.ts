import assert from "node:assert/strict";
import type { TradesFrame } from "../../bus/messages.ts";
import { Sequence } from "../../live/sequence.ts";

function frame(seq: number, full = false): TradesFrame {
  return { type: "trades", symbol: "BTCUSDT", seq, full, trades: [], skipped: 0 };
}

Deno.test("Sequence applies a full frame and the deltas that follow it", () => {
  const sequence = new Sequence();
  assert.equal(sequence.judge(frame(7, true)), "apply");
  assert.equal(sequence.judge(frame(8)), "apply");
  assert.equal(sequence.judge(frame(9)), "apply");
});

Deno.test("Sequence asks once for a full frame after a jump and applies nothing until it comes", () => {
  const sequence = new Sequence();
  sequence.judge(frame(7, true));
  assert.equal(sequence.judge(frame(9)), "resubscribe");
  assert.equal(sequence.judge(frame(10)), "ignore");
  assert.equal(sequence.judge(frame(11, true)), "apply");
  assert.equal(sequence.judge(frame(12)), "apply");
});

Deno.test("Sequence ignores deltas that a full frame already holds", () => {
  const sequence = new Sequence();
  sequence.judge(frame(7, true));
  assert.equal(sequence.judge(frame(6)), "ignore");
  assert.equal(sequence.judge(frame(8)), "apply");
});

Deno.test("Sequence asks for a full frame when a delta comes first", () => {
  assert.equal(new Sequence().judge(frame(3)), "resubscribe");
});
