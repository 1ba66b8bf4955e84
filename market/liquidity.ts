import type { KnownRange, OrderBook } from "./order_book.ts";
import { openTimeOf } from "./interval.ts";
import { rowOf } from "./price_row.ts";
import type { Side } from "./types.ts";

/** One row of a finished time bin. */
export interface LiquidityCell {
  /** Lower edge in ticks. */
  readonly row: number;
  /** Time-weighted sum of the resting quantity over the bin, in lots x ms. */
  readonly lotMs: number;
  /** Resting lots at the end of the bin. */
  readonly closeLots: number;
}

/** Resting liquidity of one time bin: the cells of the rows that changed in it. */
export interface LiquidityBin {
  /** Start of the bin. */
  readonly time: number;
  /** The range that was known for the whole bin, or null when it was not wholly known. */
  readonly known: KnownRange | null;
  /** Every non-empty row is listed: nothing carries over from the bin before. */
  readonly keyframe: boolean;
  readonly bids: readonly LiquidityCell[];
  readonly asks: readonly LiquidityCell[];
}

/** A row's running state; `lotMs` counts up to `sinceTime` within the current bin. */
interface RowState {
  lots: number;
  lotMs: number;
  sinceTime: number;
}

/**
 * Time-weighted resting liquidity per bin and price row, exact in integers: lots x ms.
 *
 * Feed it every level change with the exchange time of its event; times may not go back.
 */
export class LiquidityBinner {
  readonly binMs: number;
  readonly groupTicks: number;
  readonly #onBin: (bin: LiquidityBin) => void;
  readonly #rows: Record<Side, Map<number, RowState>> = { bid: new Map(), ask: new Map() };
  readonly #changed: Record<Side, Set<number>> = { bid: new Set(), ask: new Set() };
  #binTime: number | null = null;
  #known: KnownRange | null = null;
  /** Known from the next bin on. */
  #nextKnown: KnownRange | null = null;
  /** The book was unknown in some part of the current bin. */
  #tainted = true;
  #keyframeDue = true;

  constructor(binMs: number, groupTicks: number, onBin: (bin: LiquidityBin) => void) {
    this.binMs = binMs;
    this.groupTicks = groupTicks;
    this.#onBin = onBin;
  }

  /** Has the next finished known bin list all its rows. */
  requestKeyframe(): void {
    this.#keyframeDue = true;
  }

  /** Starts from a book that has just become known at `time`. */
  begin(book: OrderBook, time: number): void {
    this.advance(time);
    this.#binTime ??= openTimeOf(time, this.binMs);
    // The bin in which a book begins is unknown as a whole: nothing may seem to carry over.
    this.#tainted = true;
    this.#known = this.#nextKnown = book.known;
    this.#keyframeDue = true;
    this.#forget();
    for (const levels of [book.bids, book.asks]) {
      const rows = levels.rows(this.groupTicks);
      for (let i = 0; i < rows.length; i += 2) {
        this.#rows[levels.side].set(rows[i], { lots: rows[i + 1], lotMs: 0, sinceTime: time });
      }
    }
  }

  /** More prices are known from now on: their rows count from the next bin. */
  widen(known: KnownRange): void {
    this.#nextKnown = known;
  }

  /** The book is unknown from `time` on. */
  end(time: number): void {
    this.advance(time);
    this.#known = this.#nextKnown = null;
    this.#tainted = true;
    this.#forget();
  }

  /** A level of the book changed at `time`. Call {@linkcode advance} with that time first. */
  change(side: Side, priceTicks: number, addedLots: number, time: number): void {
    const row = rowOf(priceTicks, this.groupTicks);
    const rows = this.#rows[side];
    let state = rows.get(row);
    if (state === undefined) {
      state = { lots: 0, lotMs: 0, sinceTime: time };
      rows.set(row, state);
    }
    // A row untouched for longer has been accounted for up to the start of this bin.
    state.lotMs += state.lots * (time - Math.max(state.sinceTime, this.#binTime ?? time));
    state.sinceTime = time;
    state.lots += addedLots;
    this.#changed[side].add(row);
  }

  /** Closes every bin that ends at or before `time`. */
  advance(time: number): void {
    if (this.#binTime === null) return;
    while (time >= this.#binTime + this.binMs) {
      this.#closeBin(this.#binTime + this.binMs);
      // While unknown nothing happens: no bins until the book is known again.
      if (this.#known === null) this.#binTime = openTimeOf(time, this.binMs);
    }
  }

  #forget(): void {
    for (const side of ["bid", "ask"] as const) {
      this.#rows[side].clear();
      this.#changed[side].clear();
    }
  }

  #closeBin(end: number): void {
    const start = end - this.binMs;
    const known = this.#tainted ? null : this.#known;
    const keyframe = known !== null && this.#keyframeDue;
    const bids = this.#closeSide("bid", end, keyframe);
    const asks = this.#closeSide("ask", end, keyframe);
    this.#binTime = end;
    this.#known = this.#nextKnown;
    this.#tainted = this.#known === null;
    if (known !== null) this.#keyframeDue = false;
    this.#onBin(
      known === null
        ? { time: start, known, keyframe: false, bids: [], asks: [] }
        : { time: start, known, keyframe, bids, asks },
    );
  }

  #closeSide(side: Side, end: number, keyframe: boolean): LiquidityCell[] {
    const cells: LiquidityCell[] = [];
    const rows = this.#rows[side];
    for (const row of keyframe ? rows.keys() : this.#changed[side]) {
      const state = rows.get(row);
      if (state === undefined) continue;
      const since = Math.max(state.sinceTime, end - this.binMs);
      const lotMs = state.lotMs + state.lots * (end - since);
      cells.push({ row, lotMs, closeLots: state.lots });
      state.lotMs = 0;
      state.sinceTime = end;
      if (state.lots === 0) rows.delete(row);
    }
    this.#changed[side].clear();
    return cells;
  }
}
