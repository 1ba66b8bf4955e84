import type { DuckDBConnection, DuckDBValue } from "@duckdb/node-api";
import type { LiquidityLevel } from "./liquidity_schema.ts";
import { type LiquidityKey, type LiquiditySeries, loadSeries } from "./liquidity_series.ts";

/** Time in which a level holds bins of one series alone; some may be missing in between. */
export interface RecordedSpan {
  readonly series: LiquiditySeries;
  readonly from: number;
  readonly to: number;
}

/** Where in [from, to) each series of a symbol is recorded: disjoint, in the order of time. */
export async function recordedSpans(
  connection: DuckDBConnection,
  level: LiquidityLevel,
  of: Pick<LiquidityKey, "market" | "symbol">,
  from: number,
  to: number,
): Promise<RecordedSpan[]> {
  const { table, binMs } = level;
  const times = [big(from), big(to - binMs)];
  const all = await loadSeries(connection, of);
  const spans: RecordedSpan[] = [];
  for (const series of all) {
    const reader = await connection.runAndReadAll(
      `SELECT min(time), max(time) FROM ${table}_bins
       WHERE series = $1 AND time >= $2 AND time <= $3`,
      [series.id, ...times],
    );
    const [first, last] = reader.getRows()[0];
    if (first !== null) spans.push({ series, from: Number(first), to: Number(last) + binMs });
  }
  spans.sort((a, b) => a.from - b.from);
  if (spans.every(({ from }, i) => i === 0 || from >= spans[i - 1].to)) return spans;
  return await turns(connection, level, all, of, times);
}

/** The same where series take turns: the price has come back to where rows had another size. */
async function turns(
  connection: DuckDBConnection,
  { table, binMs }: LiquidityLevel,
  all: readonly LiquiditySeries[],
  { market, symbol }: Pick<LiquidityKey, "market" | "symbol">,
  times: readonly DuckDBValue[],
): Promise<RecordedSpan[]> {
  const byId = new Map(all.map((series) => [series.id, series]));
  const reader = await connection.runAndReadAll(
    `SELECT series, time::DOUBLE, coalesce(lead(before) OVER (ORDER BY time), newest)::DOUBLE
     FROM (
       SELECT series, time, lag(series) OVER by_time AS series_before,
         lag(time) OVER by_time AS before, max(time) OVER () AS newest
       FROM ${table}_bins WHERE time >= $1 AND time <= $2 AND series IN
         (SELECT id FROM liquidity_series WHERE market = $3 AND symbol = $4)
       WINDOW by_time AS (ORDER BY time)
     ) WHERE series_before IS DISTINCT FROM series ORDER BY time`,
    [...times, market, symbol],
  );
  return (reader.getRows() as [number, number, number][]).flatMap(([id, from, last]) => {
    const series = byId.get(id);
    return series === undefined ? [] : [{ series, from, to: last + binMs }];
  });
}

function big(value: number): DuckDBValue {
  return BigInt(Math.floor(value));
}
