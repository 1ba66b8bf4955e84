import assert from "node:assert/strict";
import type { StatusFrame } from "../../bus/messages.ts";
import { recordingAlarm, statusWords } from "../../live/status_words.ts";
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

const open = { state: "open", retryMs: null } as const;

Deno.test("statusWords() has a word for every state of the feed", () => {
  const right = (other: Partial<StatusFrame>) =>
    statusWords({ ...status, ...other }, open, null).right;
  const off = { connected: false, lagMs: null } as const;
  assert.equal(
    right({ ...off, state: "connecting" }),
    "Connecting · lag unknown · times are UTC",
  );
  assert.equal(
    right({ connected: true, lagMs: null, state: "connecting" }),
    "Connected · lag unknown · times are UTC",
  );
  assert.equal(
    right({ state: "synchronising", lagMs: 1270 }),
    "Synchronising · lag 1270 ms · times are UTC",
  );
  assert.equal(
    right({ state: "stale", lagMs: 0 }),
    "Stale: no data comes · lag 0 ms · times are UTC",
  );
  assert.equal(right({ ...off, state: "offline" }), "Offline · lag unknown · times are UTC");
});

Deno.test("statusWords() is good only while live, in step and without a gap", () => {
  const level = (other: Partial<StatusFrame>) =>
    statusWords({ ...status, ...other }, open, null).level;
  assert.equal(level({}), "good");
  assert.equal(level({ state: "stale" }), "warning");
  assert.equal(level({ book: "syncing" }), "warning");
  assert.equal(level({ openGaps: 1 }), "warning");
});

Deno.test("statusWords() counts open and repaired gaps", () => {
  const left = (openGaps: number, repairedGaps: number) =>
    statusWords({ ...status, openGaps, repairedGaps }, open, null).left;
  assert.match(left(0, 0), / · no open gap$/);
  assert.match(left(1, 0), / · 1 open gap$/);
  assert.match(left(0, 3), / · no open gap, 3 repaired$/);
  assert.match(left(2, 3), / · 2 open gaps, 3 repaired$/);
});

Deno.test("statusWords() tells how far earlier trades are fetched, 100 % only at the end", () => {
  const left = (done: number, of: number) =>
    statusWords({ ...status, backfill: { done, of } }, open, null).left;
  assert.match(left(425, 1000), / · fetching earlier trades: 42 %$/);
  assert.match(left(0, 7), / · fetching earlier trades: 0 %$/);
  assert.match(left(999, 1000), / · fetching earlier trades: 99 %$/);
  assert.match(left(1000, 1000), / · fetching earlier trades: 100 %$/);
  assert.match(left(0, 0), / · fetching earlier trades$/);
});

Deno.test("statusWords() gives the recording's size", () => {
  const recording = {
    state: "recording",
    message: "Recording to /data",
    bytes: 1_234_567,
  } as const;
  const { left, level } = statusWords({ ...status, recording }, open, null);
  assert.match(left, / · recorded since 2026-06-12 08:05 \(1\.2 MB\) · /);
  assert.equal(level, "good");
});

Deno.test("statusWords() says when nothing is meant to be recorded, and why", () => {
  const left = (message: string) =>
    statusWords({ ...status, recording: { state: "off", message, bytes: 0 } }, open, null).left;
  assert.match(left("a capture is played"), / · not recording: a capture is played · /);
  assert.match(left(""), / · not recording · /);
});

const stopped = { state: "stopped", message: "No space left on /data.", bytes: 10 } as const;

Deno.test("statusWords() begins with a recording that has stopped", () => {
  const { left, level } = statusWords({ ...status, recording: stopped }, open, null);
  assert.equal(level, "bad");
  assert.match(left, /^RECORDING STOPPED: No space left on \/data · Binance spot · /);
});

Deno.test("recordingAlarm() is loud only while recording has stopped", () => {
  assert.equal(
    recordingAlarm({ ...status, recording: stopped }),
    "RECORDING STOPPED: No space left on /data. The live chart goes on.",
  );
  assert.equal(recordingAlarm({ ...status, recording: { ...stopped, state: "recording" } }), null);
  assert.equal(recordingAlarm({ ...status, recording: { ...stopped, state: "off" } }), null);
  assert.equal(recordingAlarm(status), null);
  assert.equal(recordingAlarm(null), null);
});

Deno.test("statusWords() does not call the feed live while the link is being made again", () => {
  const words = statusWords(status, { state: "connecting", retryMs: null }, null);
  assert.deepEqual(words, { level: "bad", left: "Connecting to the server again", right: "" });
  assert.equal(
    statusWords(null, { state: "connecting", retryMs: null }, null).left,
    "Connecting to the server",
  );
});
