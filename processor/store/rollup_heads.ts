import type { DuckDBConnection } from "@duckdb/node-api";
import type { HeadPart, IdsBeside } from "../../market/higher_candle.ts";
import type { Rollup } from "./rollup_schema.ts";
import type { RollupSymbol } from "./rollup_symbols.ts";

/** The integers of a head, in the order in which they stand in the tables. */
export const HEAD_COLUMNS = [
  "time",
  "open",
  "high",
  "low",
  "close",
  "min_delta",
  "max_delta",
  "trades",
  "first_id",
  "last_id",
  "buy_lots",
  "sell_lots",
] as const;

/** A head as a list of doubles, with its two flags as 0 and 1 behind. */
export const HEAD_LIST = `[${
  [...HEAD_COLUMNS, "complete", "exact"].map((name) => `${name}::DOUBLE`).join(", ")
}]`;

/** What `HEAD_LIST` selects -> the head of a closed candle. */
export function headOf(list: readonly number[]): HeadPart {
  const [openTime, open, high, low, close, minDelta, maxDelta, trades, ...rest] = list;
  const [firstId, lastId, buyLots, sellLots, complete, exact] = rest;
  return {
    head: {
      openTime,
      firstId,
      lastId,
      open,
      high,
      low,
      close,
      sellLots,
      buyLots,
      minDelta,
      maxDelta,
      trades,
    },
    complete: complete === 1,
    // It is closed, so that only a missing trade leaves it incomplete.
    hasGap: complete !== 1,
    exact: exact === 1,
  };
}

/** Heads that open in [from, to), ascending. */
export async function readHeads(
  connection: DuckDBConnection,
  rollup: Rollup,
  { id }: RollupSymbol,
  from: number,
  to: number,
): Promise<HeadPart[]> {
  const columns = [...HEAD_COLUMNS, "complete", "exact"].map((name) => `${name}::DOUBLE`);
  const reader = await connection.runAndReadAll(
    `SELECT ${columns.join(", ")} FROM candle_${rollup}
     WHERE symbol_id = $1 AND time >= $2 AND time < $3 ORDER BY time`,
    [id, bigTime(from), bigTime(to)],
  );
  return reader.getRows().map((row) => headOf(row as number[]));
}

/** The last id of the minute before `from`, and the first id of the first one from `to` on. */
export async function readIdsBeside(
  connection: DuckDBConnection,
  { id }: RollupSymbol,
  from: number,
  to: number,
): Promise<IdsBeside> {
  const reader = await connection.runAndReadAll(
    `SELECT arg_max(last_id, time) FILTER (time < $2)::DOUBLE,
       arg_min(first_id, time) FILTER (time >= $3)::DOUBLE
     FROM candle_1m WHERE symbol_id = $1 AND (time < $2 OR time >= $3)`,
    [id, bigTime(from), bigTime(to)],
  );
  const [before, after] = reader.getRows()[0] as [number | null, number | null];
  return { before: before ?? -Infinity, after: after ?? Infinity };
}

/** Appends heads to the table of a rollup. */
export async function appendHeads(
  connection: DuckDBConnection,
  rollup: Rollup,
  { id }: RollupSymbol,
  heads: Iterable<HeadPart>,
): Promise<void> {
  const appender = await connection.createAppender(`candle_${rollup}`);
  try {
    for (const { head, complete, exact } of heads) {
      appender.appendInteger(id);
      for (
        const value of [
          ...[head.openTime, head.open, head.high, head.low, head.close],
          ...[head.minDelta, head.maxDelta, head.trades, head.firstId, head.lastId],
          ...[head.buyLots, head.sellLots],
        ]
      ) appender.appendBigInt(BigInt(value));
      appender.appendBoolean(complete);
      appender.appendBoolean(exact);
      appender.endRow();
    }
  } finally {
    appender.closeSync();
  }
}

/** A time as BIGINT; a query may ask for all times. */
export function bigTime(time: number): bigint {
  return BigInt(Math.trunc(Math.min(8.64e15, Math.max(-8.64e15, time))));
}
