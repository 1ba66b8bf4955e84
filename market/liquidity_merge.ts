import { openTimeOf } from "./interval.ts";
import type { LiquidityBin, LiquidityCell } from "./liquidity.ts";
import type { KnownRange } from "./order_book.ts";
import { rowOf } from "./price_row.ts";

export interface MergeOptions {
  /** Length of the bins that come in. */
  readonly fromMs: number;
  /** Length of the bins that go out: a multiple of it. */
  readonly toMs: number;
  /** Size of the rows that go out: a multiple of the size of those that come in. */
  readonly rowTicks: number;
  /** All resting rows are listed at least so often. */
  readonly keyframeMs: number;
}

/** `lotMs` counts up to `since` within the current bin; from then on `lots` rest. */
interface RowState {
  lots: number;
  lotMs: number;
  since: number;
}

const SIDES = ["bids", "asks"] as const;

/**
 * Merges consecutive bins into longer ones with the same or coarser rows, each exactly what the
 * binner would have given for that length and row size.
 *
 * Only bins that are wholly known come out: a missing one means unknown, and the next lists all
 * rows. Its known range is what was known throughout; rows that reach beyond it are left out, since
 * nobody can be told of them, and a keyframe lists them once the range has widened. Sums are exact
 * integers as long as they stay below 2^53 lots x ms (with the finest lots 90,000 BTC resting in a
 * row for a second, 1,500 for a minute); beyond that they are rounded, to 16 digits.
 */
export class LiquidityMerger {
  readonly #options: MergeOptions;
  readonly #onBin: (bin: LiquidityBin) => void;
  /** Lots by row of the bins that come in: these tell only new quantities, not what changed. */
  readonly #lots = { bids: new Map<number, number>(), asks: new Map<number, number>() };
  readonly #rows = { bids: new Map<number, RowState>(), asks: new Map<number, RowState>() };
  readonly #changed = { bids: new Set<number>(), asks: new Set<number>() };
  /** All resting rows are held: a keyframe has come since the last break. */
  #isWhole = false;
  /** What was known throughout the current bin so far; null when a part of it was not. */
  #known: KnownRange | null = null;
  /** The range of the last bin that went out. */
  #listed: KnownRange | null = null;
  #nextTime = -1;
  #nextKeyframeTime = -Infinity;

  constructor(options: MergeOptions, onBin: (bin: LiquidityBin) => void) {
    const { fromMs, toMs } = options;
    if (!(fromMs > 0) || toMs % fromMs !== 0) {
      throw new RangeError(`Bins of ${fromMs} ms cannot be merged into bins of ${toMs} ms`);
    }
    this.#options = options;
    this.#onBin = onBin;
  }

  /** Has the next bin list all its rows: the one before did not arrive where it was sent. */
  requestKeyframe(): void {
    this.#nextKeyframeTime = -Infinity;
  }

  add(bin: LiquidityBin): void {
    const { fromMs, toMs } = this.#options;
    if (bin.known === null || bin.time !== this.#nextTime) this.#forget();
    const end = bin.time + fromMs;
    this.#nextTime = end;
    if (bin.known === null) return;
    this.#isWhole ||= bin.keyframe;
    if (!this.#isWhole) return;
    const start = openTimeOf(bin.time, toMs);
    if (bin.time === start) this.#known = bin.known;
    else if (this.#known !== null) this.#known = common(this.#known, bin.known);
    for (const side of SIDES) {
      if (bin.keyframe) this.#emptyUnlisted(side, bin, start);
      for (const cell of bin[side]) this.#addCell(side, cell, bin.time, start);
    }
    if (end === start + toMs) this.#closeBin(start, end);
  }

  #forget(): void {
    this.#isWhole = false;
    this.#known = null;
    this.requestKeyframe();
    for (const side of SIDES) {
      this.#lots[side].clear();
      this.#rows[side].clear();
      this.#changed[side].clear();
    }
  }

  /** What a keyframe does not list is empty, or no longer known. */
  #emptyUnlisted(side: "bids" | "asks", bin: LiquidityBin, start: number): void {
    const listed = new Set(bin[side].map(({ row }) => row));
    for (const row of this.#lots[side].keys()) {
      if (!listed.has(row)) this.#addCell(side, { row, lotMs: 0, closeLots: 0 }, bin.time, start);
    }
  }

  #addCell(
    side: "bids" | "asks",
    { row, lotMs, closeLots }: LiquidityCell,
    time: number,
    start: number,
  ): void {
    const { fromMs, rowTicks } = this.#options;
    const before = this.#lots[side].get(row) ?? 0;
    // Keyframes list unchanged rows too.
    if (closeLots === before && lotMs === before * fromMs) return;
    if (closeLots === 0) this.#lots[side].delete(row);
    else this.#lots[side].set(row, closeLots);
    const merged = rowOf(row, rowTicks);
    let state = this.#rows[side].get(merged);
    if (state === undefined) {
      state = { lots: 0, lotMs: 0, since: time };
      this.#rows[side].set(merged, state);
    }
    state.lotMs += state.lots * (time - Math.max(state.since, start));
    state.since = time;
    // Counted as if the new quantity rested from the start of the bin, put right by the rest.
    state.lotMs += lotMs - closeLots * fromMs;
    state.lots += closeLots - before;
    this.#changed[side].add(merged);
  }

  #closeBin(time: number, end: number): void {
    const known = this.#known;
    this.#known = null;
    if (known === null) {
      for (const side of SIDES) this.#closeSide(side, time, end, [-Infinity, Infinity], false);
      return;
    }
    const isSameRange = this.#listed?.[0] === known[0] && this.#listed[1] === known[1];
    const keyframe = !isSameRange || time >= this.#nextKeyframeTime;
    if (keyframe) this.#nextKeyframeTime = time + this.#options.keyframeMs;
    this.#listed = known;
    const bids = this.#closeSide("bids", time, end, known, keyframe);
    const asks = this.#closeSide("asks", time, end, known, keyframe);
    this.#onBin({ time, known, keyframe, bids, asks });
  }

  #closeSide(
    side: "bids" | "asks",
    time: number,
    end: number,
    [low, high]: KnownRange,
    keyframe: boolean,
  ): LiquidityCell[] {
    const { rowTicks } = this.#options;
    const rows = this.#rows[side];
    const cells: LiquidityCell[] = [];
    for (const row of keyframe ? rows.keys() : this.#changed[side]) {
      const state = rows.get(row);
      if (state === undefined) continue;
      const lotMs = state.lotMs + state.lots * (end - Math.max(state.since, time));
      if (row >= low && row + rowTicks - 1 <= high) {
        cells.push({ row, lotMs, closeLots: state.lots });
      }
      state.lotMs = 0;
      state.since = end;
      if (state.lots === 0) rows.delete(row);
    }
    this.#changed[side].clear();
    // Neighbours lie together on the disk, in the order in which they are asked for.
    return cells.sort((a, b) => a.row - b.row);
  }
}

function common([low, high]: KnownRange, [otherLow, otherHigh]: KnownRange): KnownRange {
  return [Math.max(low, otherLow), Math.min(high, otherHigh)];
}
