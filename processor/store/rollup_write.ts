import type { DuckDBConnection } from "@duckdb/node-api";
import { type GroupedCandle, joinParts } from "../../market/higher_candle.ts";
import { openTimeOf } from "../../market/interval.ts";
import { appendHeads, bigTime, readHeads } from "./rollup_heads.ts";
import { ROLLUPS } from "./rollup_schema.ts";
import type { RollupSymbol } from "./rollup_symbols.ts";

const MINUTE_MS = ROLLUPS["1m"];
const HOUR_MS = ROLLUPS["1h"];
/** Appending is synchronous: about 1 us a value; now and then others get their turn. */
const ROWS_AT_ONCE = 5_000;

/**
 * Writes closed minutes, and every hour that is closed then; all or nothing is up to the caller's
 * transaction.
 *
 * A minute that was written before is replaced, unless more of its trades were known then: memory
 * may know only the end of a minute in which the program was started.
 *
 * @param minutes in rows of the symbol's base size
 * @param closedBefore no minute before it will get a trade but by repair
 */
export async function writeMinutes(
  connection: DuckDBConnection,
  symbol: RollupSymbol,
  minutes: readonly GroupedCandle[],
  closedBefore: number,
): Promise<void> {
  const times = minutes.map(({ head }) => head.openTime);
  const from = times.reduce((a, b) => Math.min(a, b), Infinity);
  const to = times.reduce((a, b) => Math.max(a, b), -Infinity) + 1;
  const heads = minutes.length === 0 ? [] : await readHeads(connection, "1m", symbol, from, to);
  const held = new Map(heads.map((part) => [part.head.openTime, part]));
  const wanted: GroupedCandle[] = [];
  const replaced: number[] = [];
  for (const minute of minutes) {
    const { openTime, trades } = minute.head;
    const before = held.get(openTime);
    if (before !== undefined && before.head.trades > trades) continue;
    const isSame = before?.head.trades === trades && before.head.firstId === minute.head.firstId;
    // What ids have proved once stays proved, even when memory begins later.
    const complete = minute.complete || (isSame && before.complete);
    if (isSame && before.complete === complete && before.head.lastId === minute.head.lastId) {
      continue;
    }
    if (before !== undefined) replaced.push(openTime);
    wanted.push({ ...minute, complete });
  }
  for (const range of adjacent(replaced, MINUTE_MS)) {
    await deleteRange(connection, "1m", symbol, range.from, range.to);
  }
  await appendHeads(connection, "1m", symbol, wanted);
  await appendRows(connection, symbol, wanted);
  const changed = wanted.map(({ head }) => openTimeOf(head.openTime, HOUR_MS));
  await writeHours(connection, symbol, changed, closedBefore);
}

/** Rows of minutes, ascending. */
async function appendRows(
  connection: DuckDBConnection,
  { id }: RollupSymbol,
  minutes: readonly GroupedCandle[],
): Promise<void> {
  const appender = await connection.createAppender("footprint_1m");
  let count = 0;
  try {
    for (const { head, rows } of minutes) {
      const time = BigInt(head.openTime);
      const ascending = [...rows].sort(([a], [b]) => a - b);
      for (const [row, { buyLots, sellLots, trades, buyTrades }] of ascending) {
        appender.appendInteger(id);
        appender.appendBigInt(time);
        appender.appendBigInt(BigInt(row));
        appender.appendBigInt(BigInt(buyLots));
        appender.appendBigInt(BigInt(sellLots));
        appender.appendBigInt(BigInt(buyTrades));
        appender.appendBigInt(BigInt(trades - buyTrades));
        appender.endRow();
      }
      count += rows.size;
      if (count < ROWS_AT_ONCE) continue;
      count = 0;
      await new Promise((resolve) => setTimeout(resolve));
    }
  } finally {
    appender.closeSync();
  }
}

/**
 * Builds hours from their minutes: those that changed, and those that closed since the last one.
 * An hour that is not closed yet has no row, which would seem complete.
 */
async function writeHours(
  connection: DuckDBConnection,
  symbol: RollupSymbol,
  changed: readonly number[],
  closedBefore: number,
): Promise<void> {
  const end = openTimeOf(closedBefore, HOUR_MS);
  const closed = await connection.runAndReadAll(
    `SELECT DISTINCT (time - time % ${HOUR_MS})::DOUBLE FROM candle_1m
     WHERE symbol_id = $1 AND time >= $2 AND time < $3`,
    [symbol.id, bigTime(await hoursUntil(connection, symbol)), bigTime(end)],
  );
  const hours = new Set(changed.filter((hour) => hour < end));
  for (const [hour] of closed.getRows()) hours.add(Number(hour));
  for (const { from, to } of adjacent(hours, HOUR_MS)) {
    await rebuildHours(connection, symbol, from, to);
  }
}

/** Times of candles as ranges of those that follow one another: each costs a search. */
function adjacent(times: Iterable<number>, lengthMs: number): { from: number; to: number }[] {
  const ranges: { from: number; to: number }[] = [];
  for (const time of [...times].sort((a, b) => a - b)) {
    const last = ranges.at(-1);
    if (last?.to === time) last.to += lengthMs;
    else ranges.push({ from: time, to: time + lengthMs });
  }
  return ranges;
}

/** The end of the newest hour that is built; 0 before the first. */
export async function hoursUntil(
  connection: DuckDBConnection,
  { id }: RollupSymbol,
): Promise<number> {
  const reader = await connection.runAndReadAll(
    "SELECT max(time)::DOUBLE FROM candle_1h WHERE symbol_id = $1",
    [id],
  );
  const newest = reader.getRows()[0][0];
  return newest === null ? 0 : Number(newest) + HOUR_MS;
}

export async function rebuildHours(
  connection: DuckDBConnection,
  symbol: RollupSymbol,
  from: number,
  to: number,
): Promise<void> {
  await deleteRange(connection, "1h", symbol, from, to);
  const minutes = await readHeads(connection, "1m", symbol, from, to);
  const hours = Map.groupBy(minutes, ({ head }) => openTimeOf(head.openTime, HOUR_MS));
  const heads = [...hours].map(([hour, parts]) => joinParts(hour, parts));
  await appendHeads(connection, "1h", symbol, heads);
  await connection.run(
    `INSERT INTO footprint_1h
     SELECT symbol_id, time - time % ${HOUR_MS} AS hour, row_ticks,
       sum(buy_lots), sum(sell_lots), sum(buy_trades), sum(sell_trades)
     FROM footprint_1m WHERE symbol_id = $1 AND time >= $2 AND time < $3
     GROUP BY ALL ORDER BY hour, row_ticks`,
    [symbol.id, bigTime(from), bigTime(to)],
  );
}

/** Removes what opens in [from, to) from the tables of a rollup. */
export async function deleteRange(
  connection: DuckDBConnection,
  rollup: keyof typeof ROLLUPS,
  { id }: RollupSymbol,
  from: number,
  to: number,
): Promise<void> {
  for (const table of [`candle_${rollup}`, `footprint_${rollup}`]) {
    await connection.run(
      `DELETE FROM ${table} WHERE symbol_id = $1 AND time >= $2 AND time < $3`,
      [id, bigTime(from), bigTime(to)],
    );
  }
}
