import type { DuckDBConnection } from "@duckdb/node-api";

/** Runs something as a whole or not at all. Nobody else may use the connection meanwhile. */
export async function inTransaction<T>(
  connection: DuckDBConnection,
  run: () => Promise<T>,
): Promise<T> {
  await connection.run("BEGIN");
  try {
    const result = await run();
    await connection.run("COMMIT");
    return result;
  } catch (error) {
    // Where the commit itself failed, nothing is left to be taken back.
    await connection.run("ROLLBACK").catch(() => {});
    throw error;
  }
}
