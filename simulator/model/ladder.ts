/** Half of the ticks that the ladder can hold; a power of two, so that an index is one mask. */
const SPAN = 1 << 18;
const MASK = SPAN - 1;

/**
 * Resting quantities of both sides on consecutive ticks, in steps, positive for bids and negative
 * for asks. A ring of ticks: it moves along with the price, and what falls off its ends is gone.
 */
export class Ladder {
  readonly #steps = new Float64Array(SPAN);
  /** Ticks whose quantity changed since `takeChanges`. */
  readonly #changed = new Set<number>();
  /** Lowest and highest tick on the ladder. */
  low: number;
  high: number;
  bestBid: number;
  bestAsk: number;
  /** Rises by one per change of a level, as on the exchange. */
  updateId: number;

  /** @param reach ticks that are held on each side of the middle, below 131,072 */
  constructor(middle: number, reach: number, updateId: number) {
    this.low = Math.max(1, middle - reach);
    this.high = middle + reach;
    this.bestBid = this.low - 1;
    this.bestAsk = this.high + 1;
    this.updateId = updateId;
  }

  /** Steps at a tick: positive rests as bid, negative as ask. */
  at(tick: number): number {
    return tick < this.low || tick > this.high ? 0 : this.#steps[tick & MASK];
  }

  /** Sets what rests as bid (positive) or ask (negative); ignored where it would cross. */
  set(tick: number, steps: number): void {
    if (tick < this.low || tick > this.high) return;
    if (steps > 0 && tick >= this.bestAsk) return;
    if (steps < 0 && tick <= this.bestBid) return;
    const before = this.#steps[tick & MASK];
    if (before === steps) return;
    this.#steps[tick & MASK] = steps;
    this.updateId++;
    this.#changed.add(tick);
    if (steps > 0) this.bestBid = Math.max(this.bestBid, tick);
    else if (steps < 0) this.bestAsk = Math.min(this.bestAsk, tick);
    else if (tick === this.bestBid) this.bestBid = this.#nextBid(tick);
    else if (tick === this.bestAsk) this.bestAsk = this.#nextAsk(tick);
  }

  /**
   * Moves the held range by one tick towards `middle`; returns the tick that is new, or null. What
   * falls off the other end is removed as any level: a client would hold it for ever.
   */
  follow(middle: number, reach: number): number | null {
    if (middle + reach > this.high) {
      this.set(this.low, 0);
      this.low++;
      return ++this.high;
    }
    if (middle - reach < this.low && this.low > 1) {
      this.set(this.high, 0);
      this.high--;
      return --this.low;
    }
    return null;
  }

  /** Ticks that changed since the last call, in the order of their first change. */
  takeChanges(): number[] {
    const ticks = [...this.#changed];
    this.#changed.clear();
    return ticks;
  }

  /** The best `limit` ticks of a side, best first. */
  levels(side: 1 | -1, limit: number): number[] {
    const ticks: number[] = [];
    const end = side === 1 ? this.low - 1 : this.high + 1;
    for (let tick = side === 1 ? this.bestBid : this.bestAsk; tick !== end; tick -= side) {
      if (ticks.length >= limit) break;
      if (this.#steps[tick & MASK] * side > 0) ticks.push(tick);
    }
    return ticks;
  }

  #nextBid(from: number): number {
    let tick = from;
    while (tick >= this.low && this.#steps[tick & MASK] <= 0) tick--;
    return tick;
  }

  #nextAsk(from: number): number {
    let tick = from;
    while (tick <= this.high && this.#steps[tick & MASK] >= 0) tick++;
    return tick;
  }
}
