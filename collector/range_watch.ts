import type { KnownRange } from "../market/order_book.ts";

/** Share of the known range at its edges in which the price asks for a wider snapshot. */
const EDGE_SHARE = 0.2;
const REFRESH_EVERY_MS = 30 * 60_000;
/** A range that is narrow by nature must not ask all the time. */
const AT_MOST_EVERY_MS = 60_000;

/**
 * Decides when a book needs a fresh snapshot: a snapshot covers a limited range of prices, and the
 * market moves out of it. Times are the local clock's.
 */
export class RangeWatch {
  #low = 0;
  #high = 0;
  #takenTime: number | null = null;
  #askedTime = -Infinity;

  /** A snapshot that covers these prices, in ticks, became part of the book. */
  take([low, high]: KnownRange, time: number): void {
    this.#low = low;
    this.#high = high;
    this.#takenTime = time;
  }

  /** Why a fresh snapshot is due at this price and time, or null. Asking counts as taken up. */
  reasonAt(priceTicks: number, time: number): string | null {
    if (this.#takenTime === null || time - this.#askedTime < AT_MOST_EVERY_MS) return null;
    const margin = (this.#high - this.#low) * EDGE_SHARE;
    const isNearEdge = priceTicks < this.#low + margin || priceTicks > this.#high - margin;
    const isOld = time - this.#takenTime >= REFRESH_EVERY_MS;
    if (!isNearEdge && !isOld) return null;
    this.#askedTime = time;
    return isNearEdge ? "the price nears the edge of the known range" : "the snapshot is old";
  }
}
