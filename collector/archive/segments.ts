import { join } from "node:path";
import { errorText } from "../../bus/error_text.ts";
import type { Trade } from "../../market/types.ts";
import { type ArchiveFs } from "./archive_fs.ts";
import { doubledSegments } from "./doubled_segments.ts";
import { type IdRange, IdRanges } from "../../market/id_ranges.ts";
import { mergeById, sortById, type TradeSource } from "./merge_by_id.ts";
import { readTradeFile, readTradeFileInfo, type TimeSpan, writeTradeFile } from "./parquet_file.ts";
import type { TradeFileInfo } from "./parquet_file.ts";
import type { RetiredFiles } from "./retired_files.ts";
import {
  dayOf,
  endOfDay,
  isDay,
  isTemporary,
  parseSegmentName,
  segmentName,
} from "./segment_name.ts";
import { rescaler, sameScales, seriesText, type TradeSeries } from "./trade_series.ts";

/** One Parquet file of the archive: trades of one UTC day. */
export interface Segment extends TradeFileInfo {
  readonly path: string;
  readonly day: string;
}

export interface SegmentsOptions {
  readonly fs: ArchiveFs;
  /** `trades/SYMBOL` */
  readonly folder: string;
  readonly series: TradeSeries;
  readonly retired: RetiredFiles;
  readonly onMessage: (message: string) => void;
}

/** A day is merged when it is over by so much: trades and repairs come late. */
const LATE_MS = 15 * 60_000;

/** The Parquet files of one symbol. Callers let one change after the other run, never two at once. */
export class Segments {
  readonly #options: SegmentsOptions;
  #segments: Segment[] = [];
  #ids = new IdRanges();
  #broken: string[] = [];
  readonly #durableFolders = new Set<string>();
  /** Days that got a segment since the last merge: a long import would merge them again and again. */
  #busyDays = new Set<string>();
  /** Days of which a merge failed: they stay as they are until the archive is opened again. */
  readonly #unmerged = new Set<string>();

  constructor(options: SegmentsOptions) {
    this.#options = options;
  }

  get ids(): IdRanges {
    return this.#ids;
  }

  get bytes(): number {
    return this.#segments.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** Newest trade time, or -Infinity without a segment. */
  get newestTime(): number {
    return this.#segments.reduce((newest, { lastTime }) => Math.max(newest, lastTime), -Infinity);
  }

  /**
   * Reads what is there, and changes nothing.
   *
   * @throws Error if a file cannot be read or holds trades of another market or symbol.
   */
  async load(): Promise<void> {
    const { fs, folder, series } = this.#options;
    this.#segments = [];
    this.#broken = [];
    this.#ids = new IdRanges();
    for (const { name: day, isFolder } of await fs.list(folder)) {
      if (!isFolder || !isDay(day)) continue;
      for (const { name } of await fs.list(join(folder, day))) {
        if (parseSegmentName(name) === null) continue;
        const path = join(folder, day, name);
        const info = await this.#readInfo(path);
        if (info === null) continue;
        if (info.series.symbol !== series.symbol || info.series.market !== series.market) {
          const found = seriesText(info.series);
          throw new Error(`${path} holds ${found}; this archive is for ${seriesText(series)}`);
        }
        this.#segments.push({ ...info, path, day });
        for (const { from, to } of info.ids) this.#ids.addRange(from, to);
      }
    }
  }

  /** Finishes what a crash interrupted: temporary, broken and doubled files. */
  async tidy(): Promise<void> {
    const { fs, folder, retired, onMessage } = this.#options;
    for (const path of this.#broken) {
      await fs.rename(path, `${path}.broken`);
      onMessage(`${path} is no readable segment and was set aside as ${path}.broken`);
    }
    this.#broken = [];
    for (const { name: day, isFolder } of await fs.list(folder)) {
      if (!isFolder || !isDay(day)) continue;
      for (const { name } of await fs.list(join(folder, day))) {
        if (isTemporary(name)) await fs.remove(join(folder, day, name));
      }
    }
    for (const ofDay of Map.groupBy(this.#segments, (segment) => segment.day).values()) {
      const doubled = doubledSegments(ofDay);
      if (doubled.length === 0) continue;
      this.#segments = this.#segments.filter((segment) => !doubled.includes(segment));
      for (const { path } of doubled) retired.add(path);
    }
    await retired.remove();
  }

  /** Writes those trades that no segment holds yet, each into the day of its trade time. */
  async add(trades: readonly Trade[], series: TradeSeries): Promise<void> {
    const days = new Map<string, Trade[]>();
    const taken = new IdRanges();
    for (const trade of sortById(trades)) {
      if (this.#ids.has(trade.id) || !taken.add(trade.id)) continue;
      const day = dayOf(trade.tradeTime);
      const ofDay = days.get(day);
      if (ofDay === undefined) days.set(day, [trade]);
      else ofDay.push(trade);
    }
    for (const [day, ofDay] of days) {
      const [firstId, lastId] = [ofDay[0].id, ofDay[ofDay.length - 1].id];
      this.#enter(await this.#write(day, firstId, lastId, series, [ofDay]));
      this.#busyDays.add(day);
    }
  }

  /**
   * Makes one file of the segments of each day that is over and quiet. A day that cannot be merged,
   * because a file of it has gone bad, stays as it is: recording must go on.
   */
  async mergeFinishedDays(now: number): Promise<void> {
    const busyDays = this.#busyDays;
    this.#busyDays = new Set();
    for (const [day, ofDay] of Map.groupBy(this.#segments, (segment) => segment.day)) {
      if (busyDays.has(day) || this.#unmerged.has(day) || endOfDay(day) + LATE_MS > now) continue;
      while (ofDay.length > 0) {
        const alike = ofDay.filter((segment) => sameScales(segment.series, ofDay[0].series));
        for (const segment of alike) ofDay.splice(ofDay.indexOf(segment), 1);
        if (alike.length > 1) await this.#tryMerge(day, alike);
      }
    }
    await this.#options.retired.remove();
  }

  /** Removes the segments of days that end at or before a time; returns the ids that went. */
  async dropBefore(time: number): Promise<IdRanges> {
    const { fs, folder, retired } = this.#options;
    const old = this.#segments.filter(({ day }) => endOfDay(day) <= time);
    const dropped = IdRanges.of(old.flatMap(({ ids }) => ids));
    this.#segments = this.#segments.filter((segment) => !old.includes(segment));
    for (const { from, to } of dropped.ranges) this.#ids.remove(from, to);
    for (const { path } of old) retired.add(path);
    await retired.remove();
    for (const { name: day, isFolder } of await fs.list(folder)) {
      if (!isFolder || !isDay(day) || endOfDay(day) > time) continue;
      const dayFolder = join(folder, day);
      // Files that are still being read go later, and so does their folder.
      if ((await fs.list(dayFolder)).length > 0) continue;
      await fs.removeIfThere(dayFolder);
      this.#durableFolders.delete(dayFolder);
    }
    return dropped;
  }

  /** What holds trades of a span, in units of the archive's series. */
  sources(span: TimeSpan): TradeSource[] {
    const { fs, series } = this.#options;
    return this.#segments
      .filter(({ firstTime, lastTime }) => lastTime >= span.fromTime && firstTime < span.toTime)
      .map((segment) => ({
        firstId: segment.ids[0].from,
        batches: async function* () {
          const convert = rescaler(segment.series, series);
          for await (const batch of readTradeFile(fs, segment.path, span)) {
            yield batch.map(convert);
          }
        },
      }));
  }

  async #tryMerge(day: string, segments: readonly Segment[]): Promise<void> {
    try {
      await this.#merge(day, segments);
    } catch (error) {
      this.#unmerged.add(day);
      const path = join(this.#options.folder, day);
      this.#options.onMessage(`${path} stays in ${segments.length} files: ${errorText(error)}`);
    }
  }

  async #merge(day: string, segments: readonly Segment[]): Promise<void> {
    const { fs, retired } = this.#options;
    const ids = IdRanges.of(segments.flatMap((segment) => segment.ids));
    const batches = mergeById(segments.map((segment) => ({
      firstId: segment.ids[0].from,
      batches: () => readTradeFile(fs, segment.path),
    })));
    const firstId = ids.ranges[0].from;
    const lastId = ids.last ?? firstId;
    const merged = await this.#write(day, firstId, lastId, segments[0].series, batches, ids);
    this.#segments = this.#segments.filter((segment) => !segments.includes(segment));
    this.#enter(merged);
    // The merged file may bear the name of one that it replaced.
    for (const { path } of segments) if (path !== merged.path) retired.add(path);
  }

  /** Temporary file, fsync, rename, fsync of the folder: a segment is there whole or not at all. */
  async #write(
    day: string,
    firstId: number,
    lastId: number,
    series: TradeSeries,
    batches: AsyncIterable<Trade[]> | Iterable<Trade[]>,
    expected?: IdRanges,
  ): Promise<Segment> {
    const { fs, folder, retired } = this.#options;
    const dayFolder = join(folder, day);
    const path = join(dayFolder, segmentName(firstId, lastId));
    await this.#makeFolder(dayFolder);
    const temporary = `${path}.tmp`;
    // One that failed before and could not be removed.
    await fs.removeIfThere(temporary);
    try {
      const info = await writeTradeFile(fs, temporary, series, batches);
      if (expected !== undefined) requireSameIds(path, info.ids, expected.ranges);
      await fs.rename(temporary, path);
      await fs.syncFolder(dayFolder);
      retired.spare(path);
      return { ...info, path, day };
    } catch (error) {
      await fs.removeIfThere(temporary).catch(() => {});
      throw error;
    }
  }

  async #makeFolder(dayFolder: string): Promise<void> {
    if (this.#durableFolders.has(dayFolder)) return;
    await this.#options.fs.makeFolder(dayFolder);
    await this.#options.fs.syncFolder(this.#options.folder);
    this.#durableFolders.add(dayFolder);
  }

  #enter(segment: Segment): void {
    this.#segments = this.#segments.filter(({ path }) => path !== segment.path);
    this.#segments.push(segment);
    for (const { from, to } of segment.ids) this.#ids.addRange(from, to);
  }

  /** The footer, or null where it is none: then the ids count as missing and are fetched again. */
  async #readInfo(path: string): Promise<TradeFileInfo | null> {
    const { fs, onMessage } = this.#options;
    // Reading must work: a file system that fails is not taken for a broken file.
    (await fs.open(path)).close();
    try {
      return await readTradeFileInfo(fs, path);
    } catch (error) {
      onMessage(`${path} cannot be read: ${errorText(error)}`);
      this.#broken.push(path);
      return null;
    }
  }
}

function requireSameIds(path: string, found: readonly IdRange[], expected: readonly IdRange[]) {
  const text = (ranges: readonly IdRange[]) => ranges.map(({ from, to }) => `${from}-${to}`).join();
  if (text(found) === text(expected)) return;
  throw new Error(`${path} would hold ${text(found)} instead of ${text(expected)}`);
}
