import { OrderBook } from "../../market/order_book.ts";
import type { Side } from "../../market/types.ts";
import type { Wall, WallOptions } from "../../market/wall.ts";
import { WallTracker } from "../../market/wall_tracker.ts";

/** The threshold of the market below. */
export const THRESHOLD = 50;
export const START = 1_000_000;
const GROUP = 10;

/**
 * A book around 10,000 ticks with rows of 10 ticks: twenty a side within 2 %, all hold 10 lots but
 * the three outermost of each side, which hold 50. The 90th percentile of 40 rows is the 36th: 50,
 * and stays 50 when one more row is large. Times are counted from the start.
 */
export class WallMarket {
  readonly tracker: WallTracker;
  readonly book = new OrderBook();
  readonly #told = new Map<string, Wall>();
  #updateId = 1;
  #tradeId = 0;

  constructor(options: Partial<WallOptions> = {}) {
    const note = (wall: Wall) => this.#told.set(`${wall.side} ${wall.row} ${wall.born}`, wall);
    this.tracker = new WallTracker(GROUP, note, { percentile: 90, ...options });
    this.snapshot(0);
  }

  snapshot(time: number): void {
    const bids: number[] = [];
    const asks: number[] = [];
    for (let i = 0; i < 20; i++) {
      const lots = i < 17 ? 10 : THRESHOLD;
      bids.push(9_995 - i * GROUP, lots);
      asks.push(10_005 + i * GROUP, lots);
    }
    this.book.applySnapshot({ lastUpdateId: ++this.#updateId, bids, asks }, START + time);
    this.tracker.begin(this.book, START + time);
  }

  /** A depth event that sets levels: side, price, lots. */
  depth(time: number, ...levels: readonly [Side, number, number][]): void {
    const id = ++this.#updateId;
    const of = (wanted: Side) =>
      levels.flatMap(([side, ticks, lots]) => side === wanted ? [ticks, lots] : []);
    const changes: [Side, number, number, number][] = [];
    const diff = { firstUpdateId: id, lastUpdateId: id, bids: of("bid"), asks: of("ask") };
    this.book.applyDiff({ ...diff, eventTime: START + time }, (...one) => changes.push(one));
    this.tracker.advance(START + time, this.book);
    for (const change of changes) this.tracker.change(...change);
    this.tracker.commit();
  }

  /** A trade against resting orders of a side. */
  trade(time: number, side: Side, priceTicks: number, qtyLots: number): void {
    const id = ++this.#tradeId;
    const ids = { id, firstTradeId: id, lastTradeId: id };
    const isBuyerMaker = side === "bid";
    this.tracker.trade({ ...ids, priceTicks, qtyLots, tradeTime: START + time, isBuyerMaker });
  }

  /** Walls of a row, times from the start. */
  walls(row: number): Omit<Wall, "row">[] {
    return [...this.#told.values()].filter((wall) => wall.row === row).map((wall) => ({
      side: wall.side,
      born: wall.born - START,
      died: wall.died === null ? null : wall.died - START,
      peakLots: wall.peakLots,
      lots: wall.lots,
      tradedLots: wall.tradedLots,
      ended: wall.ended,
    }));
  }
}
