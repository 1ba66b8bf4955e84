import assert from "node:assert/strict";
import { BinanceRest, BinanceRestError } from "../../collector/binance_rest.ts";
import { RequestBudget, type Urgency } from "../../collector/request_budget.ts";
import { RestGate, type RestGateOptions } from "../../collector/rest_gate.ts";
import { exchangeByHand } from "../simulator/fixture.ts";

const MINUTE = 60_000;
/** The budget's minute turns so much after the clock's. */
const TURN = 500;
const TIME = "/api/v3/time";

/** A clock that stands until the test moves it; who waits does so until then. */
class HandClock {
  time = MINUTE + TURN;
  readonly #sleepers = new Set<{ until: number; wake: () => void }>();

  readonly now = () => this.time;

  readonly wait = (ms: number, signal: AbortSignal): Promise<void> => {
    signal.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const sleeper = { until: this.time + ms, wake: resolve };
    signal.addEventListener("abort", () => {
      this.#sleepers.delete(sleeper);
      reject(signal.reason);
    }, { once: true });
    this.#sleepers.add(sleeper);
    return promise;
  };

  /** When those that wait want to be woken, earliest first. */
  get dueTimes(): number[] {
    return [...this.#sleepers].map(({ until }) => until).sort((a, b) => a - b);
  }

  async moveTo(time: number): Promise<void> {
    this.time = time;
    for (const sleeper of this.#sleepers) {
      if (sleeper.until > time) continue;
      this.#sleepers.delete(sleeper);
      sleeper.wake();
    }
    await settled();
  }
}

/** What promises have to do is done. */
async function settled(): Promise<void> {
  for (let i = 0; i < 50; i++) await Promise.resolve();
}

/** Requests that are answered when the test says so; their names in the order they were made. */
function setUp(limit: number, options?: RestGateOptions) {
  const clock = new HandClock();
  const budget = new RequestBudget({ limit, now: clock.now, steady: clock.now, wait: clock.wait });
  const gate = new RestGate(budget, options);
  const made: string[] = [];
  const answers = new Map<string, () => void>();
  const ask = (name: string, weight: number, urgency: Urgency, signal?: AbortSignal) =>
    gate.pass(weight, urgency, signal, async () => {
      made.push(name);
      const { promise, resolve } = Promise.withResolvers<void>();
      answers.set(name, resolve);
      await promise;
      return name;
    });
  const answer = async (name: string) => {
    answers.get(name)?.();
    await settled();
  };
  return { clock, budget, gate, made, ask, answer };
}

Deno.test("RestGate lets no more than so many requests be under way, then each in its turn", async () => {
  const { made, ask, answer } = setUp(6000, { maxInFlight: 2 });
  const all = ["a", "b", "c", "d"].map((name) => ask(name, 1, "live"));
  await settled();
  assert.deepEqual(made, ["a", "b"]);
  await answer("b");
  assert.deepEqual(made, ["a", "b", "c"]);
  for (const name of ["a", "c", "d"]) await answer(name);
  assert.deepEqual(await Promise.all(all), ["a", "b", "c", "d"]);
});

Deno.test("RestGate keeps half of the places for requests of the moment", async () => {
  const { made, ask, answer } = setUp(6000, { maxInFlight: 4 });
  const later = ["t1", "t2", "t3", "t4"].map((name) => ask(name, 4, "background"));
  await settled();
  assert.deepEqual(made, ["t1", "t2"]);
  const books = ["b1", "b2", "b3"].map((name) => ask(name, 250, "live"));
  await settled();
  assert.deepEqual(made, ["t1", "t2", "b1", "b2"]);
  await answer("t1");
  assert.deepEqual(made, ["t1", "t2", "b1", "b2", "b3"], "a book takes the place of a backfill");
  for (const name of ["t2", "b1", "b2", "b3", "t3", "t4"]) await answer(name);
  await Promise.all([...later, ...books]);
});

Deno.test("RestGate lets backfill use 60 % of a minute while books go on to 90 %", async () => {
  const { clock, made, ask, answer } = setUp(100);
  const [t1, t2] = [ask("t1", 60, "background"), ask("t2", 10, "background")];
  const [b1, b2] = [ask("b1", 30, "live"), ask("b2", 10, "live")];
  await settled();
  assert.deepEqual(made, ["t1", "b1"]);
  // Both wait for the minute that begins at 120 s.
  assert.deepEqual(clock.dueTimes, [2 * MINUTE + TURN, 2 * MINUTE + TURN]);
  for (const name of ["t1", "b1"]) await answer(name);
  assert.deepEqual(made, ["t1", "b1"]);
  await clock.moveTo(2 * MINUTE + TURN);
  assert.deepEqual(made.slice(2).sort(), ["b2", "t2"]);
  for (const name of ["b2", "t2"]) await answer(name);
  await Promise.all([t1, t2, b1, b2]);
});

Deno.test("RestGate refuses a request when too many wait already", async () => {
  const { gate, ask, answer } = setUp(6000, { maxInFlight: 1, maxWaiting: 2 });
  const all = ["a", "b", "c"].map((name) => ask(name, 1, "live"));
  await settled();
  assert.equal(gate.waiting, 2);
  const error = await ask("d", 1, "live").catch((error: unknown) => error);
  assert(error instanceof BinanceRestError);
  assert.equal(error.message, "2 requests are waiting already");
  assert.equal(error.isFinal, false, "the caller comes again");
  for (const name of ["a", "b", "c"]) await answer(name);
  await Promise.all(all);
});

Deno.test("RestGate ends the waiting of whoever aborts at once, and nobody else's", async () => {
  const { clock, budget, made, ask, answer } = setUp(6000);
  budget.hold(30_000);
  const [first, second] = [new AbortController(), new AbortController()];
  const a = ask("a", 1, "live", first.signal);
  const b = ask("b", 1, "live", second.signal);
  const c = ask("c", 1, "live");
  await settled();
  // Behind the first, which itself waits for the exchange.
  second.abort(new Error("b stopped"));
  await assert.rejects(b, /b stopped/);
  first.abort(new Error("a stopped"));
  await assert.rejects(a, /a stopped/);
  assert.deepEqual(made, []);
  await clock.moveTo(MINUTE + TURN + 30_000);
  assert.deepEqual(made, ["c"]);
  await answer("c");
  await c;
  await assert.rejects(ask("d", 1, "live", first.signal), /a stopped/);
});

Deno.test("RestGate gives the place of a failed request to the next one", async () => {
  const { gate } = setUp(6000, { maxInFlight: 1 });
  const failed = gate.pass(1, "live", undefined, () => Promise.reject(new Error("broken")));
  const next = gate.pass(1, "live", undefined, () => Promise.resolve("answer"));
  await assert.rejects(failed, /broken/);
  assert.equal(await next, "answer");
});

/** A REST client with a clock of the test's own, against an exchange that goes by it as well. */
function clientOf(exchange: { restUrl: string }, clock: HandClock, limit: number): BinanceRest {
  const budget = new RequestBudget({ limit, now: clock.now, steady: clock.now, wait: clock.wait });
  return new BinanceRest(exchange.restUrl, "spot", budget);
}

Deno.test("a backfill of 200 pages beside two books against a low limit: not one 429", async () => {
  const clock = new HandClock();
  const limit = 600;
  let [entered, answered, calls, turns] = [0, 0, 0, 0];
  class CountingBudget extends RequestBudget {
    override async enter(...args: Parameters<RequestBudget["enter"]>): Promise<number> {
      const time = await super.enter(...args);
      entered++;
      return time;
    }
  }
  await using it = exchangeByHand({ weightLimit: limit, now: clock.now });
  const budget = new CountingBudget({ limit, now: clock.now, steady: clock.now, wait: clock.wait });
  const rest = new BinanceRest(it.exchange.restUrl, "spot", budget);
  const instrument = await rest.instrument("BTCUSDT");
  assert(instrument);
  entered = 0;
  it.exchange.faults.onRestCall = () => calls++;
  const pages = Array.from({ length: 200 }, () => rest.aggTradesFrom(instrument, 101));
  const books = [rest.depth(instrument), rest.depth(instrument)];
  const done = Promise.all([...pages, ...books].map(async (request) => {
    await request;
    answered++;
  }));
  let isDone = false;
  done.finally(() => isDone = true).catch(() => {});
  while (!isDone) {
    // The clock stands while a request is under way, so that it counts for its own minute.
    if (entered === answered && clock.dueTimes.length > 0) {
      turns++;
      await clock.moveTo(clock.dueTimes[0]);
    }
    // Real sockets answer between.
    await new Promise((resolve) => setTimeout(resolve));
  }
  await done;
  assert.equal(calls, 202, "nothing was asked twice");
  // Instrument, books and two pages: 528 in the first minute. The other 198 pages: 90 a minute.
  assert.equal(turns, 3);
});

Deno.test("after a 429 only what was under way is refused; all others wait until it is over", async () => {
  const clock = new HandClock();
  await using it = exchangeByHand();
  const { faults } = it.exchange;
  const rest = clientOf(it.exchange, clock, 6000);
  const askedTimes: number[] = [];
  faults.onRestCall = () => askedTimes.push(clock.time);
  faults.failRest(TIME, { status: 429, headers: { "Retry-After": "9" }, body: "slow down" });
  const start = clock.time;
  const error = await rest.time().catch((error: unknown) => error);
  assert(error instanceof BinanceRestError);
  assert.equal(error.retryAfterMs, 9_000);
  const instrument = rest.instrument("BTCUSDT");
  const time = rest.time();
  await settled();
  // One waits for the clock, the other one behind it.
  assert.deepEqual(clock.dueTimes, [start + 9_000]);
  await clock.moveTo(start + 8_999);
  assert.deepEqual(clock.dueTimes, [start + 9_000]);
  await clock.moveTo(start + 9_000);
  await Promise.all([instrument, time]);
  assert.deepEqual(askedTimes, [start, start + 9_000, start + 9_000]);
});

/** Status and Retry-After of a refusal, and how long everybody waits then, in seconds. */
const HOLDS = [
  [429, "7", 7],
  [418, "300", 300],
  [429, undefined, 60],
  [418, undefined, 120],
  [429, "0", 1],
  [429, "Wed, 21 Oct 2026 07:28:00 GMT", 60],
  [418, "99999999", 3 * 86_400],
] as const;

for (const [status, retryAfter, seconds] of HOLDS) {
  Deno.test(`${status} with Retry-After ${retryAfter}: nobody asks for ${seconds} s`, async () => {
    const clock = new HandClock();
    await using it = exchangeByHand();
    const rest = clientOf(it.exchange, clock, 6000);
    const headers = retryAfter === undefined ? undefined : { "Retry-After": retryAfter };
    it.exchange.faults.failRest(TIME, { status, headers });
    const start = clock.time;
    const error = await rest.time().catch((error: unknown) => error);
    assert(error instanceof BinanceRestError);
    assert.equal(error.retryAfterMs, seconds * 1000);
    const next = rest.time();
    await settled();
    assert.deepEqual(clock.dueTimes, [start + seconds * 1000]);
    await clock.moveTo(start + seconds * 1000);
    assert.equal(await next, it.source.now());
  });
}

Deno.test("a stopped program does not wait for the end of a ban", async () => {
  const clock = new HandClock();
  await using it = exchangeByHand();
  const rest = clientOf(it.exchange, clock, 6000);
  it.exchange.faults.failRest(TIME, { status: 418 });
  await assert.rejects(rest.time(), /status 418/);
  const stop = new AbortController();
  const [one, other] = [rest.time(stop.signal), rest.instrument("BTCUSDT", stop.signal)];
  stop.abort(new Error("stopped"));
  await assert.rejects(one, /stopped/);
  await assert.rejects(other, /stopped/);
});
