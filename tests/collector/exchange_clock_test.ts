import assert from "node:assert/strict";
import { ExchangeClock } from "../../collector/exchange_clock.ts";

Deno.test("ExchangeClock measures age against the exchange, not against the local clock", async () => {
  let local = 1_000_000;
  const clock = new ExchangeClock(() => local);
  assert.equal(clock.ageMs(5_000_000), null);
  // The exchange is 4,000,000 ms ahead; the answer takes 100 ms each way.
  await clock.measure(() => {
    local += 200;
    return Promise.resolve(5_000_100);
  });
  assert.equal(clock.ageMs(5_000_150), 50);
  assert.equal(clock.ageMs(5_000_900), 0, "never negative");
});

Deno.test("ExchangeClock is due again after a minute", async () => {
  let local = 0;
  const clock = new ExchangeClock(() => local);
  assert.equal(clock.isDue, true);
  await clock.measure(() => Promise.resolve(0));
  assert.equal(clock.isDue, false);
  local = 60_000;
  assert.equal(clock.isDue, true);
});

Deno.test("ExchangeClock leaves out an answer that took too long to tell the time", async () => {
  let local = 0;
  const clock = new ExchangeClock(() => local);
  await clock.measure(() => {
    local += 2_001;
    return Promise.resolve(9_000);
  });
  assert.equal(clock.ageMs(9_000), null);
});
