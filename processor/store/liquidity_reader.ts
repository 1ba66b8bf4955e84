import type {
  DuckDBConnection,
  DuckDBDataChunk,
  DuckDBValue,
  DuckDBVector,
} from "@duckdb/node-api";
import { QueryError } from "../../bus/query_error.ts";
import { MINUTE_MS, openTimeOf } from "../../market/interval.ts";
import type { KnownRange } from "../../market/order_book.ts";
import { fromUnits } from "../../market/scale.ts";
import type { HeatmapRequest } from "../heatmap.ts";
import type { GridSource, LiquidityGrid } from "./liquidity_grid.ts";
import { type LiquidityLevel, MINUTES, SECONDS } from "./liquidity_schema.ts";
import { type LiquidityKey, type LiquiditySeries, loadSeries } from "./liquidity_series.ts";
import { finestGroup, sourceOf } from "./liquidity_source.ts";
import { type RecordedSpan, recordedSpans } from "./liquidity_spans.ts";

/** Recorded time of one series, told by one level. */
export interface HistorySegment {
  readonly level: LiquidityLevel;
  readonly series: LiquiditySeries;
  readonly source: GridSource;
  readonly from: number;
  readonly to: number;
}

type BinRow = [time: number, knownLow: number, knownHigh: number, isKeyframe: boolean];
const CELL_COLUMNS = [0, 1, 2, 3, 4];

interface Window {
  readonly cells: readonly DuckDBDataChunk[];
  readonly bins: readonly BinRow[];
}

/** Bins a query takes at once: about 100,000 cells of a busy symbol, some 10 ms of work here. */
const BINS_AT_ONCE = 500;

/** Reads recorded liquidity. Its queries are short: others may share the connection, no writer. */
export class LiquidityReader {
  readonly #connection: DuckDBConnection;

  constructor(connection: DuckDBConnection) {
    this.#connection = connection;
  }

  /** What the newest recorded liquidity of a symbol is counted in, or null. */
  async newestKey(of: { market: string; symbol: string }): Promise<LiquidityKey | null> {
    return (await loadSeries(this.#connection, of)).at(-1)?.key ?? null;
  }

  /**
   * The recorded parts of a request's time, ascending, each from the coarsest level that can tell
   * it exactly; the newest minutes are not whole yet and come in seconds.
   *
   * @throws QueryError where what is recorded is coarser than the request
   */
  async plan(key: LiquidityKey, request: HeatmapRequest): Promise<HistorySegment[]> {
    const times = [openTimeOf(request.from, request.stepMs), request.to] as const;
    const minutes = await recordedSpans(this.#connection, MINUTES, key, ...times);
    const seconds = await recordedSpans(this.#connection, SECONDS, key, ...times);
    const segments = (level: LiquidityLevel, spans: readonly RecordedSpan[]) =>
      spans.map(({ series, from, to }) => {
        const source = sourceOf(series.key, level, key, request);
        return source === null ? null : { level, series, source, from, to };
      });
    const coarse = segments(MINUTES, minutes);
    const isByMinute = request.stepMs % MINUTE_MS === 0 && coarse.every((one) => one !== null);
    const until = isByMinute ? coarse.at(-1)?.to ?? -Infinity : -Infinity;
    const newer = seconds.filter(({ to }) => to > until)
      .map((span) => ({ ...span, from: Math.max(span.from, until) }));
    const fine = segments(SECONDS, newer);
    if (!isByMinute) refuseKeptByMinute(key, request, minutes, seconds);
    if (newer.length > 0 && request.stepMs % SECONDS.binMs !== 0) {
      throw new QueryError(
        "too_fine",
        `step must be a multiple of ${SECONDS.binMs} ms for recorded liquidity, ` +
          `received ${request.stepMs}`,
      );
    }
    if (fine.some((one) => one === null)) {
      const finest = finestGroup(newer.map(({ series }) => series.key), SECONDS, key);
      throw refusedGroup(key, request, finest, "the liquidity recorded then");
    }
    return [...(isByMinute ? coarse : []), ...fine].filter((one) => one !== null);
  }

  /** Lowest and highest price, in ticks of the request, ever known in a segment, or null. */
  async knownRange(segment: HistorySegment, request: HeatmapRequest): Promise<KnownRange | null> {
    const { level, series, source } = segment;
    const reader = await this.#connection.runAndReadAll(
      `SELECT min(known_low_ticks), max(known_high_ticks) FROM ${level.table}_bins
       WHERE series = $1 AND time >= $2 AND time < $3`,
      [series.id, big(Math.max(segment.from, request.from)), big(segment.to)],
    );
    const [low, high] = reader.getRows()[0];
    if (low === null) return null;
    const ticks = request.groupTicks / source.ticksPerRow;
    return [Math.floor(Number(low) * ticks), Math.floor(Number(high) * ticks)];
  }

  /** Replays a segment into a grid that uses its source, led by what tells what rests first. */
  async replay(
    { level, series, source, from, to }: HistorySegment,
    grid: LiquidityGrid,
    rows: { readonly first: number; readonly count: number },
  ): Promise<void> {
    const low = rows.first * source.unitsPerRow;
    const high = (rows.first + rows.count) * source.unitsPerRow - 1;
    const windowMs = level.binMs * BINS_AT_ONCE;
    const read = (time: number) =>
      time < to
        ? this.#window(level, series, [time, Math.min(to, time + windowMs), low, high])
        : null;
    let time = await this.#keyframeTime(level, series, from);
    for (let window = read(time); window !== null;) {
      const { cells, bins } = await window;
      time += windowMs;
      // The database works on the next window while this one is replayed.
      window = read(time);
      replayWindow(grid, cells, bins);
    }
  }

  async #window(
    { table }: LiquidityLevel,
    { id, key }: LiquiditySeries,
    [from, to, lowRow, highRow]: readonly [number, number, number, number],
  ): Promise<Window> {
    // Cells first: were their bins read first, cells deleted meanwhile would seem unchanged.
    const cells = await this.#connection.run(
      `SELECT time::DOUBLE, is_bid::DOUBLE, row_index::DOUBLE,
         (over_steps * $6::BIGINT + over_rest)::DOUBLE,
         (close_steps * $6::BIGINT + close_rest)::DOUBLE
       FROM ${table}
       WHERE series = $1 AND time >= $2 AND time < $3 AND row_index BETWEEN $4 AND $5
       ORDER BY time`,
      [id, big(from), big(to), big(lowRow), big(highRow), BigInt(key.stepLots)],
    );
    const bins = await this.#connection.runAndReadAll(
      `SELECT time::DOUBLE, known_low_ticks::DOUBLE, known_high_ticks::DOUBLE, is_keyframe
       FROM ${table}_bins WHERE series = $1 AND time >= $2 AND time < $3 ORDER BY time`,
      [id, big(from), big(to)],
    );
    return { cells: await cells.fetchAllChunks(), bins: bins.getRows() as BinRow[] };
  }

  /** Where a replay begins that is to know what rests at `time`. */
  async #keyframeTime(
    { table, keyframeMs }: LiquidityLevel,
    { id }: LiquiditySeries,
    time: number,
  ): Promise<number> {
    // An older keyframe lies before a gap: while all is known they come often enough.
    const reader = await this.#connection.runAndReadAll(
      `SELECT max(time) FROM ${table}_bins
       WHERE series = $1 AND time > $2 AND time <= $3 AND is_keyframe`,
      [id, big(time - keyframeMs), big(time)],
    );
    return Number(reader.getRows()[0][0] ?? time);
  }
}

function replayWindow(
  grid: LiquidityGrid,
  cells: readonly DuckDBDataChunk[],
  bins: readonly BinRow[],
): void {
  let next = 0;
  const beginBinsUpTo = (time: number) => {
    while (next < bins.length && bins[next][0] <= time) {
      const [binTime, low, high, isKeyframe] = bins[next++];
      grid.beginBin(binTime, [low, high], isKeyframe);
    }
    return next > 0 && bins[next - 1][0] === time;
  };
  for (const chunk of cells) {
    // Straight from the vectors: filling arrays with a day's cells costs more than adding them.
    const [times, isBid, units, over, close] = CELL_COLUMNS.map((i) => chunk.getColumnVector(i));
    const number = (vector: DuckDBVector, i: number) => vector.getItem(i) as number;
    let binTime = NaN;
    let isInBin = false;
    for (let i = 0; i < times.itemCount; i++) {
      const time = number(times, i);
      if (time !== binTime) isInBin = beginBinsUpTo(binTime = time);
      if (!isInBin) continue;
      grid.addCell(number(isBid, i) === 1, number(units, i), number(over, i), number(close, i));
    }
  }
  beginBinsUpTo(Infinity);
}

/** What only the minutes still tell cannot be shown finer. */
function refuseKeptByMinute(
  key: LiquidityKey,
  request: HeatmapRequest,
  minutes: readonly RecordedSpan[],
  seconds: readonly RecordedSpan[],
): void {
  const oldest = minutes.at(0);
  const kept = seconds.at(0)?.from ?? Infinity;
  if (oldest === undefined || oldest.from + MINUTE_MS > kept) return;
  const recorded = minutes.filter(({ from }) => from < kept).map(({ series }) => series.key);
  const finest = finestGroup(recorded, MINUTES, key);
  const what = `liquidity before ${Number.isFinite(kept) ? kept : request.to}, kept by the minute`;
  if (request.groupTicks % finest !== 0) throw refusedGroup(key, request, finest, what);
  throw new QueryError(
    "too_fine",
    `step must be a multiple of ${MINUTE_MS} ms for ${what}, received ${request.stepMs}`,
  );
}

function refusedGroup(
  { priceScale }: LiquidityKey,
  { groupTicks }: HeatmapRequest,
  finest: number,
  what: string,
): QueryError {
  return new QueryError(
    "bad_request",
    `group must be a multiple of ${fromUnits(priceScale, finest)} for ${what}, ` +
      `received ${fromUnits(priceScale, groupTicks)}`,
  );
}

function big(value: number): DuckDBValue {
  return BigInt(Math.floor(value));
}
