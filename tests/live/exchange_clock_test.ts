import assert from "node:assert/strict";
import { ExchangeClock } from "../../live/exchange_clock.ts";

Deno.test("ExchangeClock goes on from the frame that came fastest", () => {
  const clock = new ExchangeClock();
  assert.equal(clock.now(0), null);
  clock.observe(10_000, 100);
  clock.observe(10_050, 250);
  assert.equal(clock.now(300), 10_200);
  clock.observe(10_400, 400);
  assert.equal(clock.now(500), 10_500);
});

Deno.test("ExchangeClock follows a source that fell behind after its window", () => {
  const clock = new ExchangeClock();
  clock.observe(100_000, 0);
  clock.observe(100_500, 31_000);
  assert.equal(clock.now(31_000), 100_500);
});
