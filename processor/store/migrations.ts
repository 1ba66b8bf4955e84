import type { DuckDBConnection } from "@duckdb/node-api";
import { GAPS_SCHEMA } from "./gaps_schema.ts";
import { LIQUIDITY_SCHEMA } from "./liquidity_schema.ts";
import { ROLLUP_SCHEMA } from "./rollup_schema.ts";
import { WALLS_SCHEMA } from "./walls_schema.ts";

/** One step forward of the database's tables. What is released never changes; a new one follows. */
export interface Migration {
  readonly version: number;
  readonly sql: string;
}

export const MIGRATIONS: readonly Migration[] = [
  { version: 1, sql: GAPS_SCHEMA },
  { version: 2, sql: WALLS_SCHEMA },
  { version: 3, sql: LIQUIDITY_SCHEMA },
  { version: 4, sql: ROLLUP_SCHEMA },
];

/** A row per migration that was made, and when (UTC ms). */
const VERSION_SCHEMA = `
  CREATE TABLE IF NOT EXISTS schema_version (version INTEGER PRIMARY KEY, migrated BIGINT NOT NULL);
`;

/**
 * Brings the tables to the newest version. Each migration is made as a whole or not at all.
 *
 * @throws when the tables are newer than the newest migration; nothing is changed then
 */
export async function migrate(
  connection: DuckDBConnection,
  migrations: readonly Migration[],
  now: number,
): Promise<void> {
  const version = await versionOf(connection);
  const newest = Math.max(0, ...migrations.map((migration) => migration.version));
  if (version > newest) {
    throw new Error(
      `its tables have version ${version}, and this footprint knows them up to version ${newest}: ` +
        "use the footprint that wrote it or a newer one, or choose another --data-dir",
    );
  }
  for (const migration of migrations.toSorted((a, b) => a.version - b.version)) {
    if (migration.version <= version) continue;
    await connection.run("BEGIN");
    try {
      await connection.run(VERSION_SCHEMA);
      await connection.run(migration.sql);
      await connection.run("INSERT INTO schema_version VALUES ($1, $2)", [
        migration.version,
        BigInt(now),
      ]);
      await connection.run("COMMIT");
    } catch (error) {
      await connection.run("ROLLBACK");
      throw new Error(`its tables cannot be brought to version ${migration.version}`, {
        cause: error,
      });
    }
  }
}

/** 0 for a database without tables of ours. */
async function versionOf(connection: DuckDBConnection): Promise<number> {
  const tables = await connection.runAndReadAll(
    "SELECT 1 FROM duckdb_tables() WHERE table_name = 'schema_version'",
  );
  if (tables.currentRowCount === 0) return 0;
  const newest = await connection.runAndReadAll("SELECT max(version) FROM schema_version");
  return Number(newest.getRows()[0][0] ?? 0);
}
