import { rowOf } from "./price_row.ts";
import type { FlatLevels, Side } from "./types.ts";

const FIRST_CAPACITY = 1024;

/**
 * One side of an order book: price levels in typed arrays, sorted so that the best price stands
 * last. Most changes happen near the best price, so an insertion moves only a few numbers.
 */
export class BookSide {
  readonly side: Side;
  #prices = new Float64Array(FIRST_CAPACITY);
  #lots = new Float64Array(FIRST_CAPACITY);
  #length = 0;
  /** Bids ascend; asks ascend by their negative price: "worst first" is one order for both. */
  readonly #sign: 1 | -1;

  constructor(side: Side) {
    this.side = side;
    this.#sign = side === "bid" ? 1 : -1;
  }

  get length(): number {
    return this.#length;
  }

  /** Best price in ticks, or null when the side is empty. */
  get bestTicks(): number | null {
    return this.#length === 0 ? null : this.#prices[this.#length - 1] * this.#sign;
  }

  /** Quantity at the best price in lots, 0 when the side is empty. */
  get bestLots(): number {
    return this.#length === 0 ? 0 : this.#lots[this.#length - 1];
  }

  clear(): void {
    this.#length = 0;
  }

  /** Resting lots at a price, 0 where no level is held. */
  lotsAt(priceTicks: number): number {
    const index = this.#find(priceTicks * this.#sign);
    return index >= 0 ? this.#lots[index] : 0;
  }

  /** Sets the absolute quantity of a level, 0 removes it; returns what stood there before. */
  set(priceTicks: number, qtyLots: number): number {
    const key = priceTicks * this.#sign;
    const index = this.#find(key);
    if (index >= 0) {
      const before = this.#lots[index];
      if (qtyLots === 0) this.#removeAt(index);
      else this.#lots[index] = qtyLots;
      return before;
    }
    // Removing a level that is not held is normal: it lay outside the snapshot.
    if (qtyLots !== 0) this.#insertAt(~index, key, qtyLots);
    return 0;
  }

  /** Calls back with every level, best price first, until the callback returns false. */
  forEachFromBest(visit: (priceTicks: number, qtyLots: number) => boolean | void): void {
    for (let i = this.#length - 1; i >= 0; i--) {
      if (visit(this.#prices[i] * this.#sign, this.#lots[i]) === false) return;
    }
  }

  /** The best `limit` levels, best first, flat: priceTicks, qtyLots, ... */
  levels(limit = Infinity): FlatLevels {
    const flat: number[] = [];
    this.forEachFromBest((ticks, lots) => {
      if (flat.length >= limit * 2) return false;
      flat.push(ticks, lots);
    });
    return flat;
  }

  /** The best `limit` rows of `groupTicks`, best first, flat: row's lower edge, lots, ... */
  rows(groupTicks: number, limit = Infinity): FlatLevels {
    const flat: number[] = [];
    this.forEachFromBest((ticks, lots) => {
      const row = rowOf(ticks, groupTicks);
      if (flat.length > 0 && flat[flat.length - 2] === row) {
        flat[flat.length - 1] += lots;
        return;
      }
      if (flat.length >= limit * 2) return false;
      flat.push(row, lots);
    });
    return flat;
  }

  /** Index of a key, or the complement of where it would be inserted. */
  #find(key: number): number {
    let low = 0;
    let high = this.#length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const held = this.#prices[middle];
      if (held === key) return middle;
      if (held < key) low = middle + 1;
      else high = middle - 1;
    }
    return ~low;
  }

  #insertAt(index: number, key: number, lots: number): void {
    if (this.#length === this.#prices.length) this.#grow();
    this.#prices.copyWithin(index + 1, index, this.#length);
    this.#lots.copyWithin(index + 1, index, this.#length);
    this.#prices[index] = key;
    this.#lots[index] = lots;
    this.#length++;
  }

  #removeAt(index: number): void {
    this.#prices.copyWithin(index, index + 1, this.#length);
    this.#lots.copyWithin(index, index + 1, this.#length);
    this.#length--;
  }

  #grow(): void {
    const prices = new Float64Array(this.#prices.length * 2);
    const lots = new Float64Array(prices.length);
    prices.set(this.#prices);
    lots.set(this.#lots);
    this.#prices = prices;
    this.#lots = lots;
  }
}
