import { join } from "node:path";
import { TRADES_FOLDERS } from "./bus/trades_folders.ts";
import { denoFs } from "./collector/archive/archive_fs.ts";
import { ConfigError } from "./config.ts";

/** What one feed has recorded. */
export interface RecordedFolder {
  readonly path: string;
  /** `trades/SYMBOL` of each symbol. */
  readonly archives: readonly string[];
}

/**
 * Everything recorded below a data folder: its own feed, simulated markets and captures.
 *
 * @throws ConfigError when there is no such folder
 */
export async function recordedFolders(dataDir: string): Promise<RecordedFolder[]> {
  if ((await denoFs.list(dataDir)).length === 0) {
    throw new ConfigError([`--data-dir ${dataDir} holds nothing: it does not exist or is empty`]);
  }
  const paths = [dataDir];
  for (const kind of ["simulator", "capture"]) {
    for (const name of await foldersIn(join(dataDir, kind))) paths.push(join(dataDir, kind, name));
  }
  return await Promise.all(paths.map(async (path) => ({ path, archives: await archivesIn(path) })));
}

async function archivesIn(path: string): Promise<string[]> {
  const archives: string[] = [];
  for (const trades of Object.values(TRADES_FOLDERS)) {
    for (const name of await foldersIn(join(path, trades))) archives.push(join(path, trades, name));
  }
  return archives;
}

async function foldersIn(path: string): Promise<string[]> {
  return (await denoFs.list(path)).filter(({ isFolder }) => isFolder).map(({ name }) => name);
}

/** "1,234 trades". */
export function count(value: number, unit: string): string {
  return `${value.toLocaleString("en")} ${unit}${value === 1 ? "" : "s"}`;
}
