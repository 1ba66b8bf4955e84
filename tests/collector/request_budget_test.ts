import assert from "node:assert/strict";
import { BinanceRest, BinanceRestError } from "../../collector/binance_rest.ts";
import { RequestBudget } from "../../collector/request_budget.ts";
import { exchangeByHand } from "../simulator/fixture.ts";

const MINUTE = 60_000;
/** A minute turns half a second late. */
const TURN = 500;

/** A budget whose clock goes on by waiting alone. */
function setUp(limit: number, startTime = MINUTE + TURN) {
  const clock = { time: startTime };
  const waits: number[] = [];
  const budget = new RequestBudget({
    limit,
    now: () => clock.time,
    steady: () => clock.time,
    wait: (ms, signal) => {
      signal.throwIfAborted();
      waits.push(ms);
      clock.time += ms;
      return Promise.resolve();
    },
  });
  return { budget, clock, waits };
}

Deno.test("RequestBudget lets requests of the moment use 90 %, those that can wait 60 %", async () => {
  const { budget, waits } = setUp(100);
  for (let i = 0; i < 6; i++) await budget.enter(10, "background");
  assert.deepEqual(waits, []);
  for (let i = 0; i < 3; i++) await budget.enter(10, "live");
  assert.deepEqual(waits, []);
  await budget.enter(10, "live");
  assert.deepEqual(waits, [MINUTE], "until the minute has turned");
  await budget.enter(50, "background");
  assert.deepEqual(waits, [MINUTE]);
  await budget.enter(1, "background");
  assert.deepEqual(waits, [MINUTE, MINUTE]);
});

Deno.test("RequestBudget believes the exchange when that counts more", async () => {
  const { budget, clock, waits } = setUp(100);
  const asked = await budget.enter(10, "live");
  budget.observe(85, asked);
  await budget.enter(5, "live");
  assert.deepEqual(waits, []);
  clock.time += 20_000;
  await budget.enter(1, "live");
  assert.deepEqual(waits, [40_000]);
  budget.observe(99, asked);
  await budget.enter(80, "live");
  assert.deepEqual(waits, [40_000], "what was used in the minute before is past");
});

Deno.test("RequestBudget makes a request that never fits when nothing else was asked", async () => {
  const { budget, waits } = setUp(100);
  await budget.enter(250, "live");
  await budget.enter(250, "live");
  assert.deepEqual(waits, [MINUTE]);
});

Deno.test("RequestBudget lets nobody ask while the exchange wants to be left alone", async () => {
  const { budget, waits } = setUp(100);
  budget.hold(7_000);
  budget.hold(3_000);
  await Promise.all([budget.enter(1, "live"), budget.enter(1, "background")]);
  assert.deepEqual(waits, [7_000]);
});

Deno.test("RequestBudget leaves the exchange alone no longer when the local clock is set back", async () => {
  const clock = { time: 10 * MINUTE, steady: 0 };
  const waits: number[] = [];
  const budget = new RequestBudget({
    limit: 100,
    now: () => clock.time,
    steady: () => clock.steady,
    wait: (ms) => {
      assert(waits.push(ms) < 9, "it waits again and again");
      clock.steady += ms;
      return Promise.resolve();
    },
  });
  budget.hold(7_000);
  clock.time -= 5 * MINUTE;
  await budget.enter(1, "live");
  assert.deepEqual(waits, [7_000]);
});

Deno.test("RequestBudget ends waiting when it is aborted", async () => {
  const { budget } = setUp(100);
  budget.hold(1_000);
  const stop = new AbortController();
  stop.abort(new Error("stopped"));
  await assert.rejects(budget.enter(1, "live", stop.signal), /stopped/);
  await budget.enter(1, "live");
});

Deno.test("a long backfill stays below the limit of the exchange: not one 429", async () => {
  const { budget, clock, waits } = setUp(50);
  await using it = exchangeByHand({ weightLimit: 50, now: () => clock.time });
  const rest = new BinanceRest(it.exchange.restUrl, "spot", budget);
  const instrument = await rest.instrument("BTCUSDT");
  assert(instrument);
  for (let i = 0; i < 20; i++) await rest.aggTradesFrom(instrument, 101);
  // 20 of exchangeInfo and two of 4 in the first minute, then seven of 4 a minute.
  assert.equal(waits.length, 3);
});

Deno.test("after a 429 no request is made before Retry-After is over", async () => {
  const { budget, waits } = setUp(6000);
  await using it = exchangeByHand();
  const rest = new BinanceRest(it.exchange.restUrl, "spot", budget);
  const fault = { status: 429, headers: { "Retry-After": "9" }, body: "slow down" };
  it.exchange.faults.failRest("/api/v3/time", fault);
  const error = await rest.time().catch((error: unknown) => error);
  assert(error instanceof BinanceRestError);
  assert.equal(error.retryAfterMs, 9_000);
  assert.deepEqual(waits, []);
  await rest.instrument("BTCUSDT");
  assert.deepEqual(waits, [9_000]);
});
