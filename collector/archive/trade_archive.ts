import { join } from "node:path";
import { IdRanges } from "../../market/id_ranges.ts";
import type { Trade } from "../../market/types.ts";
import { type ArchiveFs, readWhole } from "./archive_fs.ts";
import { type GapNote, GapNotes } from "./gap_notes.ts";
import { Journal } from "./journal.ts";
import { decodeJournal } from "./journal_format.ts";
import { mergeById, sourceOf, type TradeSource } from "./merge_by_id.ts";
import type { TimeSpan } from "./parquet_file.ts";
import { RetiredFiles } from "./retired_files.ts";
import { isJournal, journalName, journalNumber } from "./segment_name.ts";
import { Segments } from "./segments.ts";
import { rescaler, type TradeSeries } from "./trade_series.ts";

export interface TradeArchiveOptions {
  readonly fs: ArchiveFs;
  /** `trades/SYMBOL`; made when it is not there. */
  readonly folder: string;
  readonly series: TradeSeries;
  /** What a person should know: files set aside, damaged parts. */
  readonly onMessage: (message: string) => void;
}

/** A journal becomes a segment when it holds so many trades, or is so old. */
const ROLL_TRADES = 100_000;
const ROLL_MS = 3_600_000;

/**
 * All recorded trades of one symbol: Parquet segments by UTC day, and the journal of the newest.
 * Every id is there once. Callers let one change after the other run, never two at once; any
 * failure leaves what was there, and after it the archive is opened anew.
 */
export class TradeArchive {
  readonly #options: TradeArchiveOptions;
  readonly #retired: RetiredFiles;
  readonly #segments: Segments;
  readonly #notes: GapNotes;
  readonly #ids = new IdRanges();
  /** Closed journals that are not yet in segments, oldest first. */
  #sealed: string[] = [];
  #journal: Journal | null = null;
  #journalNumber = 0;
  #journalSince = 0;
  #newestTime = -Infinity;

  private constructor(options: TradeArchiveOptions, notes: GapNotes, retired: RetiredFiles) {
    this.#options = options;
    this.#notes = notes;
    this.#retired = retired;
    this.#segments = new Segments({ ...options, retired });
  }

  /**
   * Opens what is there, finishes what a crash interrupted, and makes segments of the journals left
   * behind.
   *
   * @throws Error if files belong to another series, or the file system fails.
   */
  static async open(options: TradeArchiveOptions): Promise<TradeArchive> {
    const { fs, folder } = options;
    await fs.makeFolder(folder);
    const notes = await GapNotes.load(fs, folder);
    const archive = new TradeArchive(options, notes, new RetiredFiles(fs));
    await archive.#load();
    return archive;
  }

  /** Ids of which the trade is on the disk. */
  get ids(): IdRanges {
    return this.#ids;
  }

  /** Newest trade time on the disk, or null when there is no trade. */
  get newestTime(): number | null {
    return this.#newestTime === -Infinity ? null : this.#newestTime;
  }

  get notes(): readonly GapNote[] {
    return this.#notes.all;
  }

  /** Size of the segments and the journal. */
  get bytes(): number {
    return this.#segments.bytes + (this.#journal?.durableBytes ?? 0);
  }

  /** Keeps those trades that are not held yet, and returns when they are on the disk. */
  async write(trades: readonly Trade[], now: number): Promise<void> {
    const taken = new IdRanges();
    const fresh = trades.filter(({ id }) => !this.#ids.has(id) && taken.add(id));
    if (fresh.length === 0) return;
    this.#journal ??= await this.#newJournal(now);
    this.#journal.append(fresh);
    await this.#journal.flush();
    for (const { id, tradeTime } of fresh) {
      this.#ids.add(id);
      this.#newestTime = Math.max(this.#newestTime, tradeTime);
    }
  }

  /** Keeps why ids are missing. */
  async note(notes: readonly GapNote[]): Promise<void> {
    await this.#notes.add(notes, this.#ids);
  }

  /**
   * Keeps a note for every hole that nobody has told of, so that no id is missing without one, and
   * drops those that have been filled.
   */
  async noteHoles(reason = "found missing in the archive"): Promise<void> {
    const noted = IdRanges.of(
      this.#notes.all.map(({ fromId, toId }) => ({ from: fromId, to: toId })),
    );
    const untold = this.#ids.holes().flatMap(({ from, to }) => noted.missing(from, to));
    const time = this.newestTime ?? 0;
    await this.note(untold.map(({ from, to }) => ({ fromId: from, toId: to, reason, time })));
  }

  /** Removes the trades of the UTC days that end at or before a time. */
  async dropBefore(time: number): Promise<void> {
    const dropped = await this.#segments.dropBefore(time);
    for (const { from, to } of dropped.ranges) this.#ids.remove(from, to);
    // At the border of two days, ids and times need not agree.
    await this.noteHoles("older trades were dropped");
  }

  /** Makes segments of a journal that is full or old, and one file of each day that is over. */
  async maintain(now: number): Promise<void> {
    const journal = this.#journal;
    if (
      journal !== null &&
      (journal.durableTrades >= ROLL_TRADES || now - this.#journalSince >= ROLL_MS)
    ) {
      journal.close();
      this.#sealed.push(journal.path);
      this.#journal = null;
    }
    await this.#compactSealed();
    await this.noteHoles();
    // By the exchange's time: the local clock may be wrong by hours.
    if (this.#newestTime > 0) await this.#segments.mergeFinishedDays(this.#newestTime);
  }

  /** Trades of a span ascending by id, in units of the series this archive was opened for. */
  async *read(span: TimeSpan): AsyncGenerator<Trade[]> {
    const release = this.#retired.hold();
    try {
      const journals: TradeSource[] = [];
      for (const path of this.#sealed) journals.push(...await this.#journalSource(path));
      if (this.#journal !== null) {
        const { path, durableBytes } = this.#journal;
        journals.push(...await this.#journalSource(path, durableBytes));
      }
      for await (const batch of mergeById([...this.#segments.sources(span), ...journals])) {
        const wanted = batch.filter(({ tradeTime }) =>
          tradeTime >= span.fromTime && tradeTime < span.toTime
        );
        if (wanted.length > 0) yield wanted;
      }
    } finally {
      release();
    }
  }

  close(): void {
    this.#journal?.close();
    this.#journal = null;
  }

  async #load(): Promise<void> {
    const { fs, folder } = this.#options;
    await this.#segments.load();
    await this.#segments.tidy();
    const journals: { readonly name: string; readonly number: number }[] = [];
    for (const { name } of await fs.list(folder)) {
      const number = journalNumber(name) ?? 0;
      this.#journalNumber = Math.max(this.#journalNumber, number);
      if (isJournal(name)) journals.push({ name, number });
    }
    // Names are sorted as texts, journals as numbers.
    journals.sort((a, b) => a.number - b.number);
    this.#sealed = journals.map(({ name }) => join(folder, name));
    await this.#compactSealed();
    for (const { from, to } of this.#segments.ids.ranges) this.#ids.addRange(from, to);
    this.#newestTime = Math.max(this.#newestTime, this.#segments.newestTime);
    await this.noteHoles();
  }

  async #compactSealed(): Promise<void> {
    const { fs, folder } = this.#options;
    while (this.#sealed.length > 0) {
      await this.#compact(this.#sealed[0]);
      this.#sealed.shift();
      await fs.syncFolder(folder);
    }
  }

  /** Trades of a journal -> segments; then the journal can go. */
  async #compact(path: string): Promise<void> {
    const { fs, onMessage } = this.#options;
    const content = decodeJournal(await readWhole(fs, path));
    switch (content.type) {
      case "unborn":
        return await fs.remove(path);
      case "foreign":
        onMessage(`${path} was set aside as ${path}.aside: ${content.reason}`);
        return await fs.rename(path, `${path}.aside`);
      case "trades":
        for (const { offset, length, isTail } of content.damage) {
          const what = isTail ? "a write that was cut off" : "a damaged part";
          onMessage(`${path}: left out ${what}, ${length} bytes at byte ${offset}`);
        }
        await this.#segments.add(content.trades, content.series);
        return await fs.remove(path);
      default:
        content satisfies never;
    }
  }

  async #newJournal(now: number): Promise<Journal> {
    const { fs, folder, series } = this.#options;
    const path = join(folder, journalName(++this.#journalNumber));
    const journal = await Journal.create(fs, path, series);
    this.#journalSince = now;
    await fs.syncFolder(folder);
    return journal;
  }

  async #journalSource(path: string, until?: number): Promise<TradeSource[]> {
    const content = decodeJournal(await readWhole(this.#options.fs, path, until));
    if (content.type !== "trades") return [];
    return sourceOf(content.trades.map(rescaler(content.series, this.#options.series)));
  }
}
