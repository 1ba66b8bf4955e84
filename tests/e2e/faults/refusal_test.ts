import assert from "node:assert/strict";
import {
  AGG_TRADES_PATH,
  bookGap,
  DEPTH_PATH,
  notice,
  repairedGap,
  TwoRecordings,
} from "./fixture.ts";
import { DEPTH, TRADES } from "./hand_market.ts";

const HTML = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n</html>";

/** When a REST path was called, on the monotonic clock. */
function timesOfCalls({ exchange }: TwoRecordings) {
  const calls: { readonly path: string; readonly time: number }[] = [];
  exchange.faults.onRestCall = (path) => calls.push({ path, time: performance.now() });
  return (path: string) => calls.filter((call) => call.path === path).map(({ time }) => time);
}

/** Loses a diff and a trade while REST gives the faults that were planned, and recovers. */
async function losesBoth(it: TwoRecordings) {
  const { market, faults } = it;
  const [lastTrade, newest] = [market.time, market.tradeId];
  const [from, before] = [market.time - 100, market.updateId];
  faults.dropNext(DEPTH);
  faults.dropNext(TRADES);
  await market.both(1);
  await market.diff();
  const firstTrade = await market.trade();
  await it.bothHaveBook();
  const to = market.time;
  await market.both(2);
  await it.becomeEqual();
  const reason = `depth diff ${before + 3} does not follow ${before}`;
  assert.deepEqual(await it.disturbed.gaps(), [
    bookGap(from, to, reason),
    repairedGap(lastTrade, firstTrade, newest, newest + 2),
  ]);
}

for (const status of [429, 418]) {
  Deno.test(`${status} with Retry-After: REST is left alone for so long, then all is right`, async () => {
    await using it = new TwoRecordings();
    await it.begin();
    const refused = {
      status,
      headers: { "Retry-After": "1" },
      body: '{"code":-1003,"msg":"Too much request weight used."}',
    };
    it.faults.failRest(DEPTH_PATH, refused);
    it.faults.failRest(AGG_TRADES_PATH, refused);
    const timesOf = timesOfCalls(it);
    await losesBoth(it);
    for (const path of [DEPTH_PATH, AGG_TRADES_PATH]) {
      const times = timesOf(path);
      assert.equal(times.length, 2, path);
      // A timer may fire a millisecond early.
      assert.ok(times[1] - times[0] >= 998, `${path} was called again too early: ${times}`);
    }
    const text = `was refused with status ${status}: Too much request weight used`;
    await it.disturbed.told(notice(new RegExp(`No order book snapshot: .*${text}`)));
    await it.disturbed.told(notice(new RegExp(`Missing trades not fetched: .*${text}`)));
  });
}

Deno.test("a 502 page of HTML is told by its beginning, and asked past", async () => {
  await using it = new TwoRecordings();
  await it.begin();
  const page = { status: 502, headers: { "Content-Type": "text/html" }, body: HTML };
  it.faults.failRest(DEPTH_PATH, page, 2);
  it.faults.failRest(AGG_TRADES_PATH, page, 2);
  await losesBoth(it);
  await it.disturbed.told(notice(/No order book snapshot: .*status 502: <html>/));
  await it.disturbed.told(notice(/Missing trades not fetched: .*status 502: <html>/));
});

Deno.test("an answer of 200 that is no JSON is asked past too", async () => {
  await using it = new TwoRecordings();
  await it.begin();
  const page = { status: 200, body: HTML };
  it.faults.failRest(DEPTH_PATH, page);
  it.faults.failRest(AGG_TRADES_PATH, page);
  await losesBoth(it);
  await it.disturbed.told(notice(/No order book snapshot: .*something that is not JSON/));
});

Deno.test("snapshots older than the stream: asked again with growing pauses, then right", async () => {
  await using it = new TwoRecordings();
  await it.begin();
  const { market } = it;
  const old = market.snapshot();
  await market.both(1);
  await it.bothHaveBook();
  const [from, before] = [market.time - 100, market.updateId];
  it.faults.dropNext(DEPTH);
  await market.diff();
  market.oldDepths.push(old, old, old);
  const timesOf = timesOfCalls(it);
  await market.diff();
  await it.bothHaveBook();
  const to = market.time;
  await market.trade();
  await it.becomeEqual();
  const reason = `depth diff ${before + 3} does not follow ${before}`;
  assert.deepEqual(await it.disturbed.gaps(), [bookGap(from, to, reason)]);
  const times = timesOf(DEPTH_PATH);
  assert.equal(times.length, 4);
  // A snapshot costs a twentieth of what Binance allows in a minute: never at full speed.
  for (let i = 1; i < times.length; i++) {
    const leastMs = 125 * 2 ** (i - 1) - 2;
    assert.ok(times[i] - times[i - 1] >= leastMs, `too early: ${times}`);
  }
});
