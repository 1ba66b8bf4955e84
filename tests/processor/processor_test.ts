import assert from "node:assert/strict";
import type { Link } from "../../bus/link.ts";
import type {
  CandlesFrame,
  EventBatch,
  Frame,
  MarketEvent,
  ProcessorToCollector,
  ProcessorToWeb,
  WebToProcessor,
} from "../../bus/messages.ts";
import { portLink } from "../../bus/port_link.ts";
import type {
  BookAnswer,
  CandlesAnswer,
  GapsAnswer,
  HeatmapAnswer,
  SymbolHealth,
} from "../../bus/queries.ts";
import type { Instrument } from "../../market/instrument.ts";
import { parseScale } from "../../market/scale.ts";
import { Processor } from "../../processor/processor.ts";

const INSTRUMENT: Instrument = {
  symbol: "BTCUSDT",
  market: "spot",
  priceScale: parseScale("0.01"),
  qtyScale: parseScale("0.001"),
  stepSize: 0.001,
  baseAsset: "BTC",
  quoteAsset: "USDT",
};

/** A processor with both its links, all in this thread. */
function setUp() {
  const [batches, frames] = [new MessageChannel(), new MessageChannel()];
  const collector: Link<ProcessorToCollector, EventBatch> = portLink(batches.port1);
  const web: Link<ProcessorToWeb, WebToProcessor> = portLink(frames.port1);
  const processorLinks = [portLink(batches.port2), portLink(frames.port2)] as const;
  const processor = new Processor(
    ["BTCUSDT", "ETHUSDT"],
    processorLinks[0] as Link<EventBatch, ProcessorToCollector>,
  );
  processor.serve(processorLinks[1] as Link<WebToProcessor, ProcessorToWeb>);
  const replies: ProcessorToCollector[] = [];
  let acknowledged = Promise.withResolvers<void>();
  collector.onMessage((message) => {
    replies.push(message);
    if (message.type === "ack") acknowledged.resolve();
  });
  let seq = 0;
  return {
    processor,
    web,
    replies,
    ask: <Answer>(question: unknown) => web.request(question) as Promise<Answer>,
    async feed(...events: MarketEvent[]) {
      acknowledged = Promise.withResolvers<void>();
      collector.send({ type: "events", seq: ++seq, events });
      await acknowledged.promise;
    },
    skipBatch: () => seq++,
    [Symbol.dispose]() {
      for (const link of [collector, web, ...processorLinks]) link.close();
    },
  };
}

function tradeEvent(
  id: number,
  tradeTime: number,
  priceTicks: number,
  signedLots: number,
): MarketEvent {
  return {
    type: "trade",
    symbol: "BTCUSDT",
    trade: {
      id,
      priceTicks,
      qtyLots: Math.abs(signedLots),
      firstTradeId: id,
      lastTradeId: id,
      tradeTime,
      isBuyerMaker: signedLots < 0,
    },
  };
}

const SNAPSHOT: MarketEvent = {
  type: "depthSnapshot",
  symbol: "BTCUSDT",
  eventTime: 1000,
  snapshot: { lastUpdateId: 5, bids: [10_000, 1500, 9_900, 2000], asks: [10_001, 1, 10_100, 7] },
};

function diffEvent(
  firstUpdateId: number,
  eventTime: number,
  bids: number[],
  asks: number[] = [],
): MarketEvent {
  const lastUpdateId = firstUpdateId;
  return {
    type: "depthDiff",
    symbol: "BTCUSDT",
    diff: { firstUpdateId, lastUpdateId, eventTime, bids, asks },
  };
}

Deno.test("Processor answers candles in decimals, grouped, with all fields", async () => {
  using it = setUp();
  await it.feed(
    { type: "instrument", instrument: INSTRUMENT },
    tradeEvent(1, 60_000, 10_003, 1500),
    tradeEvent(2, 60_001, 10_007, -500),
    tradeEvent(3, 60_002, 10_012, -2000),
  );
  const answer = await it.ask<CandlesAnswer>({
    type: "candles",
    symbol: "BTCUSDT",
    interval: "1m",
    from: 0,
    to: 1e12,
    group: "0.1",
  });
  assert.deepEqual(answer, {
    symbol: "BTCUSDT",
    interval: "1m",
    group: 0.1,
    candles: [{
      time: 60_000,
      open: 100.03,
      high: 100.12,
      low: 100.03,
      close: 100.12,
      volume: 4,
      buyVolume: 1.5,
      sellVolume: 2.5,
      delta: -1,
      minDelta: -1,
      maxDelta: 1.5,
      trades: 3,
      // Both rows hold 2.0: the lower one is the POC.
      poc: 100,
      vah: 100.1,
      val: 100,
      complete: false,
      // What traded before id 1 is not known, nor what else traded on that day.
      gap: true,
      cvd: null,
      levels: [[100, 0.5, 1.5, 2], [100.1, 2, 0, 1]],
    }],
  });
});

Deno.test("Processor answers the book with its known range", async () => {
  using it = setUp();
  await it.feed(
    { type: "instrument", instrument: INSTRUMENT },
    SNAPSHOT,
    diffEvent(6, 1100, [9_950, 3]),
  );
  const book = await it.ask<BookAnswer>({
    type: "book",
    symbol: "BTCUSDT",
    levels: 10,
    group: null,
  });
  assert.deepEqual(book, {
    symbol: "BTCUSDT",
    lastUpdateId: 6,
    eventTime: 1100,
    knownRange: [99, 101],
    bids: [[100, 1.5], [99.5, 0.003], [99, 2]],
    asks: [[100.01, 0.001], [101, 0.007]],
  });
  const rows = await it.ask<BookAnswer>({ type: "book", symbol: "BTCUSDT", levels: 1, group: "1" });
  assert.deepEqual([rows.bids, rows.asks], [[[100, 1.5]], [[100, 0.001]]]);
});

Deno.test("Processor answers the live heatmap with null where the book is unknown", async () => {
  using it = setUp();
  await it.feed(
    { type: "instrument", instrument: INSTRUMENT },
    SNAPSHOT,
    diffEvent(6, 1000, [10_000, 1600]),
    diffEvent(7, 1500, [10_000, 1700]),
  );
  const heatmap = await it.ask<HeatmapAnswer>({
    type: "heatmap",
    symbol: "BTCUSDT",
    from: 1000,
    to: 2000,
    stepMs: 250,
    group: "1",
    low: "98",
    high: "100",
    measure: "mean",
  });
  assert.deepEqual(heatmap, {
    step: 250,
    group: 1,
    times: [1000, 1250],
    prices: [98, 99, 100],
    bids: [[null, null, null], [null, 2, 1.6]],
    asks: [[null, null, null], [null, 0, 0.001]],
  });
});

Deno.test("Processor sends full frames on request and deltas that follow on them", async () => {
  using it = setUp();
  const frames: Frame[] = [];
  it.web.onMessage((frame) => frames.push(frame));
  it.web.send({ type: "watch", topics: ["candles/BTCUSDT", "book/BTCUSDT"] });
  await it.feed(
    { type: "instrument", instrument: INSTRUMENT },
    SNAPSHOT,
    tradeEvent(1, 60_000, 10_000, 5),
  );
  it.processor.takeFrames();
  const full = await it.ask<Frame>({ type: "topic", topic: "candles/BTCUSDT" });
  assert.ok(full.type === "candles" && full.full);
  assert.deepEqual(full.candles[0].levels, [10_000, 0, 5, 1]);
  await it.feed(tradeEvent(2, 60_001, 10_001, -4), tradeEvent(3, 60_002, 10_000, 1));
  const [candles, ...others] = it.processor.takeFrames();
  assert.deepEqual(others, [], "the book did not change, and status is not watched");
  assert.ok(candles.type === "candles" && !candles.full);
  assert.equal(candles.seq, full.seq + 1);
  assert.deepEqual(candles.candles[0].levels, [10_001, 4, 0, 1, 10_000, 0, 6, 2]);
  assert.equal(candles.candles[0].buyLots, 6);
});

Deno.test("Processor tells a corrected older candle without ticks, since nobody is sure to hold it", async () => {
  using it = setUp();
  it.web.send({ type: "watch", topics: ["candles/BTCUSDT"] });
  await it.feed(
    { type: "instrument", instrument: INSTRUMENT },
    tradeEvent(10, 60_000, 10_000, 5),
    tradeEvent(11, 120_000, 10_000, 5),
    tradeEvent(12, 180_000, 10_000, 5),
  );
  it.processor.takeFrames();
  await it.feed(tradeEvent(9, 59_000, 10_001, 1), tradeEvent(13, 180_001, 10_002, 2));
  const [frame] = it.processor.takeFrames();
  assert.ok(frame.type === "candles");
  assert.deepEqual(frame.candles.map(({ time, levels }) => [time, levels]), [
    [0, null],
    // Complete only now that the trade before it is held.
    [60_000, null],
    [120_000, []],
    [180_000, [10_002, 0, 2, 1]],
  ]);
});

Deno.test("Processor joins live candles of longer intervals from their minutes", async () => {
  using it = setUp();
  it.web.send({ type: "watch", topics: ["candles_5m/BTCUSDT", "candles_1d/BTCUSDT"] });
  await it.feed(
    { type: "instrument", instrument: INSTRUMENT },
    tradeEvent(1, 240_000, 10_000, 5),
    tradeEvent(2, 300_000, 10_002, -3),
    tradeEvent(3, 360_000, 10_001, 2),
    tradeEvent(4, 361_000, 10_002, 7),
  );
  it.processor.takeFrames();
  const full = await it.ask<CandlesFrame>({ type: "topic", topic: "candles_5m/BTCUSDT" });
  assert.deepEqual(full.candles.map(({ time, trades, gap }) => [time, trades, gap]), [
    [0, 1, true],
    [300_000, 3, false],
  ]);
  const [, open] = full.candles;
  assert.deepEqual(open.levels, [10_002, 3, 7, 2, 10_001, 0, 2, 1]);
  assert.deepEqual([open.open, open.close, open.minDelta, open.maxDelta], [10_002, 10_002, -3, 6]);
  await it.feed(tradeEvent(5, 420_000, 10_002, -1));
  const [five, day, ...others] = it.processor.takeFrames() as CandlesFrame[];
  assert.deepEqual(others, [], "nobody watches the other intervals");
  assert.deepEqual([five.type, five.seq, day.type], [full.type, full.seq + 1, "candles_1d"]);
  // The tick that traded, over all minutes; the candle before may be complete now.
  assert.deepEqual(five.candles.map(({ time, levels }) => [time, levels]), [
    [0, []],
    [300_000, [10_002, 4, 7, 3]],
  ]);
  assert.deepEqual(day.candles.map(({ time, trades, levels }) => [time, trades, levels]), [
    [0, 5, [10_002, 4, 7, 3]],
  ]);
});

Deno.test("Processor merges what changed between two frames into one", async () => {
  using it = setUp();
  it.web.send({ type: "watch", topics: ["book/BTCUSDT"] });
  await it.feed({ type: "instrument", instrument: INSTRUMENT }, SNAPSHOT);
  it.processor.takeFrames();
  await it.feed(diffEvent(6, 1100, [9_950, 3]), diffEvent(7, 1200, [9_950, 0, 10_000, 9]));
  const frames = it.processor.takeFrames();
  assert.equal(frames.length, 1);
  assert.ok(frames[0].type === "book");
  assert.deepEqual(frames[0].bids, [9_950, 0, 10_000, 9]);
  assert.equal(frames[0].lastUpdateId, 7);
});

Deno.test("Processor drops a book that cannot be right and asks for a new one", async () => {
  using it = setUp();
  await it.feed({ type: "instrument", instrument: INSTRUMENT }, SNAPSHOT, diffEvent(9, 1100, []));
  assert.deepEqual(it.replies.find(({ type }) => type === "resync"), {
    type: "resync",
    symbol: "BTCUSDT",
    reason: "depth diff 9 does not follow 5",
  });
  const book = await it.ask<BookAnswer>({
    type: "book",
    symbol: "BTCUSDT",
    levels: 10,
    group: null,
  });
  assert.equal(book.knownRange, null);
  assert.deepEqual(book.bids, []);
});

Deno.test("Processor keeps a ledger of what was lost, and of what was repaired", async () => {
  using it = setUp();
  const lostTrades = {
    type: "tradesLost",
    symbol: "BTCUSDT",
    fromId: 2,
    toId: 3,
    fromTime: 60_000,
    toTime: 60_500,
    reason: "aggTrade 4 does not follow 1",
  } as const;
  await it.feed(
    { type: "instrument", instrument: INSTRUMENT },
    SNAPSHOT,
    diffEvent(6, 1100, []),
    { type: "bookLost", symbol: "BTCUSDT", eventTime: 1100, reason: "cut" },
    tradeEvent(1, 60_000, 10_000, 5),
    lostTrades,
    tradeEvent(4, 60_500, 10_000, 5),
  );
  const gaps = () => it.ask<GapsAnswer>({ type: "gaps", symbol: "BTCUSDT", from: 0, to: 1e12 });
  const book = { kind: "book", from: 1100, to: null, reason: "cut", repaired: false };
  const trades = {
    kind: "trades",
    from: 60_000,
    to: 60_500,
    reason: lostTrades.reason,
    repaired: false,
    fromId: 2,
    toId: 3,
  };
  assert.deepEqual((await gaps()).gaps, [book, trades]);
  const health = () => it.ask<{ symbols: SymbolHealth[] }>({ type: "health" });
  assert.equal((await health()).symbols[0].openGaps, 2);

  await it.feed({ ...SNAPSHOT, eventTime: 2000 }, tradeEvent(2, 60_100, 10_000, 1));
  assert.equal((await health()).symbols[0].openGaps, 1, "one of two ids is still missing");
  await it.feed(tradeEvent(3, 60_200, 10_000, 1));
  assert.deepEqual((await gaps()).gaps, [{ ...book, to: 2000 }, { ...trades, repaired: true }]);
  assert.equal((await health()).symbols[0].openGaps, 0);
  const later = await it.ask<GapsAnswer>({
    type: "gaps",
    symbol: "BTCUSDT",
    from: 2001,
    to: 60_000,
  });
  assert.deepEqual(later.gaps, []);
});

Deno.test("Processor distrusts every book when batches are missing", async () => {
  using it = setUp();
  await it.feed({ type: "instrument", instrument: INSTRUMENT }, SNAPSHOT);
  it.skipBatch();
  await it.feed(tradeEvent(1, 60_000, 10_000, 5));
  const resync = it.replies.find(({ type }) => type === "resync");
  assert.ok(resync?.type === "resync");
  assert.equal(resync.reason, "batches 2 to 2 were dropped");
});

Deno.test("Processor refuses wrong questions and names the value", async () => {
  using it = setUp();
  await it.feed({ type: "instrument", instrument: INSTRUMENT });
  const candles = {
    type: "candles",
    symbol: "BTCUSDT",
    interval: "1m",
    from: 0,
    to: 1,
    group: null,
  };
  const wrong = [
    [
      { ...candles, symbol: "DOGEUSDT" },
      "not_found",
      /"DOGEUSDT" is not recorded, only BTCUSDT, ETHUSDT/,
    ],
    [{ ...candles, symbol: "ETHUSDT" }, "unavailable", /Nothing is known of ETHUSDT yet/],
    [{ ...candles, interval: "7m" }, "bad_request", /interval must be one of .* received "7m"/],
    [{ ...candles, group: "0" }, "bad_request", /multiple of 0\.01 for BTCUSDT, received "0"/],
    [{ ...candles, group: "-1" }, "bad_request", /received "-1"/],
    [{ ...candles, group: "0.005" }, "bad_request", /received "0\.005"/],
  ] as const;
  for (const [question, code, message] of wrong) {
    await assert.rejects(it.ask(question), { code, message });
  }
});
