import assert from "node:assert/strict";
import { STREAM_LIMITS } from "../../../collector/stream_keeper.ts";
import { bookGap, reconnected, repairedGap, TwoRecordings } from "./fixture.ts";
import { DEPTH, TRADES } from "./hand_market.ts";

Deno.test("a connection without a frame is replaced; what it withheld is a gap", async () => {
  const streamLimits = { ...STREAM_LIMITS, idleMs: 700 };
  await using it = new TwoRecordings({ streamLimits });
  await it.begin();
  const { market, faults } = it;
  const [newest, lastTrade] = [market.tradeId, market.time];
  const from = await market.diff();
  await it.bothHaveBook();
  const back = it.exchange.nextClient;
  faults.silence(DEPTH, true);
  faults.silence(TRADES, true);
  await market.both(5);
  await reconnected(back);
  faults.silence(DEPTH, false);
  faults.silence(TRADES, false);
  await market.diff();
  await it.bothHaveBook();
  const to = market.time;
  const firstTrade = await market.trade();
  await market.both(2);
  await it.becomeEqual();
  assert.deepEqual(await it.disturbed.gaps(), [
    bookGap(from, to, "no data for 1 s although connected"),
    repairedGap(lastTrade, firstTrade, newest, newest + 6),
  ]);
});
