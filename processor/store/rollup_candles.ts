import { QueryError } from "../../bus/query_error.ts";
import type { CandleSeries } from "../../market/candle_series.ts";
import {
  doubtUnjoined,
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

/** A row for all prices. */
const ONE_ROW = Number.MAX_SAFE_INTEGER;

/** The archive's trades as candles, in any rows: `parquetCandles` and `parquetRows`. */
export interface ArchivedCandles {
  candles(request: CandlesRequest): Promise<GroupedCandle[]>;
  rows(request: CandlesRequest): Promise<ReadonlyMap<number, Rows>>;
}

export interface RollupSource {
  readonly store: RollupStore;
  readonly symbol: RollupSymbol;
  /** Size of the symbol's rows as a price, for people. */
  readonly baseGroup: number;
}

/** Everything that tells candles of a symbol. */
export interface CandleSources {
  /** The newest minutes. */
  readonly series: CandleSeries;
  readonly rollup: RollupSource | null;
  readonly archive: ArchivedCandles | null;
}

/**
 * Candles of any length and rows, ascending: what memory holds, and what is older from the rollup,
 * or from the archive where its rows are too coarse. One of which the rollup cannot tell everything
 * is made from the archive's trades.
 */
export async function collectCandles(
  sources: CandleSources,
  request: CandlesRequest,
): Promise<GroupedCandle[]> {
  const { series, archive } = sources;
  const { intervalMs, groupTicks } = request;
  const from = -openTimeOf(-request.from, intervalMs);
  const to = -openTimeOf(-request.to, intervalMs);
  const seam = await seamOf(sources, from, to);
  const until = Math.min(to, seam);
  const older = from < until ? await stored(sources, { ...request, from, to: until }) : [];
  const newer = higherCandles(series, intervalMs, Math.max(from, seam), to, groupTicks);
  const candles = await doubted(sources, joinAtSeam(older, newer, groupTicks), from, to);
  if (archive === null) return candles;
  return await Promise.all(candles.map(async (candle) => {
    const start = candle.head.openTime;
    const end = start + intervalMs;
    // The archive may lag behind memory.
    if (candle.exact || end > seam) return candle;
    const made = await archive.candles({ intervalMs, from: start, to: end, groupTicks });
    const whole = made.find(({ head }) => head.trades >= candle.head.trades);
    if (whole === undefined) return candle;
    return { ...whole, hasGap: whole.hasGap || (candle.hasGap && !whole.complete) };
  }));
}

/** The same without their rows, which costs little. */
export async function collectHeads(
  sources: CandleSources,
  { intervalMs, from, to }: Omit<CandlesRequest, "groupTicks">,
): Promise<HeadPart[]> {
  const seam = await seamOf(sources, from, to);
  const until = Math.min(to, seam);
  const older = from < until ? await storedHeads(sources, { intervalMs, from, to: until }) : [];
  const newer = higherCandles(sources.series, intervalMs, Math.max(from, seam), to, ONE_ROW);
  const parts = Map.groupBy([...older, ...newer], ({ head }) => head.openTime);
  const heads = [...parts].map(([openTime, own]) => joinParts(openTime, own));
  return await doubted(sources, heads, from, to);
}

/** Certain is what the minutes from `from` to `to`, and those beside them, prove. */
async function doubted<T extends HeadPart>(
  { series, rollup, archive }: CandleSources,
  candles: readonly T[],
  from: number,
  to: number,
): Promise<T[]> {
  // The archive's own candles have all the trades that it has ids of.
  if (candles.length === 0 || (rollup === null && archive !== null)) return [...candles];
  const stored = await rollup?.store.idsBeside(rollup.symbol, from, to);
  const at = (time: number | null) => time === null ? undefined : series.at(time)?.footprint;
  const beside = {
    before: Math.max(at(series.timeBefore(from))?.lastId ?? -Infinity, stored?.before ?? -Infinity),
    after: Math.min(at(series.timeAfter(to - 1))?.firstId ?? Infinity, stored?.after ?? Infinity),
  };
  const oldest = at(series.firstTime)?.firstId ?? Infinity;
  // Before its oldest minute, memory also holds ids of trades that it has let go.
  const held = (fromId: number, toId: number) => fromId > oldest && series.holds(fromId, toId);
  return doubtUnjoined(candles, beside, held);
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
  const heads = await store.heads(symbol, intervalMs, from, to);
  const rows: ReadonlyMap<number, Rows> = await archive?.rows(request) ?? new Map();
  const candles = heads.map((part) => ({
    ...part,
    rows: rows.get(part.head.openTime) ?? new Map(),
  }));
  const lacking = candles.findLast((candle) => tradesIn(candle.rows) < candle.head.trades);
  if (lacking !== undefined) {
    throw tooFine(rollup, Math.min(to, lacking.head.openTime + intervalMs));
  }
  // More than the rollup has is still to be brought to it.
  const isWhole = candles.length === rows.size &&
    candles.every((candle) => tradesIn(candle.rows) === candle.head.trades);
  return isWhole || archive === null ? candles : await archive.candles(request);
}

/** Old trades may have been dropped, and the newest are not in a file yet. */
export function tooFine({ baseGroup }: RollupSource, before: number): QueryError {
  return new QueryError(
    "bad_request",
    `group must be a multiple of ${baseGroup} for what traded before ${before}: the archive does ` +
      "not have all of its trades",
  );
}

/** What is stored without its rows. */
export async function storedHeads(
  { rollup, archive }: CandleSources,
  { intervalMs, from, to }: Omit<CandlesRequest, "groupTicks">,
): Promise<HeadPart[]> {
  if (rollup !== null) return await rollup.store.heads(rollup.symbol, intervalMs, from, to);
  return await archive?.candles({ intervalMs, from, to, groupTicks: ONE_ROW }) ?? [];
}

export function tradesIn(rows: Rows): number {
  let trades = 0;
  for (const row of rows.values()) trades += row.trades;
  return trades;
}

/** Where memory takes over: at its first minute, or after it where more of it is stored. */
export async function seamOf(sources: CandleSources, from: number, to: number): Promise<number> {
  const { series } = sources;
  const first = series.firstTime;
  if (first === null) return Infinity;
  const candle = series.at(first);
  if (candle === null || candle.complete || first < from || first >= to) return first;
  const minute = { intervalMs: MINUTE_MS, from: first, to: first + MINUTE_MS };
  const [older] = await storedHeads(sources, minute);
  if (older === undefined) return first;
  const more = older.head.trades - candle.footprint.trades;
  // The recorder writes the same minute; only an earlier run can have known more of it.
  return more > 0 || (more === 0 && older.complete) ? first + MINUTE_MS : first;
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
