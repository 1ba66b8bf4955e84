const BLOCK = 64;

/**
 * The prices that candles traded, in order of time: finds the first candle that traded within a
 * range without looking at every one.
 */
export class PriceRanges {
  #length = 0;
  #low = new Float64Array(BLOCK);
  #high = new Float64Array(BLOCK);
  /** The extremes of each BLOCK candles. */
  #blockLow = new Float64Array(1);
  #blockHigh = new Float64Array(1);

  get length(): number {
    return this.#length;
  }

  clear(): void {
    this.#length = 0;
  }

  /** The next candle traded from `low` to `high`, both included. */
  push(low: number, high: number): void {
    const index = this.#length++;
    if (index === this.#low.length) this.#grow();
    this.#low[index] = low;
    this.#high[index] = high;
    const block = Math.floor(index / BLOCK);
    const isFirst = index % BLOCK === 0;
    this.#blockLow[block] = isFirst ? low : Math.min(this.#blockLow[block], low);
    this.#blockHigh[block] = isFirst ? high : Math.max(this.#blockHigh[block], high);
  }

  /** The next candle may have traded anywhere. */
  pushUnknown(): void {
    this.push(-Infinity, Infinity);
  }

  /** Index of the first candle from `from` on that may have traded in [low, high), or -1. */
  firstWithin(from: number, low: number, high: number): number {
    let i = from;
    while (i < this.#length) {
      const block = Math.floor(i / BLOCK);
      const end = Math.min(this.#length, (block + 1) * BLOCK);
      if (this.#blockLow[block] < high && this.#blockHigh[block] >= low) {
        for (; i < end; i++) {
          if (this.#low[i] < high && this.#high[i] >= low) return i;
        }
      }
      i = end;
    }
    return -1;
  }

  #grow(): void {
    const size = this.#low.length * 2;
    this.#low = enlarged(this.#low, size);
    this.#high = enlarged(this.#high, size);
    this.#blockLow = enlarged(this.#blockLow, size / BLOCK);
    this.#blockHigh = enlarged(this.#blockHigh, size / BLOCK);
  }
}

function enlarged(from: Float64Array<ArrayBuffer>, size: number): Float64Array<ArrayBuffer> {
  const to = new Float64Array(size);
  to.set(from);
  return to;
}
