import assert from "node:assert/strict";
import fc from "fast-check";
import type { Link } from "../../bus/link.ts";
import type {
  EventBatch,
  MarketEvent,
  ProcessorToCollector,
  ProcessorToWeb,
  WebToProcessor,
} from "../../bus/messages.ts";
import type { BookAnswer, CandlesAnswer, GapsAnswer, SymbolHealth } from "../../bus/queries.ts";
import type { ExchangeRest } from "../../collector/exchange_adapter.ts";
import { SymbolFeed } from "../../collector/symbol_feed.ts";
import type { Instrument } from "../../market/instrument.ts";
import { parseScale } from "../../market/scale.ts";
import type { DepthDiff, DepthSnapshot, MarketKind, Trade } from "../../market/types.ts";
import { Processor } from "../../processor/processor.ts";

const SYMBOL = "BTCUSDT";
/** Always there, so that every snapshot covers the same prices. */
const [LOWEST, HIGHEST] = [80, 120];

/** What the exchange does next, and what becomes of the frame that tells it. */
interface Step {
  readonly what: "diff" | "trade";
  readonly fate: "delivered" | "dropped" | "twice" | "late";
  readonly price: number;
  readonly lots: number;
  /** The snapshot that was asked for arrives now, as the book is now. */
  readonly answers: boolean;
  /** The connection is cut after this step. */
  readonly cut: boolean;
}

const step: fc.Arbitrary<Step> = fc.record({
  what: fc.constantFrom("diff", "diff", "trade"),
  fate: fc.constantFrom("delivered", "delivered", "delivered", "dropped", "twice", "late"),
  price: fc.integer({ min: 95, max: 104 }),
  lots: fc.integer({ min: 0, max: 9 }),
  answers: fc.boolean(),
  cut: fc.constantFrom(false, false, false, false, true),
});

/** The exchange itself: its book at every update, and all its trades. */
class Truth {
  readonly books = new Map<number, { bids: Map<number, number>; asks: Map<number, number> }>();
  readonly trades: Trade[] = [];
  readonly #market: MarketKind;
  #updateId = 100;
  #bids = new Map([[LOWEST, 5]]);
  #asks = new Map([[HIGHEST, 5]]);
  time = 1_000;

  constructor(market: MarketKind) {
    this.#market = market;
    this.#keep();
  }

  diff({ price, lots }: Step): DepthDiff {
    const previousUpdateId = this.#updateId;
    this.#updateId += 1 + lots % 3;
    this.time += 100;
    // Prices below 100 are bid, the others asked: the book is never crossed.
    const side = price < 100 ? this.#bids : this.#asks;
    if (lots === 0) side.delete(price);
    else side.set(price, lots);
    this.#keep();
    return {
      eventTime: this.time,
      firstUpdateId: previousUpdateId + 1,
      lastUpdateId: this.#updateId,
      ...(this.#market === "usdm" ? { previousUpdateId } : {}),
      bids: price < 100 ? [price, lots] : [],
      asks: price < 100 ? [] : [price, lots],
    };
  }

  trade({ price, lots }: Step): Trade {
    this.time += 10;
    const id = this.trades.length + 1;
    const trade = {
      id,
      priceTicks: price,
      qtyLots: lots + 1,
      firstTradeId: id,
      lastTradeId: id,
      tradeTime: this.time,
      isBuyerMaker: price < 100,
    };
    this.trades.push(trade);
    return trade;
  }

  snapshot(): DepthSnapshot {
    const flat = (levels: Map<number, number>, best: -1 | 1) =>
      [...levels].sort(([a], [b]) => (a - b) * best).flat();
    return { lastUpdateId: this.#updateId, bids: flat(this.#bids, -1), asks: flat(this.#asks, 1) };
  }

  #keep(): void {
    this.books.set(this.#updateId, { bids: new Map(this.#bids), asks: new Map(this.#asks) });
  }
}

/** A feed and a processor in this thread; snapshots come when the test lets them. */
function setUp(market: MarketKind) {
  const truth = new Truth(market);
  const instrument: Instrument = {
    symbol: SYMBOL,
    market,
    priceScale: parseScale("1"),
    qtyScale: parseScale("1"),
    stepSize: 1,
    baseAsset: "BTC",
    quoteAsset: "USDT",
  };
  let asked: PromiseWithResolvers<DepthSnapshot> | null = null;
  const rest: ExchangeRest = {
    onDepthBody: null,
    time: () => Promise.resolve(truth.time),
    instrument: () => Promise.resolve(instrument),
    newestAggTrade: () => Promise.resolve(null),
    firstAggTradeId: () => Promise.resolve(null),
    aggTradesFrom: (_, fromId) => Promise.resolve(truth.trades.filter(({ id }) => id >= fromId)),
    depth: () => {
      asked = Promise.withResolvers<DepthSnapshot>();
      return asked.promise;
    },
  };
  let take = (_batch: EventBatch) => {};
  let answer = (_question: unknown): unknown => null;
  const none = { request: () => Promise.resolve(null), close: () => {} };
  const collectorLink: Link<EventBatch, ProcessorToCollector> = {
    ...none,
    onMessage: (handler) => void (take = handler),
    onRequest: () => {},
    send: (message) => {
      if (message.type === "resync") feed.streamLost(message.reason);
    },
  };
  const webLink: Link<WebToProcessor, ProcessorToWeb> = {
    ...none,
    onMessage: () => {},
    onRequest: (handler) => void (answer = handler),
    send: () => {},
  };
  const processor = new Processor([SYMBOL], collectorLink);
  processor.serve(webLink);
  let seq = 0;
  let now = 0;
  const emit = (event: MarketEvent) => take({ type: "events", seq: ++seq, events: [event] });
  emit({ type: "instrument", instrument });
  const stop = new AbortController();
  const feed = new SymbolFeed({
    instrument,
    rest,
    emit,
    notice: () => {},
    backfillMs: 0,
    archive: null,
    archivedUntil: null,
    room: () => Promise.resolve(),
    signal: stop.signal,
    // So late that no snapshot is ever too soon after another one.
    now: () => now += 20_000,
  });
  return {
    truth,
    feed,
    ask: <Answer>(question: unknown) => answer(question) as Answer,
    async answerDepth() {
      asked?.resolve(truth.snapshot());
      asked = null;
      await settled();
    },
    stop: () => stop.abort(),
  };
}

/** What promises of the feed have to do is done. */
async function settled(): Promise<void> {
  for (let i = 0; i < 30; i++) await Promise.resolve();
}

type Setup = ReturnType<typeof setUp>;

function assertBookIsTrue({ ask, truth }: Setup): boolean {
  const book = ask<BookAnswer>({ type: "book", symbol: SYMBOL, levels: 1000, group: null });
  if (book.knownRange === null) return false;
  const expected = truth.books.get(book.lastUpdateId);
  assert.ok(expected, `there never was a book at update ${book.lastUpdateId}`);
  for (const side of ["bids", "asks"] as const) {
    const { [side]: levels } = book;
    assert.deepEqual(new Map(levels), expected[side], `${side} at ${book.lastUpdateId}`);
  }
  return true;
}

async function play(market: MarketKind, steps: readonly Step[]): Promise<void> {
  const it = setUp(market);
  const { truth, feed, ask } = it;
  let late: (() => void) | null = null;
  let firstId: number | null = null;
  for (const one of steps) {
    const deliver = one.what === "diff"
      ? deliverer(truth.diff(one), (diff) => feed.takeDiff(diff))
      : deliverer(truth.trade(one), (trade) => {
        firstId ??= trade.id;
        feed.takeTrade(trade, trade.tradeTime);
      });
    if (one.fate === "delivered" || one.fate === "twice") deliver();
    if (one.fate === "twice") deliver();
    late?.();
    late = one.fate === "late" ? deliver : null;
    await settled();
    if (one.answers) await it.answerDepth();
    if (one.cut) {
      late = null;
      feed.streamLost("cut");
    }
    assertBookIsTrue(it);
  }
  await undisturbed(it);
  firstId ??= truth.trades.length;
  assert.equal(assertBookIsTrue(it), true, "the book is known in the end");
  const book = ask<BookAnswer>({ type: "book", symbol: SYMBOL, levels: 1, group: null });
  assert.equal(book.lastUpdateId, Math.max(...truth.books.keys()));

  const query = { symbol: SYMBOL, from: 0, to: 1e15 };
  const { candles } = ask<CandlesAnswer>({
    type: "candles",
    interval: "1m",
    group: null,
    ...query,
  });
  // Ids from the first that came on, each exactly once; one from before may have been late.
  const recorded = candles.reduce((sum, { trades }) => sum + trades, 0);
  const volume = candles.reduce((sum, one) => sum + one.volume, 0);
  const { symbols } = ask<{ symbols: SymbolHealth[] }>({ type: "health" });
  assert.equal(symbols[0].lastAggTradeId, truth.trades.length);
  const expected = truth.trades.slice(-recorded);
  assert.ok(recorded >= truth.trades.length - firstId + 1, `${recorded} from ${firstId} on`);
  assert.equal(volume, expected.reduce((sum, { qtyLots }) => sum + qtyLots, 0));
  const { gaps } = ask<GapsAnswer>({ type: "gaps", ...query });
  for (const gap of gaps) {
    assert.equal(gap.kind === "book" ? gap.to !== null : gap.repaired, true, gap.reason);
  }
  assert.equal(symbols[0].openGaps, 0);
  it.stop();
}

/** Nothing goes wrong any more: two snapshots, should the first be too old, and what follows. */
async function undisturbed(it: Setup): Promise<void> {
  const { truth, feed } = it;
  for (let i = 0; i < 4; i++) {
    const last = { price: 96 + i, lots: 3 + i } as Step;
    feed.takeDiff(truth.diff(last));
    const trade = truth.trade(last);
    feed.takeTrade(trade, trade.tradeTime);
    await settled();
    await it.answerDepth();
  }
}

function deliverer<T>(value: T, take: (value: T) => void): () => void {
  return () => take(value);
}

for (const market of ["spot", "usdm"] as const) {
  Deno.test(`any order of loss, duplication and reconnect ends right or in a gap: ${market}`, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 1, maxLength: 80, size: "max" }),
        (steps) => play(market, steps),
      ),
      { numRuns: 300, seed: 20240808 },
    );
  });
}
