import { openTimeOf } from "../market/interval.ts";
import { rowOf } from "../market/price_row.ts";
import type { LiquidityMemory } from "./liquidity_memory.ts";

export interface HeatmapRequest {
  readonly from: number;
  readonly to: number;
  /** Column length: a multiple of the memory's bin. */
  readonly stepMs: number;
  /** Row size in ticks: a multiple of the memory's rows. */
  readonly groupTicks: number;
  /** Rows from the one that holds `lowTicks` to the one that holds `highTicks`; null = all known. */
  readonly lowTicks: number | null;
  readonly highTicks: number | null;
  readonly measure: "mean" | "close";
}

/** Columns x rows of resting lots (a double: the mean need not be whole); NaN = unknown. */
export interface HeatmapGrid {
  readonly times: readonly number[];
  readonly firstRow: number;
  readonly rowCount: number;
  readonly bids: readonly Float64Array[];
  readonly asks: readonly Float64Array[];
}

const SIDES = ["bids", "asks"] as const;

/** Rows of a heatmap, worked out from the request and what was ever known in its time range. */
export function heatmapRows(
  memory: LiquidityMemory,
  request: HeatmapRequest,
): { firstRow: number; rowCount: number } {
  let low = request.lowTicks ?? Infinity;
  let high = request.highTicks ?? -Infinity;
  if (request.lowTicks === null || request.highTicks === null) {
    memory.replay(request.from, request.to, ({ time, known }) => {
      if (known === null || time < request.from) return;
      if (request.lowTicks === null) low = Math.min(low, known[0]);
      if (request.highTicks === null) high = Math.max(high, known[1]);
    });
  }
  if (!(low <= high)) return { firstRow: 0, rowCount: 0 };
  const firstRow = rowOf(low, request.groupTicks);
  return {
    firstRow,
    rowCount: (rowOf(high, request.groupTicks) - firstRow) / request.groupTicks + 1,
  };
}

/**
 * The heatmap of a time range: every column is the exact time-weighted mean (or the closing
 * quantity) of its bins. A column is unknown where any of its bins is unknown or missing; a row is
 * unknown where it is not wholly inside the range known throughout the column.
 */
export function heatmapGrid(memory: LiquidityMemory, request: HeatmapRequest): HeatmapGrid {
  const { stepMs, groupTicks } = request;
  const { firstRow, rowCount } = heatmapRows(memory, request);
  // Nothing was ever known in the range: every column would be empty.
  if (rowCount === 0) return { times: [], firstRow, rowCount, bids: [], asks: [] };
  const start = openTimeOf(request.from, stepMs);
  const times: number[] = [];
  const columns: { bids: Float64Array[]; asks: Float64Array[] } = { bids: [], asks: [] };
  const resting = { bids: new RestingRows(), asks: new RestingRows() };
  let columnTime = start;
  let nextBinTime = -1;
  /** All resting rows are held: a keyframe has come since the last break. */
  let isWhole = false;
  let column = { bins: 0, low: -Infinity, high: Infinity };

  function closeColumn(): void {
    const known = column.bins * memory.binMs === stepMs;
    for (const side of SIDES) {
      const cells = new Float64Array(rowCount).fill(known ? 0 : NaN);
      resting[side].closeColumn(columnTime + stepMs, (row, lots, lotMs) => {
        const at = (rowOf(row, groupTicks) - firstRow) / groupTicks;
        if (at in cells) cells[at] += request.measure === "close" ? lots : lotMs / stepMs;
      });
      hideUnknown(cells, firstRow, groupTicks, column.low, column.high);
      columns[side].push(cells);
    }
    times.push(columnTime);
    columnTime += stepMs;
    column = { bins: 0, low: -Infinity, high: Infinity };
  }

  memory.replay(start, request.to, (bin) => {
    // Before anything is cleared: what rests at a break belongs to the columns before it.
    while (columnTime + stepMs <= bin.time) closeColumn();
    if (bin.known === null || bin.time !== nextBinTime) {
      for (const side of SIDES) resting[side].clear();
      isWhole = false;
    }
    isWhole ||= bin.keyframe;
    nextBinTime = bin.time + memory.binMs;
    if (bin.known === null || !isWhole) return;
    if (bin.time >= start) {
      column.bins++;
      column.low = Math.max(column.low, bin.known[0]);
      column.high = Math.min(column.high, bin.known[1]);
    }
    for (const side of SIDES) {
      bin.forEach(side, (row, lotMs, closeLots) => {
        // Bins before the range only tell what rests at its start.
        if (bin.time < start) resting[side].rest(row, closeLots, start);
        else resting[side].addBin(row, lotMs, closeLots, bin.time, nextBinTime);
      });
    }
  });
  if (nextBinTime === columnTime + stepMs) closeColumn();
  return { times, firstRow, rowCount, bids: columns.bids, asks: columns.asks };
}

/** What rests on the base rows of one side while bins are replayed into columns. */
class RestingRows {
  /** lots rest since `since`; `lotMs` counts what the current column had before that. */
  readonly #rows = new Map<number, { lots: number; lotMs: number; since: number }>();

  clear(): void {
    this.#rows.clear();
  }

  rest(row: number, lots: number, since: number): void {
    if (lots === 0) this.#rows.delete(row);
    else this.#rows.set(row, { lots, lotMs: 0, since });
  }

  addBin(
    row: number,
    lotMs: number,
    closeLots: number,
    binTime: number,
    binEnd: number,
  ): void {
    const state = this.#rows.get(row);
    if (state === undefined) {
      this.#rows.set(row, { lots: closeLots, lotMs, since: binEnd });
      return;
    }
    state.lotMs += state.lots * (binTime - state.since) + lotMs;
    state.lots = closeLots;
    state.since = binEnd;
  }

  closeColumn(end: number, visit: (row: number, lots: number, lotMs: number) => void): void {
    for (const [row, state] of this.#rows) {
      visit(row, state.lots, state.lotMs + state.lots * (end - state.since));
      state.lotMs = 0;
      state.since = end;
      if (state.lots === 0) this.#rows.delete(row);
    }
  }
}

/** Marks the rows that are not wholly inside the known prices. */
function hideUnknown(
  cells: Float64Array,
  firstRow: number,
  groupTicks: number,
  low: number,
  high: number,
): void {
  for (let i = 0; i < cells.length; i++) {
    const row = firstRow + i * groupTicks;
    if (row < low || row + groupTicks - 1 > high) cells[i] = NaN;
  }
}
