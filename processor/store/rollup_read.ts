import type { DuckDBConnection } from "@duckdb/node-api";
import { QueryError } from "../../bus/query_error.ts";
import { addLevels, type SidedLevel } from "../../market/footprint.ts";
import {
  type GroupedCandle,
  type HeadPart,
  joinParts,
  type Rows,
} from "../../market/higher_candle.ts";
import { openTimeOf } from "../../market/interval.ts";
import { bigTime, HEAD_LIST, headOf, readHeads } from "./rollup_heads.ts";
import { type Rollup, ROLLUPS } from "./rollup_schema.ts";
import type { RollupSymbol } from "./rollup_symbols.ts";
import { hoursUntil } from "./rollup_write.ts";

const HOUR_MS = ROLLUPS["1h"];

export interface CandlesRequest {
  readonly intervalMs: number;
  /** Candles that open in [from, to). */
  readonly from: number;
  readonly to: number;
  readonly groupTicks: number;
  /** More rows than these, of all candles together, are refused. */
  readonly maxRows?: number;
}

/** Time that one of the rollups tells. */
interface Span {
  readonly rollup: Rollup;
  readonly from: number;
  readonly to: number;
}

/**
 * Candles from the minutes that opened in [from, to), ascending. One whose last minutes are not
 * stored yet looks complete when what is stored is.
 *
 * @param request its rows a multiple of the symbol's base row
 * @throws QueryError when there are too many rows
 */
export async function readCandles(
  connection: DuckDBConnection,
  symbol: RollupSymbol,
  { intervalMs, from, to, groupTicks, maxRows = Infinity }: CandlesRequest,
): Promise<GroupedCandle[]> {
  refuseFiner(symbol, groupTicks);
  const spans = intervalMs % HOUR_MS === 0
    ? await spansOf(connection, symbol, from, to)
    : [{ rollup: "1m" as const, from, to }];
  if (spans.length === 0) return [];
  const isPlain = groupTicks === symbol.baseTicks && intervalMs === ROLLUPS["1m"];
  const params = paramsOf(symbol, spans, intervalMs, groupTicks);
  const [interval, group] = [params.length - 1, params.length].map((n) => `$${n}::BIGINT`);
  const time = `(time - time % ${interval})::DOUBLE`;
  const sums = ["sell_lots", "buy_lots", "sell_trades + buy_trades", "buy_trades"]
    .map((sum) => isPlain ? `(${sum})::DOUBLE` : `sum(${sum})::DOUBLE`);
  // One statement sees the heads and the rows of the same moment.
  const result = await connection.run(
    `(SELECT ${time}, (row_ticks - row_ticks % ${group})::DOUBLE, ${sums.join(", ")}, NULL
     FROM (${unionOf("footprint", spans)}) ${isPlain ? "" : "GROUP BY 1, 2"}
     ${limitOf(maxRows)})
     UNION ALL
     SELECT ${time}, 0, 0, 0, 0, 0, ${HEAD_LIST} FROM (${unionOf("candle", spans)})`,
    params,
  );
  const heads = new Map<number, HeadPart[]>();
  const rows = new Map<number, Rows>();
  let count = 0;
  for (const chunk of await result.fetchAllChunks()) {
    const columns = chunk.getColumns();
    const [times, edges, sell, buy, trades, buyTrades] = columns as number[][];
    const lists = columns[6] as readonly ({ readonly items: readonly number[] } | null)[];
    for (let i = 0; i < times.length; i++) {
      const list = lists[i];
      if (list !== null) {
        const parts = heads.get(times[i]);
        if (parts === undefined) heads.set(times[i], [headOf(list.items)]);
        else parts.push(headOf(list.items));
        continue;
      }
      let candle = rows.get(times[i]);
      if (candle === undefined) rows.set(times[i], candle = new Map());
      candle.set(edges[i], level(sell[i], buy[i], trades[i], buyTrades[i]));
      count++;
    }
  }
  if (count > maxRows) throw tooManyRows(maxRows);
  return [...heads].sort(([a], [b]) => a - b)
    .map(([openTime, parts]) => ({
      ...joinParts(openTime, parts),
      rows: rows.get(openTime) ?? new Map(),
    }));
}

/** The same candles without their rows. */
export async function readJoinedHeads(
  connection: DuckDBConnection,
  symbol: RollupSymbol,
  intervalMs: number,
  from: number,
  to: number,
): Promise<HeadPart[]> {
  const spans = intervalMs % HOUR_MS === 0
    ? await spansOf(connection, symbol, from, to)
    : [{ rollup: "1m" as const, from, to }];
  const parts: HeadPart[] = [];
  for (const span of spans) {
    parts.push(...await readHeads(connection, span.rollup, symbol, span.from, span.to));
  }
  return [...Map.groupBy(parts, ({ head }) => openTimeOf(head.openTime, intervalMs))]
    .map(([openTime, own]) => joinParts(openTime, own));
}

/** What traded in the minutes that opened in [from, to). */
export async function readRows(
  connection: DuckDBConnection,
  symbol: RollupSymbol,
  { from, to, groupTicks, maxRows = Infinity }: Omit<CandlesRequest, "intervalMs">,
): Promise<Rows> {
  refuseFiner(symbol, groupTicks);
  const spans = await spansOf(connection, symbol, from, to);
  const rows: Rows = new Map();
  if (spans.length === 0) return rows;
  const params = paramsOf(symbol, spans, groupTicks);
  const result = await connection.run(
    `SELECT (row_ticks - row_ticks % $${params.length}::BIGINT)::DOUBLE, sum(sell_lots)::DOUBLE,
       sum(buy_lots)::DOUBLE, sum(sell_trades + buy_trades)::DOUBLE, sum(buy_trades)::DOUBLE
     FROM (${unionOf("footprint", spans)}) GROUP BY 1 ${limitOf(maxRows)}`,
    params,
  );
  for (const chunk of await result.fetchAllChunks()) {
    const [edges, sell, buy, trades, buyTrades] = chunk.getColumns() as number[][];
    const levels = edges.map((edge, i) =>
      [edge, level(sell[i], buy[i], trades[i], buyTrades[i])] as const
    );
    addLevels(rows, levels, groupTicks);
  }
  if (rows.size > maxRows) throw tooManyRows(maxRows);
  return rows;
}

/** The open time of the newest minute that is stored, or null. */
export async function newestMinute(
  connection: DuckDBConnection,
  { id }: RollupSymbol,
): Promise<number | null> {
  const reader = await connection.runAndReadAll(
    "SELECT max(time)::DOUBLE FROM candle_1m WHERE symbol_id = $1",
    [id],
  );
  return reader.getRows()[0][0] as number | null;
}

/**
 * Where minutes may be missing, ascending: on both sides of each minute of which it is not certain
 * that nothing is, after each that the ids of the next one do not follow, and after the last one.
 *
 * @param from the time before which there cannot be any
 * @param until the first minute that is told by others
 */
export async function doubtfulRanges(
  connection: DuckDBConnection,
  { id }: RollupSymbol,
  from: number,
  until: number,
): Promise<{ from: number; to: number }[]> {
  const reader = await connection.runAndReadAll(
    `SELECT coalesce(before, $2)::DOUBLE, coalesce(after, $3)::DOUBLE FROM (
       SELECT *, lag(time) OVER by_time AS before, lead(time) OVER by_time AS after,
         lead(first_id) OVER by_time AS next_id
       FROM candle_1m WHERE symbol_id = $1 WINDOW by_time AS (ORDER BY time)
     ) WHERE time <= $3 AND (NOT complete OR after IS NULL OR next_id > last_id + 1)
     ORDER BY time`,
    [id, bigTime(from), bigTime(until)],
  );
  const ranges: { from: number; to: number }[] = [];
  for (const [before, after] of reader.getRows() as [number, number][]) {
    const to = Math.min(after, until) + ROLLUPS["1m"];
    const last = ranges.at(-1);
    if (last !== undefined && before <= last.to) last.to = Math.max(last.to, to);
    else if (before < to) ranges.push({ from: before, to });
  }
  return ranges;
}

/** Whole hours from the hours where they are built, the rest from the minutes. */
async function spansOf(
  connection: DuckDBConnection,
  symbol: RollupSymbol,
  from: number,
  to: number,
): Promise<Span[]> {
  const firstHour = -openTimeOf(-from, HOUR_MS);
  // Asked first: hours that are built meanwhile are in the minutes as well.
  const until = Math.min(openTimeOf(to, HOUR_MS), await hoursUntil(connection, symbol));
  if (firstHour >= until) return from < to ? [{ rollup: "1m", from, to }] : [];
  const spans: Span[] = [
    { rollup: "1m", from, to: firstHour },
    { rollup: "1h", from: firstHour, to: until },
    { rollup: "1m", from: until, to },
  ];
  return spans.filter((span) => span.from < span.to);
}

/** One row more than are wanted tells that there are more. */
export function limitOf(maxRows: number): string {
  return Number.isFinite(maxRows) ? `LIMIT ${maxRows + 1}` : "";
}

export function tooManyRows(maxRows: number): QueryError {
  return new QueryError(
    "too_large",
    `the candles have more than ${maxRows} price rows together: ask for a larger group or a ` +
      "shorter range",
  );
}

/** The parameters of `unionOf`, and others behind. */
function paramsOf({ id }: RollupSymbol, spans: readonly Span[], ...others: readonly number[]) {
  return [id, ...[...spans.flatMap(({ from, to }) => [from, to]), ...others].map(bigTime)];
}

function unionOf(table: "footprint" | "candle", spans: readonly Span[]): string {
  return spans.map(({ rollup }, i) =>
    `SELECT * FROM ${table}_${rollup}
     WHERE symbol_id = $1 AND time >= $${2 * i + 2} AND time < $${2 * i + 3}`
  ).join(" UNION ALL ");
}

function level(sellLots: number, buyLots: number, trades: number, buyTrades: number): SidedLevel {
  return { sellLots, buyLots, trades, buyTrades };
}

function refuseFiner({ baseTicks }: RollupSymbol, groupTicks: number): void {
  if (groupTicks % baseTicks === 0) return;
  throw new RangeError(
    `Rows of ${groupTicks} ticks are no multiple of the rollup's rows of ${baseTicks} ticks`,
  );
}
