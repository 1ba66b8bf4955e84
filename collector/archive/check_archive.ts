import { join } from "node:path";
import { errorText } from "../../bus/error_text.ts";
import { IdRanges } from "../../market/id_ranges.ts";
import { type ArchiveFs, readWhole } from "./archive_fs.ts";
import { doubledSegments } from "./doubled_segments.ts";
import { type GapNote, GapNotes } from "./gap_notes.ts";
import { decodeJournal } from "./journal_format.ts";
import { readTradeFile, readTradeFileInfo, type TradeFileInfo } from "./parquet_file.ts";
import { dayOf, isDay, isJournal, isTemporary, parseSegmentName } from "./segment_name.ts";
import { seriesText, type TradeSeries } from "./trade_series.ts";

/** What the archive of one symbol holds, and what is wrong with it. */
export interface ArchiveReport {
  readonly folder: string;
  /** The first series that was found, or null when there is no trade. */
  readonly series: TradeSeries | null;
  readonly trades: number;
  readonly firstId: number | null;
  readonly lastId: number | null;
  readonly segments: number;
  readonly journals: number;
  readonly bytes: number;
  /** Holes that are known, each with its reason. */
  readonly knownGaps: readonly GapNote[];
  /** Things a person may want to know, which the next start puts in order. */
  readonly remarks: readonly string[];
  /** What should not be so, a sentence each. */
  readonly defects: readonly string[];
}

interface Found extends TradeFileInfo {
  readonly path: string;
  readonly name: string;
}

/** Reads every row of a symbol's archive and changes nothing. */
export async function checkArchive(fs: ArchiveFs, folder: string): Promise<ArchiveReport> {
  return await new Check(fs, folder).run();
}

class Check {
  readonly #fs: ArchiveFs;
  readonly #folder: string;
  readonly #ids = new IdRanges();
  readonly #defects: string[] = [];
  readonly #remarks: string[] = [];
  #series: TradeSeries | null = null;
  #segments = 0;
  #journals = 0;
  #bytes = 0;

  constructor(fs: ArchiveFs, folder: string) {
    this.#fs = fs;
    this.#folder = folder;
  }

  async run(): Promise<ArchiveReport> {
    for (const { name, isFolder } of await this.#fs.list(this.#folder)) {
      if (isFolder && isDay(name)) await this.#checkDay(name);
    }
    for (const { name, isFolder } of await this.#fs.list(this.#folder)) {
      if (!isFolder) await this.#checkOther(name);
    }
    const ids = this.#ids;
    const knownGaps = await this.#checkHoles();
    return {
      folder: this.#folder,
      series: this.#series,
      trades: ids.ranges.reduce((sum, { from, to }) => sum + (to - from + 1), 0),
      firstId: ids.ranges[0]?.from ?? null,
      lastId: ids.last,
      segments: this.#segments,
      journals: this.#journals,
      bytes: this.#bytes,
      knownGaps,
      remarks: this.#remarks,
      defects: this.#defects,
    };
  }

  async #checkDay(day: string): Promise<void> {
    const segments: Found[] = [];
    for (const { name } of await this.#fs.list(join(this.#folder, day))) {
      const path = join(this.#folder, day, name);
      if (isTemporary(name)) this.#remarks.push(`${path} was cut off while it was written`);
      else if (parseSegmentName(name) === null) this.#defects.push(`${path} is no segment`);
      else {
        this.#segments++;
        const info = await this.#reading(path, () => readTradeFileInfo(this.#fs, path));
        if (info !== null) segments.push({ ...info, path, name });
      }
    }
    const doubled = doubledSegments(segments);
    for (const segment of segments) {
      this.#bytes += segment.bytes;
      if (!doubled.includes(segment)) await this.#checkSegment(segment, day);
      else this.#remarks.push(`${segment.path} was merged into another file, and goes`);
    }
  }

  async #checkSegment(info: Found, day: string): Promise<void> {
    const { path, name } = info;
    await this.#reading(path, async () => {
      this.#checkSeries(path, info.series);
      const read = new IdRanges();
      let lastId = -1;
      const wrong = { order: 0, day: 0, twice: 0 };
      for await (const batch of readTradeFile(this.#fs, path)) {
        for (const { id, tradeTime } of batch) {
          if (id <= lastId) wrong.order++;
          if (dayOf(tradeTime) !== day) wrong.day++;
          if (!this.#ids.add(id)) wrong.twice++;
          read.add(id);
          lastId = id;
        }
      }
      if (wrong.order > 0) this.#defects.push(`${path}: ${wrong.order} ids do not ascend`);
      if (wrong.day > 0) this.#defects.push(`${path}: ${wrong.day} trades are of another day`);
      if (wrong.twice > 0) this.#defects.push(`${path}: ${wrong.twice} ids are there twice`);
      if (JSON.stringify(read.ranges) !== JSON.stringify(info.ids)) {
        this.#defects.push(`${path}: its metadata names other ids than its rows`);
      }
      const promised = parseSegmentName(name);
      if (promised?.firstId !== read.ranges[0]?.from || promised?.lastId !== read.last) {
        this.#defects.push(`${path}: its name is not that of its ids`);
      }
    });
  }

  /** What a file gives, or null when it cannot be read. */
  async #reading<T>(path: string, read: () => Promise<T>): Promise<T | null> {
    try {
      return await read();
    } catch (error) {
      this.#defects.push(`${path} cannot be read: ${errorText(error)}`);
      return null;
    }
  }

  async #checkOther(name: string): Promise<void> {
    const path = join(this.#folder, name);
    if (name.endsWith(".aside") || name.endsWith(".broken")) {
      this.#defects.push(`${path} was set aside: what it held is not in the archive`);
    }
    if (!isJournal(name)) return;
    this.#journals++;
    const bytes = await readWhole(this.#fs, path);
    this.#bytes += bytes.length;
    const content = decodeJournal(bytes);
    if (content.type === "foreign") this.#defects.push(`${path}: ${content.reason}`);
    if (content.type !== "trades") return;
    this.#checkSeries(path, content.series);
    for (const { offset, length, isTail } of content.damage) {
      if (isTail) this.#remarks.push(`${path}: its last ${length} bytes are a write cut off`);
      else this.#defects.push(`${path}: ${length} bytes at byte ${offset} are damaged`);
    }
    // A journal whose segment was just written is left behind by a crash: no trade counts twice.
    for (const { id } of content.trades) this.#ids.add(id);
  }

  /** The known holes; an unknown one is a defect. */
  async #checkHoles(): Promise<GapNote[]> {
    let notes: readonly GapNote[] = [];
    try {
      notes = (await GapNotes.load(this.#fs, this.#folder)).all;
    } catch (error) {
      this.#defects.push(errorText(error));
    }
    const noted = IdRanges.of(notes.map(({ fromId, toId }) => ({ from: fromId, to: toId })));
    for (const hole of this.#ids.holes()) {
      for (const { from, to } of noted.missing(hole.from, hole.to)) {
        this.#defects.push(
          `${this.#folder}: ids ${from} to ${to} are missing, and no gap record says so`,
        );
      }
    }
    return notes.filter(({ fromId, toId }) => !this.#ids.covers(fromId, toId));
  }

  #checkSeries(path: string, series: TradeSeries): void {
    const { symbol, market } = this.#series ?? series;
    this.#series ??= series;
    if (series.symbol === symbol && series.market === market) return;
    this.#defects.push(`${path} holds ${seriesText(series)} beside ${market} ${symbol}`);
  }
}
