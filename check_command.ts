import { join } from "node:path";
import { denoFs } from "./collector/archive/archive_fs.ts";
import { type ArchiveReport, checkArchive } from "./collector/archive/check_archive.ts";
import { TRADES_FOLDERS } from "./bus/trades_folders.ts";
import { ConfigError } from "./config.ts";

/**
 * Verifies everything recorded below a data folder and prints what it finds.
 *
 * @returns the number of defects
 * @throws ConfigError when there is no such folder
 */
export async function checkDataFolder(
  dataDir: string,
  print: (line: string) => void,
): Promise<number> {
  const entries = await denoFs.list(dataDir);
  if (entries.length === 0) {
    throw new ConfigError([`--data-dir ${dataDir} holds nothing: it does not exist or is empty`]);
  }
  let defects = 0;
  let archives = 0;
  for (const folder of await recordedFolders(dataDir)) {
    for (const trades of Object.values(TRADES_FOLDERS)) {
      for (const { name, isFolder } of await denoFs.list(join(folder, trades))) {
        if (!isFolder) continue;
        const report = await checkArchive(denoFs, join(folder, trades, name));
        archives++;
        defects += report.defects.length;
        for (const line of linesOf(report)) print(line);
      }
    }
  }
  const found = defects === 0 ? "no defect" : count(defects, "defect");
  print(`${count(archives, "archive")} checked, ${found}`);
  return defects;
}

/** The data folder, and those of simulated markets and captures inside it. */
async function recordedFolders(dataDir: string): Promise<string[]> {
  const folders = [dataDir];
  for (const kind of ["simulator", "capture"]) {
    for (const { name, isFolder } of await denoFs.list(join(dataDir, kind))) {
      if (isFolder) folders.push(join(dataDir, kind, name));
    }
  }
  return folders;
}

function linesOf(report: ArchiveReport): string[] {
  const { folder, series, trades, firstId, lastId, bytes } = report;
  const what = series === null ? "nothing recorded" : `${series.market} ${series.symbol}`;
  const ids = firstId === null ? "" : `, ids ${firstId} to ${lastId}`;
  const files = `${count(report.segments, "segment")}, ${count(report.journals, "journal")}`;
  return [
    `${folder}: ${what}: ${count(trades, "aggTrade")}${ids}, ${files}, ${count(bytes, "byte")}`,
    ...report.knownGaps.map(({ fromId, toId, reason, time }) => {
      const when = time > 0 ? ` around ${new Date(time).toISOString()}` : "";
      return `  known gap: ids ${fromId} to ${toId}${when}: ${reason}`;
    }),
    ...report.remarks.map((remark) => `  left behind: ${remark}`),
    ...report.defects.map((defect) => `  DEFECT: ${defect}`),
  ];
}

function count(value: number, unit: string): string {
  return `${value.toLocaleString("en")} ${unit}${value === 1 ? "" : "s"}`;
}
