import assert from "node:assert/strict";
import type { StatusFrame } from "../../bus/messages.ts";
import { statusWords } from "../../live/status_words.ts";
import { instrument } from "../chart/fixture.ts";

const status: StatusFrame = {
  type: "status",
  symbol: "BTCUSDT",
  seq: 1,
  full: true,
  instrument,
  baseGroup: 100,
  feed: { kind: "binance", message: "Binance spot", simulated: false },
  connected: true,
  state: "live",
  message: "",
  lagMs: 38.4,
  book: "synced",
  lastEventTime: 1,
  recordedSince: Date.UTC(2026, 5, 12, 8, 5),
  openGaps: 0,
  repairedGaps: 0,
  backfill: null,
  recording: null,
  notices: [],
};

Deno.test("statusWords() says what is recorded and whether anything is missing", () => {
  const words = statusWords(status, { state: "open", retryMs: null }, null);
  assert.equal(words.level, "good");
  assert.equal(
    words.left,
    "Binance spot · order book in step · recorded since 2026-06-12 08:05 · no open gap",
  );
  assert.equal(words.right, "Live · lag 38 ms · times are UTC");
});

Deno.test("statusWords() warns of open gaps", () => {
  const words = statusWords({ ...status, openGaps: 2 }, { state: "open", retryMs: null }, null);
  assert.equal(words.level, "warning");
  assert.match(words.left, /2 open gaps$/);
});

Deno.test("statusWords() says plainly that the server is lost", () => {
  const words = statusWords(status, { state: "lost", retryMs: 1800 }, null);
  assert.equal(words.level, "bad");
  assert.equal(words.left, "Connection to the server lost, next try in 2 s");
});
