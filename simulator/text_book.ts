import type { RestDepth, TextLevels } from "./source.ts";
import { wireUnits } from "./trade_log.ts";

/** An order book in the texts of the wire, for a source that only passes texts on. */
export class TextBook {
  readonly #bids = new Map<string, string>();
  readonly #asks = new Map<string, string>();
  #lastUpdateId = 0;
  #times: Pick<RestDepth, "E" | "T"> = {};
  /** Prices of 1e-8 between which the book is wholly known. */
  #low = 0;
  #high = Infinity;

  applySnapshot({ lastUpdateId, bids, asks, ...times }: RestDepth): void {
    this.#bids.clear();
    this.#asks.clear();
    for (const [price, quantity] of bids) this.#bids.set(price, quantity);
    for (const [price, quantity] of asks) this.#asks.set(price, quantity);
    this.#lastUpdateId = lastUpdateId;
    this.#times = times;
    const prices = [...bids, ...asks].map(([price]) => wireUnits(price));
    this.#low = Math.min(...prices);
    this.#high = Math.max(...prices);
  }

  applyDiff(lastUpdateId: number, bids: TextLevels, asks: TextLevels): void {
    if (lastUpdateId <= this.#lastUpdateId) return;
    change(this.#bids, bids);
    change(this.#asks, asks);
    this.#lastUpdateId = lastUpdateId;
    this.#times = {};
  }

  /** The best levels inside the range that the snapshot covered: nothing is claimed beyond. */
  depth(limit: number): RestDepth {
    const inside = (levels: Map<string, string>, direction: 1 | -1) =>
      [...levels]
        .map(([price, quantity]) => ({ price, quantity, units: wireUnits(price) }))
        .filter(({ units }) => units >= this.#low && units <= this.#high)
        .sort((a, b) => (a.units - b.units) * direction)
        .slice(0, limit)
        .map(({ price, quantity }) => [price, quantity] as const);
    return {
      lastUpdateId: this.#lastUpdateId,
      bids: inside(this.#bids, -1),
      asks: inside(this.#asks, 1),
      ...this.#times,
    };
  }
}

function change(side: Map<string, string>, levels: TextLevels): void {
  for (const [price, quantity] of levels) {
    if (Number(quantity) === 0) side.delete(price);
    else side.set(price, quantity);
  }
}
