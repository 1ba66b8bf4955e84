import { QueryError } from "../../bus/query_error.ts";
import { openTimeOf } from "../../market/interval.ts";
import { rowOf } from "../../market/price_row.ts";
import { type HeatmapGrid, heatmapGrid, type HeatmapRequest, heatmapRows } from "../heatmap.ts";
import type { LiquidityMemory } from "../liquidity_memory.ts";
import { type GridSource, LiquidityGrid } from "./liquidity_grid.ts";
import type { HistorySegment, LiquidityReader } from "./liquidity_reader.ts";
import { SECONDS } from "./liquidity_schema.ts";
import type { LiquidityKey } from "./liquidity_series.ts";

/** The live memory alone answers for so long: longer ranges are quicker from coarser bins. */
const LIVE_SPAN_MS = 15 * 60_000;

/** So many steps are tried for one that fits. */
const MAX_TRIES = 1000;

/**
 * The heatmap of any time: from the minutes, the seconds and the live memory, joined where
 * the recorded bins end. Every level is exact, so the joint does not show.
 *
 * @param readerOf gives null where nothing is recorded; not asked where memory tells all
 * @param key what the request and the memory are counted in
 * @param maxCells of both sides
 * @throws QueryError where the answer would be larger, or what is recorded is coarser
 */
export async function joinHistory(
  readerOf: () => LiquidityReader | null | Promise<LiquidityReader | null>,
  key: LiquidityKey,
  memory: LiquidityMemory,
  request: HeatmapRequest,
  maxCells = Infinity,
): Promise<HeatmapGrid> {
  const start = openTimeOf(request.from, request.stepMs);
  const to = Math.min(request.to, Math.max(memory.endTime ?? request.to, request.from));
  const isShort = to - start <= LIVE_SPAN_MS || request.stepMs % SECONDS.binMs !== 0;
  const isHeld = memory.firstTime !== null && memory.firstTime <= start;
  const reader = isShort && isHeld ? null : await readerOf();
  if (reader === null) {
    refuseTooManyCells(request, to, heatmapRows(memory, request).rowCount, maxCells);
    return heatmapGrid(memory, { ...request, to });
  }
  const segments = await reader.plan(key, { ...request, to });
  const liveFrom = segments.at(-1)?.to ?? start;
  const { firstRow, rowCount } = await rowsOf(reader, segments, memory, { ...request, to });
  if (rowCount === 0) return { times: [], firstRow, rowCount, bids: [], asks: [] };
  refuseTooManyCells(request, to, rowCount, maxCells);

  const grid = new LiquidityGrid(request, firstRow, rowCount);
  const rows = { first: firstRow / request.groupTicks, count: rowCount };
  for (const segment of segments) {
    grid.use(segment.source, segment.from);
    await reader.replay(segment, grid, rows);
  }
  const { firstTime, endTime } = memory;
  // What memory holds may begin long after the range has ended.
  if (firstTime !== null && endTime !== null && endTime > liveFrom && firstTime < to) {
    const ticksPerRow = request.groupTicks;
    const source = { binMs: memory.binMs, unitsPerRow: ticksPerRow, ticksPerRow, lots: 1 };
    grid.use(source, Math.max(liveFrom, firstTime));
    replayLive(memory, grid, source, liveFrom, to);
  }
  return grid.finish();
}

function replayLive(
  memory: LiquidityMemory,
  grid: LiquidityGrid,
  { binMs }: GridSource,
  from: number,
  to: number,
): void {
  memory.replay(from, to, (bin) => {
    grid.beginBin(bin.time, bin.known, bin.keyframe);
    for (const side of ["bids", "asks"] as const) {
      bin.forEach(side, (row, lotMs, closeLots) => {
        grid.addCell(side === "bids", row, lotMs - closeLots * binMs, closeLots);
      });
    }
  });
}

/** Rows of the answer, by the request and by what was ever known in its time. */
async function rowsOf(
  reader: LiquidityReader,
  segments: readonly HistorySegment[],
  memory: LiquidityMemory,
  request: HeatmapRequest,
): Promise<{ firstRow: number; rowCount: number }> {
  let { lowTicks: low, highTicks: high } = request;
  const { groupTicks } = request;
  if (low === null || high === null) {
    let lowest = Infinity;
    let highest = -Infinity;
    const widen = (known: readonly [number, number] | null) => {
      if (known === null) return;
      lowest = Math.min(lowest, known[0]);
      highest = Math.max(highest, known[1]);
    };
    for (const segment of segments) widen(await reader.knownRange(segment, request));
    const from = Math.max(request.from, segments.at(-1)?.to ?? request.from);
    memory.replay(from, request.to, (bin) => {
      if (bin.time >= from) widen(bin.known);
    });
    low ??= lowest;
    high ??= highest;
  }
  if (!(low <= high)) return { firstRow: 0, rowCount: 0 };
  const firstRow = rowOf(low, groupTicks);
  return { firstRow, rowCount: (rowOf(high, groupTicks) - firstRow) / groupTicks + 1 };
}

function refuseTooManyCells(
  request: HeatmapRequest,
  to: number,
  rowCount: number,
  maxCells: number,
): void {
  const columns = columnsOf(request, to, request.stepMs);
  if (columns * rowCount * 2 <= maxCells) return;
  const step = fittingStep(request, to, Math.floor(maxCells / rowCount / 2));
  throw new QueryError(
    "too_large",
    `${columns} columns x ${rowCount} rows x 2 sides are more than ${maxCells} cells; ` +
      (step === null
        ? "no step fits so many rows: ask for a larger group, or for prices from low to high"
        : `the finest step that fits this range is ${step} ms`),
  );
}

/** The first column begins before the range where that is no multiple of the step. */
function columnsOf({ from }: HeatmapRequest, to: number, stepMs: number): number {
  return Math.max(0, Math.ceil((to - openTimeOf(from, stepMs)) / stepMs));
}

/** A multiple of the request's step that gives at most so many columns, or null. */
function fittingStep(request: HeatmapRequest, to: number, maxColumns: number): number | null {
  // One column may be two, where the range lies across a multiple of every step.
  if (maxColumns < 2) return null;
  // Of recorded time only whole seconds are told, and a longer step may begin in it.
  const unit = leastMultiple(request.stepMs, SECONDS.binMs);
  const units = (to - request.from) / unit;
  const least = Math.ceil(units / maxColumns);
  const enough = Math.ceil(units / (maxColumns - 1));
  for (let i = least; i < Math.min(enough, least + MAX_TRIES); i++) {
    if (columnsOf(request, to, i * unit) <= maxColumns) return i * unit;
  }
  return enough * unit;
}

function leastMultiple(a: number, b: number): number {
  let multiple = a;
  while (multiple % b !== 0) multiple += a;
  return multiple;
}
