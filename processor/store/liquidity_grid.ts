import { openTimeOf } from "../../market/interval.ts";
import type { KnownRange } from "../../market/order_book.ts";
import type { HeatmapGrid, HeatmapRequest } from "../heatmap.ts";

/** How the bins of one source fit into the rows of a grid. */
export interface GridSource {
  readonly binMs: number;
  /** Units in which the source counts its rows, in one row of the grid. */
  readonly unitsPerRow: number;
  /** Ticks of the source in one row of the grid. */
  readonly ticksPerRow: number;
  /** Lots of the grid in one of the source. */
  readonly lots: number;
}

/** What rests in the rows of the grid; `lotMs` counts up to `since` within the current column. */
class GridSide {
  readonly #lots: Float64Array;
  readonly #lotMs: Float64Array;
  readonly #since: Float64Array;
  /** By the source's own rows: cells tell new quantities, not what changed. */
  readonly #base = new Map<number, number>();
  readonly columns: Float64Array[] = [];

  constructor(rowCount: number) {
    this.#lots = new Float64Array(rowCount);
    this.#lotMs = new Float64Array(rowCount);
    this.#since = new Float64Array(rowCount);
  }

  /** Nothing rests from `time` on. */
  clear(time: number): void {
    this.#base.clear();
    for (let i = 0; i < this.#lots.length; i++) {
      this.#lotMs[i] += this.#lots[i] * (time - this.#since[i]);
      this.#since[i] = time;
      this.#lots[i] = 0;
    }
  }

  /** `closeLots` rest from `time` on, and so much more rested in the bin that begins there. */
  set(i: number, row: number, time: number, overLotMs: number, closeLots: number, unit: number) {
    const before = this.#base.get(row) ?? 0;
    if (closeLots === 0) this.#base.delete(row);
    else this.#base.set(row, closeLots);
    this.#lotMs[i] += this.#lots[i] * (time - this.#since[i]) + overLotMs * unit;
    this.#since[i] = time;
    this.#lots[i] += (closeLots - before) * unit;
  }

  /** @param known index of the first and the last row that was known throughout */
  closeColumn(end: number, known: KnownRange | null, stepMs: number, isMean: boolean): void {
    const cells = new Float64Array(this.#lots.length).fill(NaN);
    for (let i = 0; i < cells.length; i++) {
      const lotMs = this.#lotMs[i] + this.#lots[i] * (end - this.#since[i]);
      this.#lotMs[i] = 0;
      this.#since[i] = end;
      if (known !== null && i >= known[0] && i <= known[1]) {
        cells[i] = isMean ? lotMs / stepMs : this.#lots[i];
      }
    }
    this.columns.push(cells);
  }
}

/**
 * Builds a heatmap out of bins of any length and row size, from one source after the other. A column
 * is unknown where a part of it has no known bin; a row is unknown where it is not wholly inside
 * the range known throughout the column.
 */
export class LiquidityGrid {
  readonly #request: HeatmapRequest;
  readonly #firstRow: number;
  readonly #rowCount: number;
  readonly #bids: GridSide;
  readonly #asks: GridSide;
  readonly #times: number[] = [];
  #source: GridSource = { binMs: 0, unitsPerRow: 1, ticksPerRow: 1, lots: 1 };
  #from = 0;
  #isWhole = false;
  #nextTime = -1;
  /** From when the cells of the current bin rest, or null when they are of no use. */
  #cellTime: number | null = null;
  #isPrelude = false;
  #columnTime: number;
  #column = { knownMs: 0, known: [-Infinity, Infinity] as KnownRange };

  /** @param firstRow lower edge in ticks */
  constructor(request: HeatmapRequest, firstRow: number, rowCount: number) {
    this.#request = request;
    this.#firstRow = firstRow / request.groupTicks;
    this.#rowCount = rowCount;
    this.#bids = new GridSide(rowCount);
    this.#asks = new GridSide(rowCount);
    this.#columnTime = openTimeOf(request.from, request.stepMs);
  }

  /** Bins come from another source from `time` on; those before only tell what rests then. */
  use(source: GridSource, time: number): void {
    this.#closeColumns(time);
    this.#clear(time);
    this.#source = source;
    this.#from = time;
    this.#isWhole = false;
    this.#nextTime = -1;
  }

  /** Begins the next bin of the source; its cells follow. */
  beginBin(time: number, known: KnownRange | null, keyframe: boolean): void {
    this.#isPrelude = time < this.#from;
    const cellTime = Math.max(time, this.#from);
    if (!this.#isPrelude) this.#closeColumns(time);
    if (known === null || time !== this.#nextTime) this.#isWhole = false;
    if (known === null || keyframe || !this.#isWhole) this.#clear(cellTime);
    this.#nextTime = time + this.#source.binMs;
    this.#isWhole ||= keyframe && known !== null;
    const isUsed = known !== null && this.#isWhole;
    this.#cellTime = isUsed ? cellTime : null;
    if (!isUsed || this.#isPrelude) return;
    const { ticksPerRow, binMs } = this.#source;
    const column = this.#column;
    column.knownMs += binMs;
    column.known = [
      Math.max(column.known[0], Math.ceil(known[0] / ticksPerRow)),
      Math.min(column.known[1], Math.floor((known[1] + 1) / ticksPerRow) - 1),
    ];
  }

  /**
   * A row of the current bin that changed in it.
   *
   * @param row in the units of the source
   * @param overLotMs its sum over the bin, above closeLots x length of the bin
   */
  addCell(isBid: boolean, row: number, overLotMs: number, closeLots: number): void {
    if (this.#cellTime === null) return;
    const i = Math.floor(row / this.#source.unitsPerRow) - this.#firstRow;
    if (i < 0 || i >= this.#rowCount) return;
    const side = isBid ? this.#bids : this.#asks;
    const over = this.#isPrelude ? 0 : overLotMs;
    side.set(i, row, this.#cellTime, over, closeLots, this.#source.lots);
  }

  /** The grid up to its last column that the bins fill. */
  finish(): HeatmapGrid {
    if (this.#nextTime === this.#columnTime + this.#request.stepMs) {
      this.#closeColumns(this.#nextTime);
    }
    return {
      times: this.#times,
      firstRow: this.#firstRow * this.#request.groupTicks,
      rowCount: this.#rowCount,
      bids: this.#bids.columns,
      asks: this.#asks.columns,
    };
  }

  #clear(time: number): void {
    this.#bids.clear(time);
    this.#asks.clear(time);
  }

  #closeColumns(time: number): void {
    const { stepMs, measure } = this.#request;
    while (this.#columnTime + stepMs <= time) {
      const end = this.#columnTime + stepMs;
      const [low, high] = this.#column.known;
      const known: KnownRange | null = this.#column.knownMs === stepMs
        ? [low - this.#firstRow, high - this.#firstRow]
        : null;
      for (const side of [this.#bids, this.#asks]) {
        side.closeColumn(end, known, stepMs, measure === "mean");
      }
      this.#times.push(this.#columnTime);
      this.#columnTime = end;
      this.#column = { knownMs: 0, known: [-Infinity, Infinity] };
    }
  }
}
