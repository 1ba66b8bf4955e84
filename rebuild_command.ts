import { join } from "node:path";
import { denoFs } from "./collector/archive/archive_fs.ts";
import { VOID_IDS } from "./collector/archive/gap_notes.ts";
import { recordedSeries } from "./collector/archive/recorded_series.ts";
import { TradeArchive } from "./collector/archive/trade_archive.ts";
import type { TradeSeries } from "./collector/archive/trade_series.ts";
import { holdDataFolder } from "./data_folder.ts";
import type { IdRange } from "./market/id_ranges.ts";
import { baseGroupTicks } from "./market/instrument.ts";
import { MINUTE_MS, openTimeOf } from "./market/interval.ts";
import type { Trade } from "./market/types.ts";
import { type Database, DATABASE_FILE, openDatabase } from "./processor/store/database.ts";
import { rebuildRollups } from "./processor/store/rollup_rebuild.ts";
import { findRollupSymbol } from "./processor/store/rollup_symbols.ts";
import { count, recordedFolders } from "./recorded_folders.ts";

const ALL_TIME = { fromTime: -Infinity, toTime: Infinity };

/**
 * Makes the footprint rollups below a data folder anew from the archives of trades.
 *
 * @throws ConfigError when there is no such folder, or a program records into it
 */
export async function rebuildDataFolder(
  dataDir: string,
  print: (line: string) => void,
): Promise<void> {
  for (const { path, archives } of await recordedFolders(dataDir)) {
    if (archives.length === 0) continue;
    const release = await holdDataFolder(path);
    try {
      const database = await openDatabase(join(path, DATABASE_FILE), { onMessage: print });
      try {
        for (const archive of archives) await rebuildSymbol(database, archive, print);
      } finally {
        await database.close();
      }
    } finally {
      release();
    }
  }
}

async function rebuildSymbol(
  database: Database,
  folder: string,
  print: (line: string) => void,
): Promise<void> {
  const series = await recordedSeries(denoFs, folder);
  if (series === null) return print(`${folder}: nothing recorded`);
  const archive = await TradeArchive.open({ fs: denoFs, folder, series, onMessage: print });
  try {
    const trades = archive.read(ALL_TIME)[Symbol.asyncIterator]();
    const { value: first } = await trades.next();
    if (first === undefined) return print(`${folder}: nothing recorded`);
    const voidIds = archive.notes.filter(({ reason }) => reason === VOID_IDS)
      .map(({ fromId, toId }) => ({ from: fromId, to: toId }));
    let read = 0;
    const batches = async function* (): AsyncGenerator<readonly Trade[]> {
      for (let batch = first as Trade[]; batch !== undefined; batch = (await trades.next()).value) {
        read += batch.length;
        yield batch;
      }
    };
    const minutes = await rebuild(database, { series, voidIds, first: first[0] }, batches());
    print(`${folder}: ${count(minutes, "minute")} made of ${count(read, "aggTrade")}`);
  } finally {
    archive.close();
  }
}

async function rebuild(
  database: Database,
  { series, voidIds, first }: {
    readonly series: TradeSeries;
    readonly voidIds: readonly IdRange[];
    readonly first: Trade;
  },
  batches: AsyncIterable<readonly Trade[]>,
): Promise<number> {
  const connection = await database.connection();
  const isNew = await findRollupSymbol(connection, series) === null;
  return await rebuildRollups(connection, series, batches, {
    from: openTimeOf(first.tradeTime, MINUTE_MS),
    voidIds,
    ...(isNew ? { baseTicks: baseGroupTicks(first.priceTicks) } : {}),
  });
}
