import assert from "node:assert/strict";
import {
  bookGap,
  DEPTH_PATH,
  reconnected,
  repairedGap,
  restCalled,
  TwoRecordings,
} from "./fixture.ts";
import { soon } from "./recorder.ts";

const CUT = "the connection was closed (1001 )";
/** Trades before the first one seen are fetched from so long ago. */
const BACKFILL = { backfillMs: 60_000 };

Deno.test("cut before the first frame: what was missed is fetched, the book has no gap", async () => {
  await using it = new TwoRecordings(BACKFILL);
  await it.connected;
  const back = it.exchange.nextClient;
  it.exchange.cutConnections();
  await it.market.both(5);
  await reconnected(back);
  await it.market.both(10);
  await it.becomeEqual();
  assert.deepEqual(await it.disturbed.gaps(), []);
});

Deno.test("cut while diffs wait for the snapshot: those of the old connection are forgotten", async () => {
  await using it = new TwoRecordings(BACKFILL);
  await it.connected;
  const answer = Promise.withResolvers<void>();
  const asked = restCalled(it.exchange, DEPTH_PATH);
  it.faults.delayRest(DEPTH_PATH, answer.promise);
  await it.market.both(1);
  const old = it.market.snapshot();
  await it.market.both(2);
  await soon(asked, "no snapshot was asked for");
  await it.calm.until(it.calm.book, ({ knownRange }) => knownRange !== null);
  const from = await it.market.trade();
  const newest = it.market.tradeId;
  const back = it.exchange.nextClient;
  it.exchange.cutConnections();
  // Lost: a book that the old snapshot begins with the old diffs would lack these.
  it.market.oldDepths.push(old);
  await it.market.both(3);
  await reconnected(back);
  const to = await it.market.trade();
  await it.market.both(3);
  answer.resolve();
  await it.becomeEqual();
  assert.deepEqual(await it.disturbed.gaps(), [repairedGap(from, to, newest, newest + 4)]);
});

Deno.test("cut after a snapshot that no diff has joined: it is asked for again", async () => {
  await using it = new TwoRecordings(BACKFILL);
  await it.connected;
  it.market.goesOn = false;
  await it.market.both(1);
  await soon(it.market.given(2), "two snapshots were not asked for");
  // Both snapshots hold the only diff: neither book can begin.
  await it.bothHaveTrade();
  const before = it.market.snapshot();
  const [newest, from] = [it.market.tradeId, it.market.time];
  const back = it.exchange.nextClient;
  it.exchange.cutConnections();
  await it.market.both(2);
  await reconnected(back);
  // The first answer after the cut is from before it: only a second one can join.
  it.market.oldDepths.push(before);
  it.market.goesOn = true;
  const to = await it.market.trade();
  await it.market.both(3);
  await it.becomeEqual();
  assert.deepEqual(it.market.oldDepths, []);
  assert.deepEqual(await it.disturbed.gaps(), [repairedGap(from, to, newest, newest + 3)]);
});

Deno.test("cut while live: the book is unknown until it joins again, trades are fetched", async () => {
  await using it = new TwoRecordings();
  await it.begin();
  const { market } = it;
  const [lastTrade, newest] = [market.time, market.tradeId];
  const from = await market.diff();
  await it.bothHaveBook();
  const back = it.exchange.nextClient;
  it.exchange.cutConnections();
  await market.both(4);
  await reconnected(back);
  await market.diff();
  await it.bothHaveBook();
  const to = market.time;
  const firstTrade = await market.trade();
  await market.both(2);
  await it.becomeEqual();
  assert.deepEqual(await it.disturbed.gaps(), [
    bookGap(from, to, CUT),
    repairedGap(lastTrade, firstTrade, newest, newest + 5),
  ]);
});

Deno.test("cut again and again: every cut is one gap, and the end is right", async () => {
  await using it = new TwoRecordings();
  await it.begin();
  const expected = [];
  for (let cut = 0; cut < 3; cut++) {
    const from = await it.market.diff();
    await it.bothHaveBook();
    const back = it.exchange.nextClient;
    it.exchange.cutConnections();
    await it.market.diff();
    await reconnected(back);
    await it.market.diff();
    await it.bothHaveBook();
    expected.push(bookGap(from, it.market.time, CUT));
  }
  await it.market.trade();
  await it.becomeEqual();
  assert.deepEqual(await it.disturbed.gaps(), expected);
});
