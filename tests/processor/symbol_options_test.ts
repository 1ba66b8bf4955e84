import assert from "node:assert/strict";
import type { DepthSnapshotEvent } from "../../bus/messages.ts";
import { parseScale } from "../../market/scale.ts";
import { SymbolState } from "../../processor/symbol_state.ts";
import { SymbolTopics } from "../../processor/symbol_topics.ts";

const instrument = {
  ...{ symbol: "BTCUSDT", market: "spot" as const, stepSize: 0.01 },
  ...{ priceScale: parseScale("0.01"), qtyScale: parseScale("0.01") },
  ...{ baseAsset: "BTC", quoteAsset: "USDT" },
};

const SNAPSHOT: DepthSnapshotEvent = {
  type: "depthSnapshot",
  symbol: "BTCUSDT",
  eventTime: 1000,
  snapshot: { lastUpdateId: 1, bids: [6_000_000, 5], asks: [6_000_001, 5] },
};

function baseTicks(rows?: string): number | null {
  const state = new SymbolState("BTCUSDT", new SymbolTopics(), rows === undefined ? {} : { rows });
  try {
    state.setInstrument(instrument);
  } finally {
    state.applySnapshot(SNAPSHOT);
  }
  return state.baseTicks;
}

Deno.test("liquidity is kept on the rows that were asked for, else on rows by the price", () => {
  assert.equal(baseTicks(), 100);
  assert.equal(baseTicks("5"), 500);
  assert.equal(baseTicks("0.25"), 25);
});

Deno.test("rows that ticks cannot make up are refused, naming both, and the price chooses", () => {
  const state = new SymbolState("BTCUSDT", new SymbolTopics(), { rows: "0.005" });
  assert.throws(() => state.setInstrument(instrument), /0\.005 is not a multiple of 0\.01/);
  state.applySnapshot(SNAPSHOT);
  assert.equal(state.baseTicks, 100);
});
