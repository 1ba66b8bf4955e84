import assert from "node:assert/strict";
import type { MarketEvent } from "../../../bus/messages.ts";
import { bookGap, TwoRecordings } from "./fixture.ts";
import { DEPTH } from "./hand_market.ts";

const HOUR_MS = 3_600_000;
/** The market's own clock stands at about this time. */
const MARKET_TIME = 1_700_000_040_000;

const isLive = (event: MarketEvent) => event.type === "symbolStatus" && event.state === "live";
const hasLag = (event: MarketEvent) => event.type === "symbolStatus" && event.lagMs !== null;

for (const [where, offsetMs] of [["behind", -HOUR_MS], ["ahead", HOUR_MS]] as const) {
  Deno.test(`a local clock an hour ${where} moves no candle, no gap and no lag`, async () => {
    const start = performance.now();
    const now = () => MARKET_TIME + offsetMs + Math.round(performance.now() - start);
    await using it = new TwoRecordings({ now });
    await it.begin();
    const { market } = it;
    await it.disturbed.told(isLive);
    await market.both(12);
    await it.bothHaveBook();
    const [from, before] = [market.time - 100, market.updateId];
    it.faults.dropNext(DEPTH);
    await market.diff();
    await market.diff();
    await it.bothHaveBook();
    const to = market.time;
    await market.both(2);
    await it.becomeEqual();
    const reason = `depth diff ${before + 3} does not follow ${before}`;
    assert.deepEqual(await it.disturbed.gaps(), [bookGap(from, to, reason)]);
    const status = await it.disturbed.told(hasLag);
    assert.ok(status.type === "symbolStatus" && status.lagMs !== null);
    assert.ok(status.lagMs < HOUR_MS / 60, `a lag of ${status.lagMs} ms was made up`);
  });
}

Deno.test("a local clock that steps by an hour leaves the data alone", async () => {
  let now = MARKET_TIME;
  await using it = new TwoRecordings({ now: () => now });
  await it.begin();
  for (const step of [HOUR_MS, -2 * HOUR_MS]) {
    now += step;
    await it.market.both(8);
  }
  await it.becomeEqual();
  assert.deepEqual(await it.disturbed.gaps(), []);
});
