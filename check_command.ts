import { denoFs } from "./collector/archive/archive_fs.ts";
import { type ArchiveReport, checkArchive } from "./collector/archive/check_archive.ts";
import { count, recordedFolders } from "./recorded_folders.ts";

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
  let defects = 0;
  let archives = 0;
  for (const folder of await recordedFolders(dataDir)) {
    for (const archive of folder.archives) {
      const report = await checkArchive(denoFs, archive);
      archives++;
      defects += report.defects.length;
      for (const line of linesOf(report)) print(line);
    }
  }
  const found = defects === 0 ? "no defect" : count(defects, "defect");
  print(`${count(archives, "archive")} checked, ${found}`);
  return defects;
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
