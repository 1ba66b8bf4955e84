import assert from "node:assert/strict";
import { CaptureBook, type DepthEvent } from "../../simulator/capture_book.ts";
import { captureMarket } from "../../simulator/capture_market.ts";
import type { RestDepth } from "../../simulator/source.ts";

const { signal } = new AbortController();
const noHold = () => Promise.resolve();

/** A diff that sets one bid. */
function diff(first: number, last: number, price: string, previous?: number): DepthEvent {
  return {
    type: "depth",
    symbol: "BTCUSDT",
    stream: "btcusdt@depth@100ms",
    data: "",
    eventTime: last,
    firstUpdateId: first,
    lastUpdateId: last,
    previousUpdateId: previous,
    bids: [[price, "1"]],
    asks: [],
  };
}

/** A book that is known from 1 to 100. */
function snapshot(lastUpdateId: number): RestDepth {
  return { lastUpdateId, bids: [["1", "9"]], asks: [["100", "9"]] };
}

async function bidsOf(book: CaptureBook): Promise<string[]> {
  return (await book.depth(10, signal)).bids.map(([price]) => price);
}

Deno.test("a later snapshot that is older than the book keeps the diffs since", async () => {
  const book = new CaptureBook();
  await book.takeSnapshot(snapshot(10), noHold, signal);
  book.takeDiff(diff(11, 12, "20"));
  book.takeDiff(diff(13, 14, "30"));
  await book.takeSnapshot(snapshot(12), noHold, signal);
  assert.deepEqual(await bidsOf(book), ["30", "1"]);
});

Deno.test("a snapshot older than all kept diffs changes nothing", async () => {
  const book = new CaptureBook();
  await book.takeSnapshot(snapshot(10), noHold, signal);
  book.takeDiff(diff(11, 12, "20"));
  await book.takeSnapshot(snapshot(5), noHold, signal);
  assert.deepEqual(await bidsOf(book), ["20", "1"]);
});

Deno.test("after a missing diff a request waits for the next snapshot", async () => {
  const book = new CaptureBook();
  await book.takeSnapshot(snapshot(10), noHold, signal);
  book.takeDiff(diff(11, 12, "20"));
  book.takeDiff(diff(15, 16, "30"));
  let bids: string[] | null = null;
  const asked = bidsOf(book).then((found) => bids = found);
  // The snapshot 13 does not reach the diff 15 either.
  await book.takeSnapshot(snapshot(13), noHold, signal);
  assert.equal(bids, null);
  let wasLost: boolean | null = null;
  await book.takeSnapshot(snapshot(15), (someoneAsked, lost) => {
    wasLost = lost;
    return someoneAsked;
  }, signal);
  // The one who waited got the snapshot itself; the diff over its id came after.
  assert.deepEqual(await asked, ["1"]);
  assert.equal(wasLost, true);
  assert.deepEqual(await bidsOf(book), ["30", "1"]);
});

Deno.test("USD-M diffs follow by pu: U is not the previous u + 1", async () => {
  const book = new CaptureBook();
  await book.takeSnapshot(snapshot(10), noHold, signal);
  book.takeDiff(diff(8, 12, "20", 6));
  book.takeDiff(diff(17, 19, "30", 12));
  assert.deepEqual(await bidsOf(book), ["30", "20", "1"]);
});

Deno.test("snapshots of several symbols are told apart by the stream's name", async () => {
  const trade = (s: string) =>
    `{"stream":"x","data":{"e":"aggTrade","E":1000,"s":"${s}","a":1,"p":"10.5","q":"1","f":1,"l":1,"T":1000,"m":true}}`;
  const depth = (s: string, id: number) =>
    `{"stream":"${s}@depthSnapshot","data":{"lastUpdateId":${id},"bids":[["10","1"]],"asks":[["11","1"]]}}`;
  const lines = [trade("BTCUSDT"), trade("ETHUSDT"), depth("ethusdt", 7), depth("btcusdt", 5)];
  const file = `${await Deno.makeTempDir()}/a.txt`;
  await Deno.writeTextFile(file, lines.map((one, i) => `172316125500000000${i} ${one}`).join("\n"));
  const source = await captureMarket({ files: [file], speed: Infinity, holdForDepthMs: 0 });
  await source.run(() => {}, signal);
  assert.equal((await source.depth("BTCUSDT", 5, signal)).lastUpdateId, 5);
  assert.equal((await source.depth("ETHUSDT", 5, signal)).lastUpdateId, 7);
});
