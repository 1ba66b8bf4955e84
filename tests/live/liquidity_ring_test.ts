import assert from "node:assert/strict";
import type { LiquidityColumn, LiquidityFrame } from "../../bus/messages.ts";
import { LiquidityRing } from "../../live/liquidity_ring.ts";

function column(time: number, other: Partial<LiquidityColumn>): LiquidityColumn {
  return { time, known: [100, 149], keyframe: false, bids: [], asks: [], ...other };
}

function frame(columns: LiquidityColumn[], full = false): LiquidityFrame {
  return {
    type: "liquidity",
    symbol: "BTCUSDT",
    seq: 1,
    full,
    baseGroup: 10,
    stepMs: 250,
    columns,
  };
}

const keyframe = column(0, {
  keyframe: true,
  bids: [110, 500, 4, 120, 250, 1],
  asks: [130, 1000, 4],
});

Deno.test("LiquidityRing makes a keyframe dense, row by row, both sides together", () => {
  const ring = new LiquidityRing();
  const [dense] = ring.applyFrame(frame([keyframe], true));
  assert.equal(dense.low, 100);
  assert.deepEqual([...dense.lotMs ?? []], [0, 500, 250, 1000, 0]);
});

Deno.test("LiquidityRing carries rows that are not listed at their last close", () => {
  const ring = new LiquidityRing();
  ring.applyFrame(frame([keyframe], true));
  const [dense] = ring.applyFrame(frame([column(250, { bids: [120, 100, 0] })]));
  // 110 rests at 4 lots for 250 ms, 130 too; 120 had 100 lot ms and ended empty.
  assert.deepEqual([...dense.lotMs ?? []], [0, 1000, 100, 1000, 0]);
  const [next] = ring.applyFrame(frame([column(500, {})]));
  assert.deepEqual([...next.lotMs ?? []], [0, 1000, 0, 1000, 0]);
});

Deno.test("LiquidityRing carries nothing across an unknown column or a hole", () => {
  const ring = new LiquidityRing();
  ring.applyFrame(frame([keyframe], true));
  const unknown = ring.applyFrame(frame([column(250, { known: null }), column(500, {})]));
  assert.deepEqual(unknown.map(({ lotMs }) => lotMs), [null, null]);
  ring.applyFrame(frame([{ ...keyframe, time: 750 }]));
  const [hole] = ring.applyFrame(frame([column(1250, {})]));
  assert.equal(hole.lotMs, null);
});

Deno.test("LiquidityRing does not add the newest column again when a full frame repeats it", () => {
  const ring = new LiquidityRing();
  ring.applyFrame(frame([keyframe], true));
  assert.equal(ring.applyFrame(frame([keyframe], true)).length, 0);
  assert.equal(ring.columns.length, 1);
  assert.equal(ring.end, 250);
});
