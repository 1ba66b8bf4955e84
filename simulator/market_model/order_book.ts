import type { LevelChanges, Side } from "./level_changes.ts";

/** Ticks that the book can hold; a power of two, so that a tick's place is one mask. */
const SPAN = 1 << 18;
const MASK = SPAN - 1;
/** Recentring is worth its cost only after a move of so many ticks. */
const RECENTRE_TICKS = 2048;

/** Called for each price that an aggressor takes: quantity in steps, number of orders hit. */
export type OnTaken = (tick: number, steps: number, fills: number) => void;

/**
 * A limit order book with price-time priority on a ring of ticks around the price.
 * Orders are numbered records that their owners reuse: an order is live while it has a quantity.
 */
export class OrderBook {
  /** Rises by one with every change of a level, as on the exchange. */
  updateId: number;
  bestBid: number;
  bestAsk: number;
  /** Iceberg portions that were shown after the one before was taken. */
  refills = 0;
  /** Lists of changes that diffs are made of; empty while nobody listens. */
  readonly watchers: LevelChanges[] = [];
  #low: number;
  readonly #levelSteps = new Int32Array(SPAN);
  /** First and last order of a tick's queue, plus one; 0 is none. */
  readonly #heads = new Int32Array(SPAN);
  readonly #tails = new Int32Array(SPAN);
  readonly #ticks: Int32Array;
  readonly #steps: Int32Array;
  readonly #shownSteps: Int32Array;
  readonly #hiddenSteps: Float64Array;
  readonly #sides: Int8Array;
  readonly #next: Int32Array;
  readonly #previous: Int32Array;

  constructor(orders: number, middle: number, updateId: number) {
    this.updateId = updateId;
    this.#low = middle - SPAN / 2;
    this.bestBid = this.#low - 1;
    this.bestAsk = this.#low + SPAN;
    this.#ticks = new Int32Array(orders);
    this.#steps = new Int32Array(orders);
    this.#shownSteps = new Int32Array(orders);
    this.#hiddenSteps = new Float64Array(orders);
    this.#sides = new Int8Array(orders);
    this.#next = new Int32Array(orders);
    this.#previous = new Int32Array(orders);
  }

  get middle(): number {
    return (this.bestBid + this.bestAsk) / 2;
  }

  isLive(order: number): boolean {
    return this.#steps[order] > 0;
  }

  tickOf(order: number): number {
    return this.#ticks[order];
  }

  /** Steps of an order that still rest, without what an iceberg hides. */
  stepsOf(order: number): number {
    return this.#steps[order];
  }

  /** Steps that rest at a tick on a side. */
  stepsAt(side: Side, tick: number): number {
    const isOfSide = side === 1 ? tick <= this.bestBid : tick >= this.bestAsk;
    return isOfSide && this.#holds(tick) ? this.#levelSteps[tick & MASK] : 0;
  }

  /** Rests an order; a price that would cross becomes the best price that does not. */
  place(order: number, side: Side, tick: number, steps: number, hiddenSteps = 0): void {
    this.cancel(order);
    const price = side === 1 ? Math.min(tick, this.bestAsk - 1) : Math.max(tick, this.bestBid + 1);
    if (price < 1 || !this.#holds(price)) return;
    this.#ticks[order] = price;
    this.#sides[order] = side;
    this.#steps[order] = steps;
    this.#shownSteps[order] = steps;
    this.#hiddenSteps[order] = hiddenSteps;
    this.#append(order, price & MASK);
    this.#levelSteps[price & MASK] += steps;
    if (side === 1 && price > this.bestBid) this.bestBid = price;
    if (side === -1 && price < this.bestAsk) this.bestAsk = price;
    this.#changed(side, price);
  }

  /** Nothing happens when the order is not live. */
  cancel(order: number): void {
    const steps = this.#steps[order];
    if (steps === 0) return;
    const tick = this.#ticks[order];
    const side = this.#sides[order] === 1 ? 1 : -1;
    this.#unlink(order, tick & MASK);
    this.#steps[order] = 0;
    this.#levelSteps[tick & MASK] -= steps;
    this.#changed(side, tick);
    if (this.#levelSteps[tick & MASK] === 0) this.#findBest(side, tick);
  }

  /** An immediate-or-cancel order: takes what rests up to `limitTick`; returns the steps left. */
  take(side: Side, steps: number, limitTick: number, onTaken: OnTaken): number {
    const resting = side === 1 ? -1 : 1;
    let left = steps;
    while (left > 0) {
      const tick = side === 1 ? this.bestAsk : this.bestBid;
      if ((limitTick - tick) * side < 0 || !this.#holds(tick)) break;
      left = this.#takeLevel(resting, tick, left, onTaken);
    }
    return left;
  }

  /** The best `limit` ticks of a side, best first. */
  levels(side: Side, limit: number): number[] {
    const ticks: number[] = [];
    for (let tick = side === 1 ? this.bestBid : this.bestAsk; this.#holds(tick); tick -= side) {
      if (ticks.length >= limit) break;
      if (this.#levelSteps[tick & MASK] > 0) ticks.push(tick);
    }
    return ticks;
  }

  /** Keeps the price in the middle of the ring; orders that fall off its end are cancelled. */
  recentre(): void {
    const shift = Math.round(this.middle) - SPAN / 2 - this.#low;
    if (Math.abs(shift) < RECENTRE_TICKS) return;
    const first = shift > 0 ? this.#low : this.#low + SPAN + shift;
    for (let tick = first; tick < first + Math.abs(shift); tick++) {
      while (this.#heads[tick & MASK] > 0) this.cancel(this.#heads[tick & MASK] - 1);
    }
    this.#low += shift;
  }

  #takeLevel(resting: Side, tick: number, wanted: number, onTaken: OnTaken): number {
    const place = tick & MASK;
    let left = wanted;
    let fills = 0;
    while (left > 0 && this.#heads[place] > 0) {
      const order = this.#heads[place] - 1;
      const taken = Math.min(left, this.#steps[order]);
      left -= taken;
      fills++;
      this.#steps[order] -= taken;
      this.#levelSteps[place] -= taken;
      if (this.#steps[order] > 0) continue;
      this.#unlink(order, place);
      this.#refill(order, place);
    }
    this.#changed(resting, tick);
    if (this.#levelSteps[place] === 0) this.#findBest(resting, tick);
    onTaken(tick, wanted - left, fills);
    return left;
  }

  /** An iceberg shows its next portion at the end of the queue. */
  #refill(order: number, place: number): void {
    const shown = Math.min(this.#shownSteps[order], this.#hiddenSteps[order]);
    if (shown === 0) return;
    this.#hiddenSteps[order] -= shown;
    this.#steps[order] = shown;
    this.#levelSteps[place] += shown;
    this.#append(order, place);
    this.refills++;
  }

  #append(order: number, place: number): void {
    const tail = this.#tails[place];
    this.#previous[order] = tail;
    this.#next[order] = 0;
    if (tail > 0) this.#next[tail - 1] = order + 1;
    else this.#heads[place] = order + 1;
    this.#tails[place] = order + 1;
  }

  #unlink(order: number, place: number): void {
    const previous = this.#previous[order];
    const next = this.#next[order];
    if (previous > 0) this.#next[previous - 1] = next;
    else this.#heads[place] = next;
    if (next > 0) this.#previous[next - 1] = previous;
    else this.#tails[place] = previous;
  }

  #findBest(side: Side, from: number): void {
    if (from !== (side === 1 ? this.bestBid : this.bestAsk)) return;
    let tick = from;
    while (this.#holds(tick) && this.#levelSteps[tick & MASK] === 0) tick -= side;
    if (side === 1) this.bestBid = tick;
    else this.bestAsk = tick;
  }

  #changed(side: Side, tick: number): void {
    this.updateId++;
    for (const watcher of this.watchers) watcher.note(side, tick);
  }

  #holds(tick: number): boolean {
    return tick >= this.#low && tick < this.#low + SPAN;
  }
}
