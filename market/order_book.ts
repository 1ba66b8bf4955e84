import { BookSide } from "./book_side.ts";
import { follows, isOlder } from "./depth_rule.ts";
import type { DepthDiff, DepthSnapshot, FlatLevels, Side } from "./types.ts";

/** Lowest and highest price, in ticks, between which a price without a level is truly empty. */
export type KnownRange = readonly [low: number, high: number];

/** Told of each level that changes: absolute lots before and after. */
export type LevelChange = (
  side: Side,
  priceTicks: number,
  beforeLots: number,
  afterLots: number,
) => void;

/**
 * An order book made of one snapshot and the gapless diffs after it; on any doubt it is dropped
 * and unknown until the next snapshot.
 */
export class OrderBook {
  readonly bids = new BookSide("bid");
  readonly asks = new BookSide("ask");
  #known: KnownRange | null = null;
  #lastUpdateId = 0;
  #eventTime = 0;
  #isFresh = false;

  /** Null while the book is unknown. Levels outside were seen in diffs alone, the rest is unknown. */
  get known(): KnownRange | null {
    return this.#known;
  }

  get lastUpdateId(): number {
    return this.#lastUpdateId;
  }

  /** Exchange time of the newest event in the book. */
  get eventTime(): number {
    return this.#eventTime;
  }

  /** Best bid at or above best ask: no exchange shows that, so updates must have been lost. */
  get isCrossed(): boolean {
    const bid = this.bids.bestTicks;
    const ask = this.asks.bestTicks;
    return bid !== null && ask !== null && bid >= ask;
  }

  /** Starts the book anew. The range between its outermost levels is known, nothing beyond. */
  applySnapshot(snapshot: DepthSnapshot, eventTime: number): void {
    this.drop();
    fill(this.bids, snapshot.bids);
    fill(this.asks, snapshot.asks);
    this.#known = rangeOf(snapshot);
    this.#lastUpdateId = snapshot.lastUpdateId;
    this.#eventTime = eventTime;
    this.#isFresh = true;
  }

  /**
   * Widens the known range by a later snapshot, brought to the book's own update id: prices outside
   * of the old range take its levels. Inside both must agree.
   *
   * @param wider what the snapshot itself covered; levels beyond came by diffs alone
   * @returns the first price, in ticks, at which they do not, or null.
   */
  widen(snapshot: DepthSnapshot, wider: KnownRange, onChange?: LevelChange): number | null {
    if (this.#known === null) return null;
    const [low, high] = this.#known;
    for (const [side, flat] of [[this.bids, snapshot.bids], [this.asks, snapshot.asks]] as const) {
      const told = new Map<number, number>();
      for (let i = 0; i < flat.length; i += 2) {
        if (flat[i] >= wider[0] && flat[i] <= wider[1]) told.set(flat[i], flat[i + 1]);
      }
      // Where the snapshot covers a price and is silent nothing rests.
      side.forEachFromBest((ticks) => {
        if (!told.has(ticks) && ticks >= wider[0] && ticks <= wider[1]) told.set(ticks, 0);
      });
      for (const [ticks, lots] of told) {
        const held = side.lotsAt(ticks);
        if (held === lots) continue;
        if (ticks >= low && ticks <= high) return ticks;
        side.set(ticks, lots);
        onChange?.(side.side, ticks, held, lots);
      }
    }
    // Both ranges hold from now on; where they do not touch the newer one counts.
    const touches = wider[0] <= high && wider[1] >= low;
    this.#known = touches ? [Math.min(low, wider[0]), Math.max(high, wider[1])] : wider;
    return null;
  }

  /**
   * Applies one diff. Diffs wholly older than the book are ignored.
   *
   * @returns whether the diff was applied.
   * @throws RangeError if the book is unknown or the diff leaves a gap; the book is then unknown.
   */
  applyDiff(diff: DepthDiff, onChange?: LevelChange): boolean {
    if (this.#known === null) throw new RangeError("A depth diff needs a known book to change");
    if (isOlder(diff, this.#lastUpdateId, this.#isFresh)) return false;
    if (!follows(diff, this.#lastUpdateId, this.#isFresh)) {
      const message = `depth diff ${diff.firstUpdateId} does not follow ${this.#lastUpdateId}`;
      this.drop();
      throw new RangeError(message);
    }
    change(this.bids, diff.bids, onChange);
    change(this.asks, diff.asks, onChange);
    this.#lastUpdateId = diff.lastUpdateId;
    this.#eventTime = diff.eventTime;
    this.#isFresh = false;
    return true;
  }

  /** Forgets everything: the book is unknown until the next snapshot. */
  drop(): void {
    this.bids.clear();
    this.asks.clear();
    this.#known = null;
  }
}

function fill(side: BookSide, levels: FlatLevels): void {
  // Worst price first, so that each level is appended at the end of the sorted arrays.
  for (let i = levels.length - 2; i >= 0; i -= 2) side.set(levels[i], levels[i + 1]);
}

function change(side: BookSide, levels: FlatLevels, onChange?: LevelChange): void {
  for (let i = 0; i < levels.length; i += 2) {
    const before = side.set(levels[i], levels[i + 1]);
    if (onChange !== undefined && before !== levels[i + 1]) {
      onChange(side.side, levels[i], before, levels[i + 1]);
    }
  }
}

/** The prices that a snapshot covers. An empty side knows nothing beyond the other's best price. */
export function rangeOf(snapshot: DepthSnapshot): KnownRange | null {
  const { bids, asks } = snapshot;
  if (bids.length === 0 && asks.length === 0) return null;
  const low = bids.length > 0 ? bids[bids.length - 2] : asks[0];
  const high = asks.length > 0 ? asks[asks.length - 2] : bids[0];
  return [low, high];
}
