import type { Instrument } from "../market/instrument.ts";
import { nearestUnits } from "../market/scale.ts";
import type { ApiHeatmap } from "./api.ts";
import type { DenseColumn } from "./liquidity_ring.ts";

export const TILE_COLUMNS = 128;

/** A rectangle of the heatmap: columns of one length and rows of one size; NaN = unknown. */
export interface LiveTile {
  readonly start: number;
  readonly stepMs: number;
  readonly columns: number;
  readonly group: number;
  readonly low: number;
  readonly rows: number;
  /** Mean resting lots, row by row from the highest price down. */
  readonly values: Float32Array;
  version: number;
  ready: boolean;
  /** Running sums of the column that is still open. */
  open: OpenColumn | null;
}

interface OpenColumn {
  readonly index: number;
  /** In lots x ms, from the lowest row up. */
  readonly lotMs: Float64Array;
  coveredMs: number;
  nextTime: number;
  /** A bin inside was unknown or missing. */
  broken: boolean;
}

export function createTile(
  start: number,
  stepMs: number,
  group: number,
  low: number,
  rows: number,
): LiveTile {
  return {
    start,
    stepMs,
    columns: TILE_COLUMNS,
    group,
    low,
    rows,
    values: new Float32Array(TILE_COLUMNS * rows).fill(NaN),
    version: 0,
    ready: false,
    open: null,
  };
}

export function tileEnd(tile: LiveTile): number {
  return tile.start + tile.columns * tile.stepMs;
}

/**
 * Writes the columns of an answer, each over all those of the tile that it spans; what it does not
 * mention stays as it is.
 */
export function writeAnswer(tile: LiveTile, answer: ApiHeatmap, instrument: Instrument): void {
  const { priceScale, qtyScale } = instrument;
  const rowOfPrice = answer.prices.map((price) =>
    Math.round((nearestUnits(priceScale, price) - tile.low) / tile.group)
  );
  const lotsPerUnit = 10 ** qtyScale.decimals / qtyScale.step;
  const span = Math.max(1, Math.round(answer.step / tile.stepMs));
  answer.times.forEach((time, n) => {
    const first = Math.round((time - tile.start) / tile.stepMs);
    const from = Math.max(0, first);
    const to = Math.min(tile.columns, first + span);
    if (from >= to) return;
    const bids = answer.bids[n];
    const asks = answer.asks[n];
    for (let i = 0; i < rowOfPrice.length; i++) {
      const row = rowOfPrice[i];
      if (row < 0 || row >= tile.rows) continue;
      const bid = bids?.[i] ?? NaN;
      const ask = asks?.[i] ?? NaN;
      const line = (tile.rows - 1 - row) * tile.columns;
      tile.values.fill((bid + ask) * lotsPerUnit, line + from, line + to);
    }
  });
  tile.version++;
}

/**
 * Adds one bin of the stream to its column. A column shows the mean of what it has so far.
 *
 * @returns the time of a column that closed without all its bins, or null
 */
export function addBin(
  tile: LiveTile,
  bin: DenseColumn,
  binMs: number,
  baseGroup: number,
): number | null {
  const index = Math.floor((bin.time - tile.start) / tile.stepMs);
  if (index < 0 || index >= tile.columns) return closeOpen(tile);
  const unfinished = tile.open !== null && tile.open.index !== index ? closeOpen(tile) : null;
  tile.open ??= {
    index,
    lotMs: new Float64Array(tile.rows),
    coveredMs: 0,
    nextTime: bin.time,
    broken: false,
  };
  const { open } = tile;
  if (bin.time !== open.nextTime || bin.lotMs === null) open.broken = true;
  open.nextTime = bin.time + binMs;
  open.coveredMs += binMs;
  if (bin.lotMs !== null) addRows(tile, open.lotMs, bin.lotMs, bin.low, baseGroup);
  const scale = open.broken ? NaN : 1 / open.coveredMs;
  for (let row = 0; row < tile.rows; row++) {
    tile.values[(tile.rows - 1 - row) * tile.columns + index] = open.lotMs[row] * scale;
  }
  tile.version++;
  return unfinished;
}

function closeOpen(tile: LiveTile): number | null {
  const { open } = tile;
  tile.open = null;
  if (open === null || (open.coveredMs === tile.stepMs && !open.broken)) return null;
  return tile.start + open.index * tile.stepMs;
}

/** Sums base rows into the tile's rows; rows that the bin does not cover wholly become unknown. */
function addRows(
  tile: LiveTile,
  sums: Float64Array,
  bin: Float64Array,
  binLow: number,
  baseGroup: number,
): void {
  const { low, group, rows } = tile;
  const binHigh = binLow + bin.length * baseGroup;
  const firstKnown = Math.max(0, Math.ceil((binLow - low) / group));
  const endKnown = Math.min(rows, Math.floor((binHigh - low) / group));
  for (let row = 0; row < rows; row++) {
    if (row < firstKnown || row >= endKnown) {
      sums[row] = NaN;
      continue;
    }
    const from = (low + row * group - binLow) / baseGroup;
    let sum = 0;
    for (let i = from; i < from + group / baseGroup; i++) sum += bin[i];
    sums[row] += sum;
  }
}
