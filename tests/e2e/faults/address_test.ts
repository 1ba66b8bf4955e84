import assert from "node:assert/strict";
import type { FeedNoticeEvent } from "../../../bus/messages.ts";
import { exchangeByHand } from "../../simulator/fixture.ts";
import { type Recorder, startRecorder } from "./recorder.ts";

/** RFC 2606: no such name ever resolves. */
const NO_HOST = "no-such-host.invalid";

/** The first notices that speak of another try, and the waits that they announce, in s. */
async function announcedTries(recorder: Recorder, count: number) {
  const notices: FeedNoticeEvent[] = [];
  await recorder.told((event) => {
    if (event.type === "feedNotice" && event.message.includes("next try in")) notices.push(event);
    return notices.length === count;
  });
  const waits = notices.map(({ message }) => Number(/next try in ([\d.]+) s$/.exec(message)?.[1]));
  return { notices, waits };
}

/** Doubling from 250 ms, of which a random half is left out; told with one decimal. */
function assertGrowing(waits: readonly number[]): void {
  waits.forEach((wait, i) => {
    const longest = 0.25 * 2 ** i;
    assert.ok(wait >= longest / 2 - 0.05 && wait <= longest + 0.05, `waits of ${waits} s`);
  });
}

Deno.test("a websocket name that does not resolve is told, and tried ever more slowly", async () => {
  await using it = exchangeByHand();
  const urls = { wsUrl: `ws://${NO_HOST}`, restUrl: it.exchange.restUrl };
  await using recorder = startRecorder(urls);
  const { notices, waits } = await announcedTries(recorder, 3);
  for (const { level, message } of notices) {
    assert.equal(level, "warning");
    assert.match(message, /^Binance spot: the connection failed \(no-such-host\.invalid\): .*dns/);
  }
  assertGrowing(waits);
  await recorder.told((event) =>
    event.type === "symbolStatus" && !event.connected && event.state === "connecting" &&
    event.message.includes(NO_HOST)
  );
  assert.deepEqual(await recorder.gaps(), [], "nothing was recorded yet that could be missing");
});

Deno.test("a REST name that does not resolve is told, and tried ever more slowly", async () => {
  await using it = exchangeByHand();
  const urls = { wsUrl: it.exchange.wsUrl, restUrl: `http://${NO_HOST}` };
  await using recorder = startRecorder(urls);
  const { notices, waits } = await announcedTries(recorder, 3);
  for (const { symbol, message } of notices) {
    assert.equal(symbol, "BTCUSDT");
    assert.match(message, /^Binance spot does not answer: http:\/\/no-such-host\.invalid\/api\/v3/);
    assert.match(message, /could not be reached/);
  }
  assertGrowing(waits);
  assert.equal(it.exchange.clients, 0, "no stream is opened without the scales of its numbers");
});

Deno.test("a port on which nobody listens is told, and tried again", async () => {
  await using it = exchangeByHand();
  const urls = { wsUrl: "ws://127.0.0.1:1", restUrl: it.exchange.restUrl };
  await using recorder = startRecorder(urls);
  const { notices, waits } = await announcedTries(recorder, 2);
  assert.match(notices[0].message, /the connection failed \(127\.0\.0\.1:1\)/);
  assertGrowing(waits);
});
