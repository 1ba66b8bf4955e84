import type { CandleSeries } from "../../market/candle_series.ts";
import {
  type GroupedCandle,
  type HeadPart,
  higherCandles,
  joinCandles,
  joinParts,
  type Rows,
} from "../../market/higher_candle.ts";
import { MINUTE_MS, openTimeOf } from "../../market/interval.ts";
import type { CandlesRequest } from "./rollup_read.ts";
import type { RollupStore } from "./rollup_store.ts";
import type { RollupSymbol } from "./rollup_symbols.ts";

/** The archive's trades as candles, in any rows: `parquetCandles` and `parquetRows`. */
export interface ArchivedCandles {
  candles(request: CandlesRequest): Promise<GroupedCandle[]>;
  rows(request: CandlesRequest): Promise<ReadonlyMap<number, Rows>>;
}

/** Everything that tells candles of a symbol. */
export interface CandleSources {
  /** The newest minutes. */
  readonly series: CandleSeries;
  readonly rollup: { readonly store: RollupStore; readonly symbol: RollupSymbol } | null;
  readonly archive: ArchivedCandles | null;
}

/**
 * Candles of any length and rows, ascending: what memory holds, and what is older from the rollup,
 * or from the archive where its rows are too coarse. One whose running delta the rollup cannot
 * tell is made from the archive's trades.
 */
export async function collectCandles(
  sources: CandleSources,
  request: CandlesRequest,
): Promise<GroupedCandle[]> {
  const { series, archive } = sources;
  const { intervalMs, groupTicks } = request;
  const from = -openTimeOf(-request.from, intervalMs);
  const to = -openTimeOf(-request.to, intervalMs);
  const seam = await seamOf(sources, from, to, groupTicks);
  const until = Math.min(to, seam);
  const older = from < until ? await stored(sources, { ...request, from, to: until }) : [];
  const newer = higherCandles(series, intervalMs, Math.max(from, seam), to, groupTicks);
  const candles = joinAtSeam(older, newer, groupTicks);
  if (series.lastTime === null) markOpen(candles, intervalMs);
  if (archive === null) return candles;
  return await Promise.all(candles.map(async (candle) => {
    const start = candle.head.openTime;
    const end = start + intervalMs;
    // The archive may lag behind memory.
    if (candle.exact || end > seam) return candle;
    const made = await archive.candles({ intervalMs, from: start, to: end, groupTicks });
    return made.find(({ head }) => head.trades >= candle.head.trades) ?? candle;
  }));
}

/** The same without their rows, which costs little. */
export async function collectHeads(
  { series, rollup, archive }: CandleSources,
  { intervalMs, from, to }: Omit<CandlesRequest, "groupTicks">,
): Promise<HeadPart[]> {
  const groupTicks = Number.MAX_SAFE_INTEGER;
  const seam = series.firstTime ?? Infinity;
  const newer = higherCandles(series, intervalMs, Math.max(from, seam), to, groupTicks);
  const until = Math.min(to, seam);
  if (from >= until) return newer;
  const older = rollup === null
    ? await archive?.candles({ intervalMs, from, to: until, groupTicks }) ?? []
    : await rollup.store.heads(rollup.symbol, intervalMs, from, until);
  const parts = Map.groupBy([...older, ...newer], ({ head }) => head.openTime);
  return [...parts].map(([openTime, own]) => joinParts(openTime, own));
}

/** What the rollup and the archive tell of minutes that opened in [from, to). */
async function stored(
  { rollup, archive }: CandleSources,
  request: CandlesRequest,
): Promise<GroupedCandle[]> {
  const { intervalMs, from, to, groupTicks } = request;
  if (rollup === null) return await archive?.candles(request) ?? [];
  const { store, symbol } = rollup;
  if (groupTicks % symbol.baseTicks === 0) {
    return await store.candles(symbol, request);
  }
  if (archive === null) return [];
  const heads = await store.heads(symbol, intervalMs, from, to);
  const rows = await archive.rows(request);
  const candles = heads.map((part) => ({
    ...part,
    rows: rows.get(part.head.openTime) ?? new Map(),
  }));
  // Whether both were made of the same trades.
  const isWhole = candles.length === rows.size &&
    candles.every((candle) => tradesIn(candle.rows) === candle.head.trades);
  return isWhole ? candles : await archive.candles(request);
}

function tradesIn(rows: Rows): number {
  let trades = 0;
  for (const row of rows.values()) trades += row.trades;
  return trades;
}

/** Where memory takes over: at its first minute, or after it where more of it is stored. */
export async function seamOf(
  sources: CandleSources,
  from: number,
  to: number,
  groupTicks: number,
): Promise<number> {
  const { series } = sources;
  const first = series.firstTime;
  if (first === null) return Infinity;
  const candle = series.at(first);
  if (candle === null || candle.complete || first < from || first >= to) return first;
  const minute = { intervalMs: MINUTE_MS, from: first, to: first + MINUTE_MS, groupTicks };
  const [older] = await stored(sources, minute);
  const isFuller = older !== undefined && older.head.trades >= candle.footprint.trades;
  return isFuller ? first + MINUTE_MS : first;
}

/** The candle at the seam has a part on each side. */
function joinAtSeam(
  older: readonly GroupedCandle[],
  newer: readonly GroupedCandle[],
  groupTicks: number,
): GroupedCandle[] {
  const [last, first] = [older.at(-1), newer.at(0)];
  if (last === undefined || first === undefined || last.head.openTime !== first.head.openTime) {
    return [...older, ...newer];
  }
  const joined = joinCandles(last.head.openTime, [last, first], groupTicks);
  return [...older.slice(0, -1), joined, ...newer.slice(1)];
}

/** Of the newest candle nobody knows whether its later minutes traded. */
function markOpen(candles: GroupedCandle[], intervalMs: number): void {
  const last = candles.pop();
  if (last === undefined) return;
  candles.push(intervalMs === MINUTE_MS ? last : { ...last, complete: false });
}
