import assert from "node:assert/strict";
import { bookGap, notice, repairedGap, TwoRecordings } from "./fixture.ts";
import { DEPTH, TRADES } from "./hand_market.ts";

Deno.test("doubled frames: each counts once, and there is no gap", async () => {
  await using it = new TwoRecordings();
  await it.begin();
  it.faults.duplicateNext(DEPTH, 10);
  it.faults.duplicateNext(TRADES, 10);
  await it.market.both(15);
  await it.becomeEqual();
  assert.deepEqual(await it.disturbed.gaps(), []);
});

Deno.test("swapped diffs: the book begins anew, it is never guessed", async () => {
  await using it = new TwoRecordings();
  await it.begin();
  const from = it.market.time - 100;
  const before = it.market.updateId;
  it.faults.swapNext(DEPTH);
  await it.market.diff();
  await it.market.diff();
  await it.bothHaveBook();
  const to = it.market.time;
  await it.market.both(2);
  await it.becomeEqual();
  const reason = `depth diff ${before + 3} does not follow ${before}`;
  assert.deepEqual(await it.disturbed.gaps(), [bookGap(from, to, reason)]);
});

Deno.test("swapped trades: the late one fills its hole, in the order of the ids", async () => {
  await using it = new TwoRecordings();
  await it.begin();
  const { market } = it;
  const [newest, from] = [market.tradeId, market.time];
  it.faults.swapNext(TRADES);
  // REST does not have them: the stream alone must do.
  await market.trade({ inRest: false });
  const to = await market.trade({ inRest: false });
  market.logLate();
  await market.both(12);
  await it.becomeEqual();
  assert.deepEqual(await it.disturbed.gaps(), [repairedGap(from, to, newest, newest + 2)]);
});

Deno.test("garbage between the frames is named, and nothing else is disturbed", async () => {
  await using it = new TwoRecordings();
  await it.begin();
  const garbage = [
    "",
    "}{",
    "null",
    "[1,2]",
    '"text"',
    '{"stream":1}',
    '{"data":{"e":7}}',
    "\0\xff",
  ];
  for (const text of garbage) {
    it.exchange.sendRaw(text);
    await it.market.both(1);
  }
  it.exchange.sendRaw('{"e":"depthUpdate","E":1,"s":"BTCUSDT","U":1,"u":2,"b":[["x","1"]],"a":[]}');
  it.exchange.sendRaw('{"e":"aggTrade","E":1,"s":"BTCUSDT","a":1.5,"p":"1","q":"1","m":true}');
  it.exchange.sendRaw('{"result":null,"id":1}');
  await it.market.both(5);
  await it.becomeEqual();
  assert.deepEqual(await it.disturbed.gaps(), []);
  await it.disturbed.told(notice(/a frame is not JSON: "\}\{"/));
  await it.disturbed.told(notice(/a frame is not an object: "null"/));
  await it.disturbed.told(notice(/a frame is broken \(.*\): .*depthUpdate/));
  await it.disturbed.told(notice(/a frame is broken \(a must be a whole number, not 1\.5\)/));
});

Deno.test("a diff in finer ticks than the exchange told: the book is lost at once, not with the next one", async () => {
  await using it = new TwoRecordings();
  await it.begin();
  const { updateId } = it.market;
  const from = it.market.time - 100;
  const [E, U, u] = [it.market.time, updateId + 1, updateId + 2];
  const finer = { e: "depthUpdate", E, s: "BTCUSDT", U, u, b: [["100.00000001", "1"]], a: [] };
  it.exchange.sendRaw(JSON.stringify(finer));
  await it.disturbed.until(it.disturbed.book, ({ knownRange }) => knownRange === null);
  const [{ reason, ...gap }] = await it.disturbed.gaps();
  assert.deepEqual(gap, { kind: "book", from, to: null, repaired: false });
  assert.match(reason, /a frame is broken/);
});

Deno.test("half a diff is a lost diff: a gap in the book, from the one before it", async () => {
  await using it = new TwoRecordings();
  await it.begin();
  const from = it.market.time - 100;
  const before = it.market.updateId;
  it.faults.halveNext(DEPTH);
  await it.market.diff();
  await it.market.diff();
  await it.bothHaveBook();
  const to = it.market.time;
  await it.becomeEqual();
  const reason = `depth diff ${before + 3} does not follow ${before}`;
  assert.deepEqual(await it.disturbed.gaps(), [bookGap(from, to, reason)]);
  await it.disturbed.told(notice(/a frame is not JSON: .*depthUpdate/));
});

Deno.test("half a trade is a lost trade: it is fetched by id", async () => {
  await using it = new TwoRecordings();
  await it.begin();
  const [newest, from] = [it.market.tradeId, it.market.time];
  it.faults.halveNext(TRADES);
  await it.market.trade();
  const to = await it.market.trade();
  await it.market.both(3);
  await it.becomeEqual();
  assert.deepEqual(await it.disturbed.gaps(), [repairedGap(from, to, newest, newest + 2)]);
});
