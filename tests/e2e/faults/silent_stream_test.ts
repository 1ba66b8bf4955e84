import assert from "node:assert/strict";
import { bookGap, BRIEF_OVERLAP, notice, status, TwoRecordings } from "./fixture.ts";
import { DEPTH } from "./hand_market.ts";
import { soon } from "./recorder.ts";

Deno.test("a silent depth stream is shown as stale while trades flow, and ends in a gap", async () => {
  let now = 0;
  await using it = new TwoRecordings({ now: () => now });
  await it.begin();
  const { market, faults } = it;
  const from = market.time - 100;
  const before = market.updateId;
  faults.silence(DEPTH, true);
  now += 11_000;
  await market.both(12);
  await it.bothHaveTrade();
  const shown = await it.disturbed.told(status(/^No order book data for 11 s although connected$/));
  assert.ok(shown.type === "symbolStatus" && shown.connected && shown.state === "stale");
  faults.silence(DEPTH, false);
  await market.diff();
  await it.bothHaveBook();
  const to = market.time;
  await market.both(2);
  await it.becomeEqual();
  const reason = `depth diff ${before + 25} does not follow ${before}`;
  assert.deepEqual(await it.disturbed.gaps(), [bookGap(from, to, reason)]);
});

Deno.test(
  "a depth stream that stays silent while trades flow has its connection renewed",
  async () => {
    let now = 0;
    await using it = new TwoRecordings({ now: () => now, streamLimits: BRIEF_OVERLAP });
    await it.begin();
    const { market, faults } = it;
    const from = market.time - 100;
    const before = market.updateId;
    faults.silence(DEPTH, true);
    await market.both(2);
    await it.bothHaveTrade();
    const renewed = it.exchange.nextClient;
    now += 30_000;
    await soon(renewed, "the connection was not renewed");
    // The new connection carries what the old one withheld; what it never had is a gap.
    faults.silence(DEPTH, false);
    const left = it.exchange.nextLeaving;
    await market.trade();
    await soon(left, "the old connection was not left");
    await market.diff();
    await it.bothHaveBook();
    const to = market.time;
    await market.both(2);
    await it.becomeEqual();
    const reason = `depth diff ${before + 5} does not follow ${before}`;
    assert.deepEqual(await it.disturbed.gaps(), [bookGap(from, to, reason)]);
    await it.disturbed.told(notice(/no order book data of BTCUSDT for 30 s while other data came/));
  },
);
