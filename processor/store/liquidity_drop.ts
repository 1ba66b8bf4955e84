import type { DuckDBConnection } from "@duckdb/node-api";
import type { LiquidityLevel } from "./liquidity_schema.ts";
import { loadSeries } from "./liquidity_series.ts";
import { inTransaction } from "./transaction.ts";

/**
 * Drops one level of the liquidity before `time`. A little more is kept, back to a keyframe: what
 * follows would be unknown without it.
 *
 * @param connection used by nobody else meanwhile, since a transaction belongs to the connection
 */
export async function dropLiquidityBefore(
  connection: DuckDBConnection,
  { table }: LiquidityLevel,
  time: number,
): Promise<void> {
  for (const { id } of await loadSeries(connection)) {
    await inTransaction(connection, async () => {
      const reader = await connection.runAndReadAll(
        `SELECT max(time) FILTER (is_keyframe AND time <= $2),
           coalesce(arg_min(is_keyframe, time) FILTER (time >= $2), true)
         FROM ${table}_bins WHERE series = $1`,
        [id, BigInt(time)],
      );
      const [keyframe, isBreak] = reader.getRows()[0];
      // Where a run has ended before, nothing leans on its last keyframe any more.
      const cut = isBreak ? BigInt(time) : keyframe;
      if (cut === null) return;
      for (const name of [table, `${table}_bins`]) {
        await connection.run(`DELETE FROM ${name} WHERE series = $1 AND time < $2`, [id, cut]);
      }
    });
  }
}
