import type { DuckDBConnection } from "@duckdb/node-api";
import { SECONDS } from "./liquidity_schema.ts";
import { loadSeries } from "./liquidity_series.ts";

/**
 * Drops the seconds before `time`; the minutes stay. A little more is kept, back to a keyframe:
 * what follows would be unknown without it.
 *
 * @param connection used by nobody else meanwhile, since a transaction belongs to the connection
 */
export async function dropSecondsBefore(connection: DuckDBConnection, time: number): Promise<void> {
  const { table } = SECONDS;
  await connection.run("BEGIN");
  try {
    for (const { id } of await loadSeries(connection)) {
      const reader = await connection.runAndReadAll(
        `SELECT max(time) FROM ${table}_bins WHERE series = $1 AND is_keyframe AND time <= $2`,
        [id, BigInt(time)],
      );
      const [cut] = reader.getRows()[0];
      if (cut === null) continue;
      for (const name of [table, `${table}_bins`]) {
        await connection.run(`DELETE FROM ${name} WHERE series = $1 AND time < $2`, [id, cut]);
      }
    }
    await connection.run("COMMIT");
  } catch (error) {
    await connection.run("ROLLBACK").catch(() => {});
    throw error;
  }
}
