import { join } from "node:path";
import { DATABASE_FILE, openDatabase } from "../processor/store/database.ts";
import type { Measurement } from "./measure.ts";
import type { HistoryPlan, RecordingTimes } from "./recorded_history.ts";

/** Tables by what they hold. */
const LEVELS = {
  "1 s level": ["liquidity_1s", "liquidity_1s_bins"],
  "1 m level": ["liquidity_1m", "liquidity_1m_bins"],
  "footprints and candles of 1m": ["footprint_1m", "candle_1m"],
  "footprints and candles of 1h": ["footprint_1h", "candle_1h"],
} as const;

const MEGABYTE = 1e6;

/** What a day takes on the disk. */
export async function measureSizes(
  { folder, days, daysOfSeconds }: HistoryPlan,
  { trades, parquetBytes }: RecordingTimes,
): Promise<{ measurements: Measurement[]; cells: number }> {
  const database = await openDatabase(join(folder, DATABASE_FILE), { onMessage: console.error });
  const measurements: Measurement[] = [];
  try {
    const connection = await database.connection();
    const numberOf = async (sql: string) =>
      Number((await connection.runAndReadAll(sql)).getRows()[0][0]);
    const blockBytes = await numberOf("SELECT block_size FROM pragma_database_size()");
    for (const [what, tables] of Object.entries(LEVELS)) {
      let bytes = 0;
      for (const table of tables) {
        bytes += blockBytes * await numberOf(
          `SELECT count(DISTINCT block_id) FROM pragma_storage_info('${table}')
           WHERE block_id >= 0`,
        );
      }
      const rows = await numberOf(`SELECT count(*) FROM ${tables[0]}`);
      const ofDays = what === "1 s level" ? daysOfSeconds : days;
      measurements.push({
        what: `${what} on the disk`,
        result: `${perDay(bytes, ofDays)}: ${Math.round(rows / ofDays)} rows of ` +
          `${(bytes / rows).toFixed(1)} bytes`,
        budget: what === "1 s level" ? "100 MB a day" : "",
      });
    }
    const cells = await numberOf("SELECT count(*) FROM liquidity_1s");
    measurements.push({
      what: "trades in Parquet",
      result: `${perDay(parquetBytes, days)}: ${Math.round(trades / days)} trades of ` +
        `${(parquetBytes / trades).toFixed(1)} bytes`,
      budget: "5 bytes a trade",
    }, {
      what: "the whole database file",
      result: `${Math.round(await database.bytes() / MEGABYTE)} MB`,
      budget: "",
    });
    return { measurements, cells };
  } finally {
    await database.close();
  }
}

function perDay(bytes: number, days: number): string {
  return `${(bytes / days / MEGABYTE).toFixed(1)} MB a day`;
}
