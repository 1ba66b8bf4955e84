import assert from "node:assert/strict";
import { type RestAggTrade, wireUnits } from "../../simulator/trade_log.ts";
import { simulatedMarket, type SimulatedMarketOptions } from "../../simulator/simulated_market.ts";

const START = Date.UTC(2026, 0, 5, 12);
const MINUTE = 60_000;
const NEVER = new AbortController().signal;
const BASE = {
  symbols: ["BTCUSDT"],
  seed: 7,
  speed: Infinity,
  startTime: START,
  historyMs: 0,
} satisfies SimulatedMarketOptions;

type Levels = readonly (readonly [price: string, quantity: string])[];

interface Diff {
  readonly E: number;
  readonly U: number;
  readonly u: number;
  readonly b: Levels;
  readonly a: Levels;
}

interface Ticker {
  readonly u: number;
  readonly b: string;
  readonly B: string;
  readonly a: string;
  readonly A: string;
}

async function play(options: Partial<SimulatedMarketOptions>, pause?: () => Promise<void>) {
  const market = simulatedMarket({ ...BASE, endTime: START + 10 * MINUTE, ...options });
  const events: { stream: string; data: string }[] = [];
  const before = await market.depth(market.symbols[0].symbol, 5000, NEVER);
  await market.run((stream, data) => {
    events.push({ stream, data });
    return pause?.();
  }, NEVER);
  const payloads = <T>(ending: string): T[] =>
    events.filter(({ stream }) => stream.endsWith(ending)).map(({ data }) => JSON.parse(data));
  return { market, events, before, payloads };
}

/** A book as a client keeps it: absolute quantities by price, zero removes. */
class ClientBook {
  readonly bids = new Map<number, number>();
  readonly asks = new Map<number, number>();

  apply(bids: Levels, asks: Levels): void {
    for (const [side, levels] of [[this.bids, bids], [this.asks, asks]] as const) {
      for (const [price, quantity] of levels) {
        if (wireUnits(quantity) === 0) side.delete(wireUnits(price));
        else side.set(wireUnits(price), wireUnits(quantity));
      }
    }
  }

  get bestBid(): number {
    return this.bids.keys().reduce((best, price) => Math.max(best, price), 0);
  }

  get bestAsk(): number {
    return this.asks.keys().reduce((best, price) => Math.min(best, price), Infinity);
  }
}

const sorted = (levels: Map<number, number>) => [...levels].sort(([a], [b]) => a - b);

const tenMinutes = play({});

Deno.test("the same options give the same events, whatever the pace of those who read", async () => {
  const options = { symbols: ["BTCUSDT", "FOOUSDT"], endTime: START + MINUTE };
  const { events } = await play(options);
  let calls = 0;
  const slow = await play(options, () => {
    return new Promise((resolve) => ++calls % 97 === 0 ? setTimeout(resolve, 0) : resolve());
  });
  assert.ok(events.length > 1000);
  assert.deepEqual(slow.events, events);
  assert.notDeepEqual((await play({ ...options, seed: 8 })).events, events);
});

Deno.test("a market paced by a clock trades the same as one at full speed", async () => {
  const { market, payloads } = await play({ endTime: START + MINUTE });
  for (const step of [61, 777]) {
    let wall = 5_000_000;
    const paced = await play({ endTime: START + MINUTE, speed: 1, now: () => wall += step });
    const [log, sameLog] = [market, paced.market].map((one) => one.trades("BTCUSDT"));
    assert.deepEqual(sameLog.slice(0, Infinity), log.slice(0, Infinity));
    const late = (diff: Diff) => diff.E > START + 20_000;
    assert.deepEqual(
      paced.payloads<Diff>("@depth@100ms").filter(late),
      payloads<Diff>("@depth@100ms").filter(late),
    );
  }
});

Deno.test("what happens before somebody listens is history, and the first diff follows it", async () => {
  let wall = 1000;
  let tick = 0;
  const market = simulatedMarket({
    ...BASE,
    speed: 1,
    now: () => wall += tick,
    endTime: START + 8_000,
  });
  const opening = await market.depth("BTCUSDT", 1, NEVER);
  wall += 7_000;
  assert.equal(market.now(), START + 7_000);
  const book = await market.depth("BTCUSDT", 1, NEVER);
  assert.ok(book.lastUpdateId > opening.lastUpdateId);
  const diffs: Diff[] = [];
  tick = 0.01;
  const run = market.run((stream, data) => {
    if (stream.endsWith("@100ms")) diffs.push(JSON.parse(data));
  }, NEVER);
  tick = 60;
  await run;
  assert.equal(diffs[0].U, book.lastUpdateId + 1);
});

Deno.test("an aborted market stops publishing", async () => {
  const stop = new AbortController();
  const market = simulatedMarket({ ...BASE, startTime: START });
  let events = 0;
  await market.run(() => {
    if (++events === 100) stop.abort();
  }, stop.signal);
  assert.equal(events, 100);
});

Deno.test("ids of trades and of diffs have no gap", async () => {
  const { payloads } = await tenMinutes;
  const trades = payloads<RestAggTrade>("@aggTrade");
  assert.ok(trades.length > 1000);
  for (let i = 1; i < trades.length; i++) {
    assert.equal(trades[i].a, trades[i - 1].a + 1);
    assert.equal(trades[i].f, trades[i - 1].l + 1);
    assert.ok(trades[i].l >= trades[i].f);
    assert.ok(trades[i].T >= trades[i - 1].T);
  }
  for (const stream of ["@depth@100ms", "@depth"]) {
    const diffs = payloads<Diff>(stream);
    assert.ok(diffs.length >= 590);
    for (let i = 1; i < diffs.length; i++) assert.equal(diffs[i].U, diffs[i - 1].u + 1);
  }
});

Deno.test("a book kept from a snapshot and the diffs is never crossed and ends as the market's", async () => {
  const { market, before, payloads } = await tenMinutes;
  const after = await market.depth("BTCUSDT", 1_000_000, NEVER);
  for (const stream of ["@depth@100ms", "@depth"]) {
    const book = new ClientBook();
    const all = simulatedMarket({ ...BASE, endTime: START });
    const snapshot = await all.depth("BTCUSDT", 1_000_000, NEVER);
    assert.equal(snapshot.lastUpdateId, before.lastUpdateId);
    book.apply(snapshot.bids, snapshot.asks);
    let id = snapshot.lastUpdateId;
    for (const diff of payloads<Diff>(stream)) {
      if (diff.u <= id) continue;
      assert.ok(diff.U <= id + 1 && id + 1 <= diff.u, `${diff.U}..${diff.u} follows ${id}`);
      book.apply(diff.b, diff.a);
      id = diff.u;
      if (stream === "@depth") assert.ok(book.bestBid < book.bestAsk);
    }
    assert.equal(id, after.lastUpdateId);
    const end = new ClientBook();
    end.apply(after.bids, after.asks);
    assert.deepEqual(sorted(book.bids), sorted(end.bids));
    assert.deepEqual(sorted(book.asks), sorted(end.asks));
  }
});

Deno.test("the best prices as told agree with the diffs and never cross", async () => {
  const { events } = await tenMinutes;
  let ticker: Ticker | null = null;
  let compared = 0;
  for (const { stream, data } of events) {
    if (stream.endsWith("@bookTicker")) {
      const next: Ticker = JSON.parse(data);
      assert.ok(wireUnits(next.b) < wireUnits(next.a));
      assert.ok(wireUnits(next.B) > 0 && wireUnits(next.A) > 0);
      assert.ok(next.u >= (ticker?.u ?? 0));
      ticker = next;
    }
    if (!stream.endsWith("@depth@100ms") || ticker === null) continue;
    const diff: Diff = JSON.parse(data);
    assert.ok(ticker.u <= diff.u);
    for (const [price, quantity] of diff.b) {
      if (wireUnits(quantity) > 0) assert.ok(wireUnits(price) <= wireUnits(ticker.b));
      if (price === ticker.b) assert.equal(quantity, ticker.B);
      if (price === ticker.b) compared++;
    }
    for (const [price, quantity] of diff.a) {
      if (wireUnits(quantity) > 0) assert.ok(wireUnits(price) >= wireUnits(ticker.a));
      if (price === ticker.a) assert.equal(quantity, ticker.A);
    }
  }
  assert.ok(compared > 1000);
});

for (const symbol of ["BTCUSDT", "ETHUSDT", "SOLUSDT", "DOGEUSDT", "ABCBTC"]) {
  Deno.test(`prices and quantities of ${symbol} are multiples of its tick and step`, async () => {
    const { market, payloads } = await play({ symbols: [symbol], endTime: START + MINUTE });
    const [{ tickSize, stepSize }] = market.symbols;
    const check = (price: string, quantity: string) => {
      assert.match(price, /^\d+\.\d{8}$/);
      assert.match(quantity, /^\d+\.\d{8}$/);
      assert.equal(wireUnits(price) % wireUnits(tickSize), 0);
      assert.equal(wireUnits(quantity) % wireUnits(stepSize), 0);
    };
    for (const { p, q } of payloads<RestAggTrade>("@aggTrade")) check(p, q);
    const diffs = payloads<Diff>("@depth@100ms");
    for (const { b, a } of diffs) {
      for (const [price, quantity] of [...b, ...a]) check(price, quantity);
    }
    assert.ok(diffs.length > 500);
  });
}

/** A day's worth of habits in little time: three hours of history. */
const history = simulatedMarket({ ...BASE, seed: 3, historyMs: 180 * MINUTE, endTime: START });

Deno.test("the history covers the time before the start, without a gap", () => {
  const log = history.trades("BTCUSDT");
  assert.ok(log.at(0).T - (START - 180 * MINUTE) < 5_000);
  assert.ok(START - log.at(log.length - 1).T < 5_000);
  for (let i = 1; i < log.length; i++) {
    assert.equal(log.at(i).a, log.at(i - 1).a + 1);
    assert.ok(log.at(i).T - log.at(i - 1).T < 30_000);
  }
});

Deno.test("minutes look like minutes of a real market", () => {
  const log = history.trades("BTCUSDT");
  const minutes: { range: number; trades: number; volume: number }[] = [];
  let bought = 0;
  let volume = 0;
  for (let time = START - 180 * MINUTE; time < START; time += MINUTE) {
    const trades = log.slice(log.indexOfTime(time), log.indexOfTime(time + MINUTE));
    const prices = trades.map(({ p }) => Number(p));
    const sum = (some: RestAggTrade[]) => some.reduce((total, { q }) => total + Number(q), 0);
    minutes.push({
      range: Math.max(...prices) - Math.min(...prices),
      trades: trades.reduce((total, { f, l }) => total + l - f + 1, 0),
      volume: sum(trades),
    });
    bought += sum(trades.filter(({ m }) => !m));
    volume += sum(trades);
  }
  const median = (of: (minute: typeof minutes[number]) => number) =>
    minutes.map(of).sort((a, b) => a - b)[minutes.length >> 1];
  within(median(({ range }) => range), 20, 100);
  within(median(({ trades }) => trades), 700, 3000);
  within(median(({ volume }) => volume), 15, 80);
  within(bought / volume, 0.4, 0.6);
  const busiest = minutes.reduce((most, { trades }) => Math.max(most, trades), 0);
  assert.ok(busiest > 2 * median(({ trades }) => trades), "bursts stand out");
});

Deno.test("a snapshot of 5000 levels covers about one percent a side", async () => {
  const { bids, asks } = await history.depth("BTCUSDT", 5000, NEVER);
  assert.equal(bids.length, 5000);
  assert.equal(asks.length, 5000);
  const middle = Number(bids[0][0]);
  within(1 - Number(bids[4999][0]) / middle, 0.008, 0.02);
  within(Number(asks[4999][0]) / middle - 1, 0.008, 0.02);
});

Deno.test("the spread is one tick most of the time and wider now and then", async () => {
  const { payloads } = await tenMinutes;
  const tick = wireUnits("0.01");
  const spreads = payloads<Ticker>("@bookTicker").map(({ b, a }) => wireUnits(a) - wireUnits(b));
  const narrow = spreads.filter((spread) => spread === tick).length / spreads.length;
  within(narrow, 0.5, 0.99);
  assert.ok(spreads.some((spread) => spread > 50 * tick));
});

Deno.test("walls are filled and pulled, and icebergs show themselves again", () => {
  const { wallsFilled, wallsPulled, icebergRefills } = history.counts("BTCUSDT");
  assert.ok(wallsFilled > 3, `${wallsFilled} walls filled`);
  assert.ok(wallsPulled > 3, `${wallsPulled} walls pulled`);
  assert.ok(icebergRefills > 50, `${icebergRefills} refills`);
});

Deno.test("a market started later has higher ids", () => {
  const later = simulatedMarket({ ...BASE, startTime: START + 60 * MINUTE, endTime: Infinity });
  const log = history.trades("BTCUSDT");
  const laterLog = simulatedMarket({ ...BASE, historyMs: 1000, startTime: START + 60 * MINUTE });
  assert.ok(laterLog.trades("BTCUSDT").at(0).a > log.at(log.length - 1).a);
  assert.equal(later.trades("BTCUSDT").length, 0);
});

function within(value: number, low: number, high: number): void {
  assert.ok(value >= low && value <= high, `${value} should lie in ${low}..${high}`);
}
