import { join } from "node:path";
import { type ArchiveFs, readWhole } from "./archive_fs.ts";
import { decodeJournal } from "./journal_format.ts";
import { readTradeFileInfo } from "./parquet_file.ts";
import { isDay, isJournal, journalNumber, parseSegmentName } from "./segment_name.ts";
import type { TradeSeries } from "./trade_series.ts";

/**
 * The series in which the newest trades of an archive are counted, or null when it holds none.
 *
 * @param folder `trades/SYMBOL`
 */
export async function recordedSeries(fs: ArchiveFs, folder: string): Promise<TradeSeries | null> {
  const entries = await fs.list(folder);
  const journals = entries.filter(({ name, isFolder }) => !isFolder && isJournal(name))
    .map(({ name }) => name)
    .sort((a, b) => (journalNumber(b) ?? 0) - (journalNumber(a) ?? 0));
  for (const name of journals) {
    const content = decodeJournal(await readWhole(fs, join(folder, name)));
    if (content.type === "trades") return content.series;
  }
  const days = entries.filter(({ name, isFolder }) => isFolder && isDay(name))
    .map(({ name }) => name).sort().reverse();
  for (const day of days) {
    const segments = (await fs.list(join(folder, day)))
      .map(({ name }) => ({ name, lastId: parseSegmentName(name)?.lastId }))
      .filter((segment) => segment.lastId !== undefined)
      .sort((a, b) => b.lastId! - a.lastId!);
    if (segments.length > 0) {
      return (await readTradeFileInfo(fs, join(folder, day, segments[0].name))).series;
    }
  }
  return null;
}
