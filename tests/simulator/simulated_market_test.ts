import assert from "node:assert/strict";
import { simulatedMarket } from "../../simulator/simulated_market.ts";
import type { RestDepth, TextLevels } from "../../simulator/source.ts";
import { wireUnits } from "../../simulator/trade_log.ts";

const START = 1_700_000_000_000;
const MINUTE = 60_000;
const NEVER = new AbortController().signal;

type Event = readonly [stream: string, data: string];

interface AggTrade {
  readonly E: number;
  readonly a: number;
  readonly p: string;
  readonly q: string;
  readonly f: number;
  readonly l: number;
  readonly T: number;
}

interface Diff {
  readonly E: number;
  readonly U: number;
  readonly u: number;
  readonly b: TextLevels;
  readonly a: TextLevels;
}

function market(minutes: number, symbols = ["BTCUSDT"], historyMs = 0) {
  const endTime = START + minutes * MINUTE;
  return simulatedMarket({
    symbols,
    seed: 7,
    speed: Infinity,
    startTime: START,
    endTime,
    historyMs,
  });
}

/** All that a market publishes, and its book at the beginning and at the end. */
async function play(minutes: number, symbols?: string[], pause?: () => Promise<void>) {
  const source = market(minutes, symbols);
  const events: Event[] = [];
  const first = await source.depth("BTCUSDT", 100_000, NEVER);
  await source.run(async (...event) => {
    events.push(event);
    await pause?.();
  }, NEVER);
  const last = await source.depth("BTCUSDT", 100_000, NEVER);
  const of = <T>(stream: string): T[] =>
    events.flatMap(([name, data]) => name === `btcusdt@${stream}` ? [JSON.parse(data)] : []);
  return {
    source,
    events,
    first,
    last,
    trades: of<AggTrade>("aggTrade"),
    diffs: of<Diff>("depth@100ms"),
    touches: of<{ u: number; b: string; a: string }>("bookTicker"),
  };
}

/** A client's book: quantities by price, worked on in texts. */
function rebuild(snapshot: RestDepth, diffs: readonly Diff[]) {
  const bids = new Map(snapshot.bids);
  const asks = new Map(snapshot.asks);
  let last = snapshot.lastUpdateId;
  for (const diff of diffs) {
    if (diff.u <= last) continue;
    assert.equal(diff.U, last + 1);
    last = diff.u;
    for (const [side, levels] of [[bids, diff.b], [asks, diff.a]] as const) {
      for (const [price, quantity] of levels) {
        if (Number(quantity) === 0) side.delete(price);
        else side.set(price, quantity);
      }
    }
    const best = { bid: -Infinity, ask: Infinity };
    for (const price of bids.keys()) best.bid = Math.max(best.bid, Number(price));
    for (const price of asks.keys()) best.ask = Math.min(best.ask, Number(price));
    assert.ok(best.bid < best.ask, `crossed at ${diff.E}: ${best.bid} and ${best.ask}`);
  }
  return { last, bids, asks };
}

Deno.test("the same seed and start give the same events, byte for byte, at any pace of reading", async () => {
  const quick = await play(1, ["BTCUSDT", "ETHUSDT"]);
  let turns = 0;
  const slow = await play(1, ["BTCUSDT", "ETHUSDT"], async () => {
    if (++turns % 50 === 0) await new Promise((resolve) => setTimeout(resolve, 0));
  });
  assert.ok(quick.events.length > 1000);
  assert.deepEqual(slow.events, quick.events);
});

Deno.test("symbols do not depend on each other", async () => {
  const alone = await play(1);
  const together = await play(1, ["ETHUSDT", "BTCUSDT"]);
  assert.deepEqual(together.trades, alone.trades);
  assert.deepEqual(together.diffs, alone.diffs);
});

Deno.test("ids are continuous and times never go back over ten minutes", async () => {
  const { trades, diffs } = await play(10);
  for (let i = 1; i < trades.length; i++) {
    assert.equal(trades[i].a, trades[i - 1].a + 1);
    assert.equal(trades[i].f, trades[i - 1].l + 1);
    assert.ok(trades[i].T >= trades[i - 1].T);
    assert.ok(trades[i].l >= trades[i].f);
  }
  for (let i = 1; i < diffs.length; i++) {
    assert.equal(diffs[i].U, diffs[i - 1].u + 1);
    assert.ok(diffs[i].u >= diffs[i].U);
    assert.equal(diffs[i].E % 100, 0);
  }
});

Deno.test("snapshot and diffs give the exchange's own book, which is never crossed", async () => {
  const { first, last, diffs, touches } = await play(2);
  const book = rebuild(first, diffs);
  assert.equal(book.last, last.lastUpdateId);
  const sorted = (levels: Iterable<readonly [string, string]>) =>
    [...levels].sort(([a], [b]) => Number(a) - Number(b));
  assert.deepEqual(sorted(book.bids), sorted(last.bids));
  assert.deepEqual(sorted(book.asks), sorted(last.asks));
  for (const { b, a } of touches) assert.ok(Number(b) < Number(a), `${b} and ${a}`);
});

Deno.test("prices are multiples of the tick and quantities of the step", async () => {
  for (const symbol of ["BTCUSDT", "SOLUSDT", "PEPEUSDT"]) {
    const source = market(1, [symbol]);
    const { tickSize, stepSize } = source.symbols[0];
    const [tick, step] = [wireUnits(tickSize), wireUnits(stepSize)];
    await source.run(() => {}, NEVER);
    const trades = source.trades(symbol).slice(0, Infinity);
    assert.ok(trades.length > 50, `${symbol} trades ${trades.length} times a minute`);
    for (const { p, q } of trades) {
      assert.equal(wireUnits(p) % tick, 0);
      assert.equal(wireUnits(q) % step, 0);
      assert.ok(wireUnits(q) > 0);
    }
  }
});

Deno.test("two hours of the market look like a market", () => {
  // Two hours of history; figures of real BTCUSDT: 1,000 to 3,000 aggTrades, 15 to 80 BTC and 30 to
  // 100 USD of range a minute.
  const source = market(0, ["BTCUSDT"], 120 * MINUTE);
  const log = source.trades("BTCUSDT");
  const minutes = Array.from({ length: 120 }, (_, i) => {
    const open = START - (120 - i) * MINUTE;
    const trades = log.slice(log.indexOfTime(open), log.indexOfTime(open + MINUTE));
    const prices = trades.map(({ p }) => Number(p));
    const volume = (some: typeof trades) => some.reduce((sum, { q }) => sum + Number(q), 0);
    return {
      trades: trades.length,
      range: Math.max(...prices) - Math.min(...prices),
      volume: volume(trades),
      bought: volume(trades.filter(({ m }) => !m)) / volume(trades),
      close: prices[prices.length - 1],
    };
  });
  const median = (values: number[]) => values.sort((a, b) => a - b)[60];
  const between = (value: number, low: number, high: number, what: string) =>
    assert.ok(value >= low && value <= high, `${what}: ${value} is not in ${low}..${high}`);
  between(median(minutes.map(({ trades }) => trades)), 800, 4000, "aggTrades a minute");
  between(median(minutes.map(({ range }) => range)), 15, 80, "USD of range a minute");
  between(median(minutes.map(({ volume }) => volume)), 15, 90, "BTC a minute");
  between(median(minutes.map(({ bought }) => bought)), 0.45, 0.55, "share of buys");
  const ranges = minutes.map(({ range }) => range).sort((a, b) => a - b);
  assert.ok(ranges[115] > ranges[60] * 2, "quiet and wild minutes differ");
  for (const { close } of minutes) between(close, 58_000, 65_600, "price");
  const { filled, pulled, refilled } = source.symbol("BTCUSDT").largeOrders;
  assert.ok(filled >= 5 && pulled >= 5, `walls: ${filled} filled, ${pulled} pulled`);
  assert.ok(refilled >= 10, `icebergs refilled ${refilled} times`);
});

Deno.test("the spread is a tick most of the time and widens now and then", async () => {
  const { touches } = await play(10);
  const spreads = touches.map(({ b, a }) => (wireUnits(a) - wireUnits(b)) / 1e6);
  const tight = spreads.filter((ticks) => ticks === 1).length / spreads.length;
  assert.ok(tight > 0.4, `${(tight * 100).toFixed(0)} % of the quotes are one tick apart`);
  assert.ok(Math.max(...spreads) > 20, `the widest spread is ${Math.max(...spreads)} ticks`);
});

Deno.test("history reaches back to its beginning and is continued by the live trades", async () => {
  const source = market(1, ["BTCUSDT"], 10 * MINUTE);
  const log = source.trades("BTCUSDT");
  const before = log.length;
  const first = log.at(0).T;
  assert.ok(first >= START - 10 * MINUTE && first < START - 9 * MINUTE);
  assert.ok(log.at(before - 1).T < START);
  await source.run(() => {}, NEVER);
  assert.equal(log.at(before).a, log.at(before - 1).a + 1);
});

Deno.test("in real time the market follows the wall clock at its speed", async () => {
  let wall = 5_000;
  const source = simulatedMarket({
    symbols: ["BTCUSDT"],
    seed: 7,
    speed: 10,
    startTime: START,
    historyMs: 0,
    now: () => wall,
  });
  const stop = new AbortController();
  const reached = Promise.withResolvers<void>();
  const run = source.run((stream) => {
    if (stream !== "btcusdt@depth@100ms") return;
    wall += 10;
    if (source.now() >= START + 5_000) reached.resolve();
  }, stop.signal);
  wall += 20;
  await reached.promise;
  assert.ok(source.now() <= START + (wall - 5_000) * 10);
  stop.abort();
  await run;
});
