import { OrderBook } from "../../market/order_book.ts";
import type { Side, Trade } from "../../market/types.ts";
import { instrumentOf } from "../../simulator/market_model/instrument.ts";
import type { LargeOrderEnd } from "../../simulator/market_model/large_orders.ts";
import { LevelChanges } from "../../simulator/market_model/level_changes.ts";
import { Random } from "../../simulator/market_model/random.ts";
import { STEP_MS } from "../../simulator/market_model/scene.ts";
import { SymbolMarket } from "../../simulator/market_model/symbol_market.ts";

/** One depth event: the book after it, and each level that it changed. */
export interface DepthTold {
  readonly eventTime: number;
  readonly book: OrderBook;
  readonly changes: readonly [side: Side, ticks: number, before: number, after: number][];
}

export interface WallMarketOptions {
  readonly seed: number;
  readonly startTime: number;
  readonly minutes: number;
  readonly onBegin: (book: OrderBook, time: number) => void;
  readonly onTrade: (trade: Trade) => void;
  readonly onDepth: (told: DepthTold) => void;
  /** The truth, which no event of an exchange tells. */
  readonly onEnd: (end: LargeOrderEnd) => void;
}

const DEPTH_MS = 100;
/** Events of both streams are late by up to so much, as in real captures. */
const MAX_LAG_MS = 214;

/** Runs a simulated market without text or sockets; both streams come late, each in its own order. */
export function runWallMarket(options: WallMarketOptions): void {
  const lag = new Random(options.seed, "lag");
  const waiting = { trades: [] as Late<Trade>[], depth: [] as Late<DepthDue>[] };
  let id = 0;
  const market = new SymbolMarket(
    instrumentOf("BTCUSDT"),
    options.seed,
    options.startTime,
    (side, priceTicks, qtyLots, _fills, tradeTime) => {
      id++;
      const isBuyerMaker = side === -1;
      const ids = { id, firstTradeId: id, lastTradeId: id };
      const what = { ...ids, priceTicks, qtyLots, tradeTime, isBuyerMaker };
      waiting.trades.push({ what, at: tradeTime + lag.below(MAX_LAG_MS) });
    },
    () => {},
  );
  // The first minute fills the book.
  for (let i = 0; i < 60_000 / STEP_MS; i++) market.step();
  waiting.trades = [];
  market.watchLargeOrders(options.onEnd);
  const changes = new LevelChanges(market.book.updateId);
  market.book.watchers.push(changes);
  const book = new OrderBook();
  const flat = (side: 1 | -1, ticks: readonly number[]) =>
    ticks.flatMap((tick) => [tick, market.book.stepsAt(side, tick)]);
  const levels = (side: 1 | -1) => flat(side, market.book.levels(side, 5000));
  const lastUpdateId = market.book.updateId;
  book.applySnapshot({ lastUpdateId, bids: levels(1), asks: levels(-1) }, market.time);
  options.onBegin(book, market.time);
  const endTime = market.time + options.minutes * 60_000;
  while (market.time < endTime) {
    market.step();
    const { time } = market;
    if (time % DEPTH_MS === 0) {
      const taken = changes.take(market.book.updateId);
      if (taken !== null) {
        const diff = {
          firstUpdateId: taken.firstId,
          lastUpdateId: market.book.updateId,
          eventTime: time,
          bids: flat(1, taken.bids),
          asks: flat(-1, taken.asks),
        };
        waiting.depth.push({ what: diff, at: time + lag.below(MAX_LAG_MS) });
      }
    }
    for (const { what: trade } of due(waiting.trades, time)) options.onTrade(trade);
    for (const { what: diff } of due(waiting.depth, time)) {
      const changed: [Side, number, number, number][] = [];
      book.applyDiff(diff, (...change) => changed.push(change));
      options.onDepth({ eventTime: diff.eventTime, book, changes: changed });
    }
  }
}

type DepthDue = Parameters<OrderBook["applyDiff"]>[0];

interface Late<What> {
  readonly what: What;
  readonly at: number;
}

/** Takes what has arrived by `time`; a stream never overtakes itself. */
function due<What>(queue: Late<What>[], time: number): Late<What>[] {
  const still = queue.findIndex(({ at }) => at > time);
  return queue.splice(0, still < 0 ? queue.length : still);
}
