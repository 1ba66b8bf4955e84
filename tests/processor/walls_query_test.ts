import assert from "node:assert/strict";
import type { Link } from "../../bus/link.ts";
import type {
  EventBatch,
  MarketEvent,
  ProcessorToCollector,
  ProcessorToWeb,
  WebToProcessor,
} from "../../bus/messages.ts";
import type { WallsAnswer } from "../../bus/queries.ts";
import { parseScale } from "../../market/scale.ts";
import type { Wall } from "../../market/wall.ts";
import type { HistoryStorage } from "../../processor/history.ts";
import { Processor } from "../../processor/processor.ts";

const SYMBOL = "BTCUSDT";

/** A wall of an earlier run. */
const OLDER: Wall = {
  ...{ side: "ask", row: 10_050, born: 100, died: 200, peakLots: 500, lots: 0, tradedLots: 500 },
  ended: "filled",
};

/** A processor in this thread whose history is kept in memory. */
function setUp() {
  let take = (_batch: EventBatch) => {};
  let tell = (_message: WebToProcessor) => {};
  let answer = (_question: unknown): unknown => null;
  const none = { request: () => Promise.resolve(null), close: () => {}, send: () => {} };
  const collector: Link<EventBatch, ProcessorToCollector> = {
    ...none,
    onMessage: (handler) => void (take = handler),
    onRequest: () => {},
  };
  const web: Link<WebToProcessor, ProcessorToWeb> = {
    ...none,
    onMessage: (handler) => void (tell = handler),
    onRequest: (handler) => void (answer = handler),
  };
  const saved: Wall[] = [OLDER];
  const opened = Promise.withResolvers<void>();
  const storage: HistoryStorage = {
    gaps: {
      load: () => Promise.resolve({ gaps: [], bookUntil: null }),
      save: () => Promise.resolve(),
    },
    walls: {
      save: (_symbol, walls) => Promise.resolve(void saved.push(...walls)),
      read: () => Promise.resolve(saved),
    },
    close: () => Promise.resolve(),
  };
  const processor = new Processor([SYMBOL], collector, () => {
    opened.resolve();
    return Promise.resolve(storage);
  });
  processor.serve(web);
  let seq = 0;
  return {
    saved,
    opened: opened.promise,
    record: () => tell({ type: "record", folder: "data", market: "spot" }),
    feed: (...events: MarketEvent[]) => take({ type: "events", seq: ++seq, events }),
    ask: <Answer>(question: unknown) => Promise.resolve(answer(question)) as Promise<Answer>,
  };
}

/** The price at which the test's own wall rests, among 400 smaller rows. */
const PRICE = 9_950;
const flat = (sign: 1 | -1) =>
  Array.from({ length: 200 }, (_, i) => [10_000 + sign * (i + 1), i + 1]).flat();

let updateId = 5;
const diff = (eventTime: number, bids: number[]): MarketEvent => ({
  type: "depthDiff",
  symbol: SYMBOL,
  diff: { eventTime, firstUpdateId: ++updateId, lastUpdateId: updateId, bids, asks: [] },
});

Deno.test("Processor answers for walls that rest and for those that have ended, and keeps these", async () => {
  const it = setUp();
  it.record();
  await it.opened;
  it.feed({
    type: "instrument",
    instrument: {
      symbol: SYMBOL,
      market: "spot",
      priceScale: parseScale("1"),
      qtyScale: parseScale("0.1"),
      stepSize: 0.1,
      baseAsset: "BTC",
      quoteAsset: "USDT",
    },
  }, {
    type: "depthSnapshot",
    symbol: SYMBOL,
    eventTime: 1_000,
    snapshot: { lastUpdateId: updateId, bids: flat(-1), asks: flat(1) },
  });
  for (let second = 2; second <= 6; second++) it.feed(diff(second * 1000, []));
  // A hundred times what rests elsewhere, for five seconds, of which nothing trades.
  it.feed(diff(7_000, [PRICE, 1000]));
  for (let second = 8; second <= 12; second++) it.feed(diff(second * 1000, []));
  const query = { type: "walls", symbol: SYMBOL, from: 0, to: 1e15 };
  const wall = {
    ...{ side: "bid", price: PRICE, born: 7_000, died: null, peak: 100, quantity: 100 },
    ...{ traded: 0, ended: null },
  };
  // The largest of the other rows are walls too, from the beginning.
  const own = async (asked: unknown) =>
    (await it.ask<WallsAnswer>(asked)).walls.filter(({ price }) => price === PRICE);
  assert.deepEqual(await own(query), [wall]);
  it.feed(diff(12_500, [PRICE, 10]));
  for (let second = 13; second <= 16; second++) it.feed(diff(second * 1000, []));
  const pulled = { ...wall, died: 12_500, quantity: 1, ended: "pulled" };
  assert.deepEqual(await own(query), [pulled]);
  const [first] = (await it.ask<WallsAnswer>(query)).walls;
  assert.deepEqual([first.price, first.ended], [10_050, "filled"], "as the disk holds it");
  await it.ask({ type: "finish" });
  assert.deepEqual(it.saved.filter(({ row }) => row === PRICE).map(({ ended }) => ended), [
    "pulled",
  ]);
});
