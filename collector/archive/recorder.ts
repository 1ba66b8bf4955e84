import { join } from "node:path";
import { errorText } from "../../bus/error_text.ts";
import type { RecordingState } from "../../bus/messages.ts";
import { type IdRange, IdRanges } from "../../market/id_ranges.ts";
import type { Trade } from "../../market/types.ts";
import type { ArchiveFs } from "./archive_fs.ts";
import type { GapNote } from "./gap_notes.ts";
import { TradeArchive } from "./trade_archive.ts";
import type { TradeSeries } from "./trade_series.ts";

export interface RecorderOptions {
  readonly fs: ArchiveFs;
  /** Holds a folder for each symbol. */
  readonly folder: string;
  /** Any clock in ms that nobody sets. */
  readonly now: () => number;
  /** Trades that could not be kept while nothing could be written: fetch them again. */
  readonly onLost: (symbol: string, lost: readonly IdRange[]) => void;
  readonly onMessage: (message: string) => void;
  /** Trades that wait for the disk, of all symbols together; beyond it they are let go. */
  readonly maxWaiting?: number;
}

interface Recorded {
  readonly series: TradeSeries;
  archive: TradeArchive | null;
  waiting: Trade[];
  notes: GapNote[];
  /** Ids let go because too many waited. */
  lost: IdRanges;
  /** Why nothing can be written, and when that is tried again. */
  failure: { readonly message: string; readonly retryAt: number } | null;
}

/** After a failure the disk is tried again so often. */
const RETRY_MS = 5_000;
const MAINTAIN_MS = 10_000;
const MAX_WAITING = 300_000;

/**
 * Keeps trades of several symbols on the disk. When the disk refuses, trades wait in memory, the
 * state says so, and recording resumes by itself; what did not fit is asked for again. Files of one
 * symbol that cannot be used hold up no other.
 */
export class Recorder {
  readonly #options: RecorderOptions;
  readonly #symbols = new Map<string, Recorded>();
  #maintainedAt = -Infinity;
  /** One change of the files after the other. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: RecorderOptions) {
    this.#options = options;
  }

  get state(): RecordingState {
    const bytes = this.#archives().reduce((sum, archive) => sum + archive.bytes, 0);
    const failures = this.#failures();
    if (failures.length > 0) return { state: "stopped", message: failures.join("; "), bytes };
    return { state: "recording", message: `Recording to ${this.#options.folder}`, bytes };
  }

  /** Trades that wait for the disk. */
  get waiting(): number {
    return [...this.#symbols.values()].reduce((sum, { waiting }) => sum + waiting.length, 0);
  }

  /**
   * Begins to record a symbol; what was left behind is put in order first. A disk that refuses is
   * no error here: it is the state, and opening is tried again.
   */
  open(series: TradeSeries): Promise<void> {
    const recorded: Recorded = {
      series,
      archive: null,
      waiting: [],
      notes: [],
      lost: new IdRanges(),
      failure: null,
    };
    // At once: trades may follow before the files are open.
    this.#symbols.set(series.symbol, recorded);
    return this.#alone(async () => {
      await this.#trying(recorded, () => this.#openArchive(recorded));
    });
  }

  take(symbol: string, trades: readonly Trade[]): void {
    const recorded = this.#recorded(symbol);
    for (const trade of trades) recorded.waiting.push(trade);
    if (this.waiting <= (this.#options.maxWaiting ?? MAX_WAITING)) return;
    for (const { id } of recorded.waiting) recorded.lost.add(id);
    recorded.waiting = [];
  }

  note(symbol: string, note: GapNote): void {
    this.#recorded(symbol).notes.push(note);
  }

  /** Writes what waits and returns when it is on the disk, or when the disk refused. */
  flush(): Promise<void> {
    return this.#alone(async () => {
      const { now } = this.#options;
      for (const [symbol, recorded] of this.#symbols) {
        if (recorded.failure !== null && now() < recorded.failure.retryAt) continue;
        const isWell = await this.#trying(recorded, () => this.#write(recorded));
        if (isWell) this.#tellLost(symbol, recorded);
      }
      if (now() - this.#maintainedAt < MAINTAIN_MS) return;
      this.#maintainedAt = now();
      await this.#tryingEach((archive) => archive.maintain(now()));
    });
  }

  /** Removes the archived trades of the UTC days that end at or before a time. */
  drop(before: number): Promise<void> {
    return this.#alone(() => this.#tryingEach((archive) => archive.dropBefore(before)));
  }

  /** Archived trades at or after a time, ascending by id. */
  async *read(symbol: string, fromTime: number): AsyncGenerator<Trade[]> {
    const { archive } = this.#recorded(symbol);
    if (archive !== null) yield* archive.read({ fromTime, toTime: Infinity });
  }

  /** The newest id and trade time on the disk, or null. */
  newest(symbol: string): { readonly id: number; readonly tradeTime: number } | null {
    const { archive } = this.#recorded(symbol);
    const id = archive?.ids.last ?? null;
    const tradeTime = archive?.newestTime ?? null;
    return id === null || tradeTime === null ? null : { id, tradeTime };
  }

  /** Writes what waits and closes all files. */
  async close(): Promise<void> {
    await this.flush();
    await this.#alone(() => {
      for (const archive of this.#archives()) archive.close();
    });
  }

  async #write(recorded: Recorded): Promise<void> {
    const archive = await this.#openArchive(recorded);
    // More may come while the disk is busy.
    const { waiting, notes } = recorded;
    recorded.waiting = [];
    recorded.notes = [];
    try {
      await archive.write(waiting, this.#options.now());
      if (notes.length > 0) await archive.note(notes);
    } catch (error) {
      // What was written in spite of the failure is found again by its ids.
      recorded.waiting = waiting.concat(recorded.waiting);
      recorded.notes = notes.concat(recorded.notes);
      throw error;
    }
  }

  async #openArchive(recorded: Recorded): Promise<TradeArchive> {
    if (recorded.archive !== null) return recorded.archive;
    const { fs, folder, onMessage } = this.#options;
    const { series } = recorded;
    const path = join(folder, series.symbol);
    recorded.archive = await TradeArchive.open({ fs, folder: path, series, onMessage });
    return recorded.archive;
  }

  async #tryingEach(change: (archive: TradeArchive) => Promise<void>): Promise<void> {
    for (const recorded of this.#symbols.values()) {
      const { archive } = recorded;
      if (archive !== null) await this.#trying(recorded, () => change(archive));
    }
  }

  /** A failure closes the archive: what the disk holds is looked at again before more is written. */
  async #trying(recorded: Recorded, change: () => Promise<unknown>): Promise<boolean> {
    const { now, onMessage } = this.#options;
    const wasWell = recorded.failure === null;
    try {
      await change();
    } catch (error) {
      const message = errorText(error);
      // A full disk is the same failure for every symbol.
      if (!this.#failures().includes(message)) onMessage(`Recording stopped: ${message}`);
      recorded.failure = { message, retryAt: now() + RETRY_MS };
      recorded.archive?.close();
      recorded.archive = null;
      return false;
    }
    recorded.failure = null;
    if (!wasWell && this.#failures().length === 0) onMessage("Recording goes on");
    return true;
  }

  #tellLost(symbol: string, recorded: Recorded): void {
    if (recorded.lost.last === null) return;
    const { ranges } = recorded.lost;
    recorded.lost = new IdRanges();
    this.#options.onLost(symbol, ranges);
  }

  /** What stops the recording of symbols, each reason once. */
  #failures(): string[] {
    const messages = [...this.#symbols.values()].flatMap(({ failure }) => failure?.message ?? []);
    return [...new Set(messages)];
  }

  #archives(): TradeArchive[] {
    return [...this.#symbols.values()].flatMap(({ archive }) => archive ?? []);
  }

  #recorded(symbol: string): Recorded {
    const recorded = this.#symbols.get(symbol);
    if (recorded !== undefined) return recorded;
    throw new Error(`${symbol} is not recorded: open it first`);
  }

  #alone<T>(change: () => T | Promise<T>): Promise<T> {
    const result = this.#last.then(change);
    this.#last = result.catch(() => {});
    return result;
  }
}
