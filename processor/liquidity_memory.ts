import type { LiquidityBin, LiquidityCell } from "../market/liquidity.ts";
import type { KnownRange } from "../market/order_book.ts";

/** Numbers per stored cell: row, lotMs, closeLots. */
const CELL = 3;

interface StoredBin {
  readonly time: number;
  readonly known: KnownRange | null;
  readonly keyframe: boolean;
  readonly bidCells: number;
  /** Bid cells, then ask cells. */
  readonly cells: Float64Array;
}

/** A finished bin as the live frames carry it: flat cells per side. */
export interface FlatBin {
  readonly time: number;
  readonly known: KnownRange | null;
  readonly keyframe: boolean;
  readonly bids: readonly number[];
  readonly asks: readonly number[];
}

/** The last bins of one symbol, sparse as the binner made them, oldest first, bounded. */
export class LiquidityMemory {
  readonly binMs: number;
  readonly #maxBins: number;
  /** A ring would be smaller; dropping a block at a time keeps indices simple and costs nothing. */
  #bins: StoredBin[] = [];

  constructor(binMs: number, maxBins: number) {
    this.binMs = binMs;
    this.#maxBins = maxBins;
  }

  get firstTime(): number | null {
    return this.#bins[0]?.time ?? null;
  }

  /** End of the newest bin, or null before the first. */
  get endTime(): number | null {
    const last = this.#bins.at(-1);
    return last === undefined ? null : last.time + this.binMs;
  }

  add(bin: LiquidityBin): void {
    const cells = new Float64Array((bin.bids.length + bin.asks.length) * CELL);
    let at = 0;
    for (const side of [bin.bids, bin.asks]) {
      for (const cell of side) {
        cells[at++] = cell.row;
        cells[at++] = cell.lotMs;
        cells[at++] = cell.closeLots;
      }
    }
    const { time, known, keyframe } = bin;
    this.#bins.push({ time, known, keyframe, bidCells: bin.bids.length, cells });
    const slack = Math.ceil(this.#maxBins / 16);
    if (this.#bins.length > this.#maxBins + slack) {
      // What is left must begin with a keyframe: the bins before the first one tell only changes.
      const keyframe = this.#bins.findIndex((one, i) => i >= slack && one.keyframe);
      this.#bins = this.#bins.slice(keyframe < 0 ? slack : keyframe);
    }
  }

  /**
   * Calls back with the bins that start in [from, to), ascending, led by the bins back to the
   * keyframe that is needed to know what rests at `from`.
   */
  replay(from: number, to: number, visit: (bin: BinView) => void): void {
    let start = this.#firstAtOrAfter(from);
    while (start > 0 && start < this.#bins.length && !this.#bins[start].keyframe) start--;
    for (let i = start; i < this.#bins.length && this.#bins[i].time < to; i++) {
      visit(viewOf(this.#bins[i]));
    }
  }

  /** From when the bins are needed to know what rests at `time`. */
  leadTime(time: number): number {
    for (let i = this.#firstAtOrAfter(time + 1) - 1; i >= 0; i--) {
      if (this.#bins[i].keyframe) return this.#bins[i].time;
    }
    return time;
  }

  /** The first bins that start at `from` or later, ascending. */
  binsFrom(from: number, limit: number): LiquidityBin[] {
    const start = this.#firstAtOrAfter(from);
    return this.#bins.slice(start, start + limit).map(wholeBin);
  }

  /** The newest bin with every resting row listed, or null where nothing is known. */
  newestAsKeyframe(): FlatBin | null {
    const last = this.#bins.at(-1);
    if (last === undefined) return null;
    const rows = { bids: new Map<number, number>(), asks: new Map<number, number>() };
    const listed = { bids: new Map<number, number>(), asks: new Map<number, number>() };
    this.replay(last.time, last.time + 1, (bin) => {
      if (bin.known === null || bin.keyframe) {
        rows.bids.clear();
        rows.asks.clear();
      }
      if (bin.known === null) return;
      for (const side of ["bids", "asks"] as const) {
        if (bin.time === last.time) listed[side].clear();
        bin.forEach(side, (row, lotMs, closeLots) => {
          if (closeLots === 0) rows[side].delete(row);
          else rows[side].set(row, closeLots);
          if (bin.time === last.time) listed[side].set(row, lotMs);
        });
      }
    });
    const flat = (side: "bids" | "asks") => {
      const cells: number[] = [];
      for (const row of new Set([...rows[side].keys(), ...listed[side].keys()])) {
        const close = rows[side].get(row) ?? 0;
        cells.push(row, listed[side].get(row) ?? close * this.binMs, close);
      }
      return cells;
    };
    const { time, known } = last;
    return { time, known, keyframe: true, bids: flat("bids"), asks: flat("asks") };
  }

  #firstAtOrAfter(time: number): number {
    let low = 0;
    let high = this.#bins.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#bins[middle].time < time) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** Read access to one stored bin. */
export interface BinView {
  readonly time: number;
  readonly known: KnownRange | null;
  readonly keyframe: boolean;
  forEach(
    side: "bids" | "asks",
    visit: (row: number, lotMs: number, closeLots: number) => void,
  ): void;
}

function wholeBin(bin: StoredBin): LiquidityBin {
  const { time, known, keyframe } = bin;
  const view = viewOf(bin);
  const cells = (side: "bids" | "asks") => {
    const found: LiquidityCell[] = [];
    view.forEach(side, (row, lotMs, closeLots) => found.push({ row, lotMs, closeLots }));
    return found;
  };
  return { time, known, keyframe, bids: cells("bids"), asks: cells("asks") };
}

function viewOf(bin: StoredBin): BinView {
  const { time, known, keyframe, cells } = bin;
  const split = bin.bidCells * CELL;
  return {
    time,
    known,
    keyframe,
    forEach(side, visit) {
      const end = side === "bids" ? split : cells.length;
      for (let i = side === "bids" ? 0 : split; i < end; i += CELL) {
        visit(cells[i], cells[i + 1], cells[i + 2]);
      }
    },
  };
}

/** Cells as the live frames carry them: row, lotMs, closeLots, ... */
export function flatCells(cells: readonly LiquidityCell[]): number[] {
  return cells.flatMap(({ row, lotMs, closeLots }) => [row, lotMs, closeLots]);
}
