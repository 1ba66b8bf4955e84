import { errorText } from "../bus/error_text.ts";
import type { MarketKind } from "../market/types.ts";
import { RawDayFiles } from "./raw_day_files.ts";
import { dayOf, type RawLine, rawLines } from "./raw_line.ts";

type Timer = ReturnType<typeof setTimeout>;

export interface RawRecorderOptions {
  readonly folder: string;
  readonly market: MarketKind;
  /** Every symbol of the feed; one feed has one recorder. */
  readonly symbols: readonly string[];
  /** Once when recording stops, not for every frame that is dropped then. */
  readonly onProblem: (message: string) => void;
  readonly onRecovered?: (message: string) => void;
  /**
   * What is recorded from here on lacks a snapshot: a new file began while the feed goes on, or
   * frames were dropped. Fetch the depth of every symbol and hand it to `takeSnapshot`.
   */
  readonly onSnapshotsNeeded?: () => void;
  /** Local time in ms. */
  readonly now?: () => number;
  readonly maxQueuedChars?: number;
  readonly setTimer?: (run: () => void, ms: number) => Timer;
  readonly clearTimer?: (timer: Timer) => void;
}

export interface RawRecorder {
  /** One frame as it was received. Never waits and never throws. */
  take(text: string): void;
  /** The body of a REST answer for a symbol's depth, as it was received. */
  takeSnapshot(symbol: string, bodyText: string): void;
  /** Frames and snapshots that did not get into a file. */
  readonly droppedFrames: number;
  /** Writes what waits, without ending the file. */
  flush(): Promise<void>;
  /** Writes what waits and ends the file; what is taken later is ignored. */
  close(): Promise<void>;
}

/** A crash loses at most so much. */
export const FLUSH_EVERY_MS = 1000;
const FLUSH_CHARS = 1_000_000;
export const RETRY_MS = 10_000;
/** Some minutes of a busy feed of many symbols. */
const MAX_QUEUED_CHARS = 32_000_000;

/**
 * Records a feed exactly as received, in the format of captures (`--record-raw`).
 *
 * One file per feed, start and UTC day of local time: MARKET_SYMBOL_TIME.gz, MARKET_TIME.gz for
 * several symbols, e.g. spot_btcusdt_20261123T031000Z.gz; -2, -3... where that exists already. A snapshot is a line with the bare REST answer; among several symbols it is
 * wrapped as `{"stream":"btcusdt@depthSnapshot","data":...}`, because it does not name its own.
 */
export function openRawRecorder(options: RawRecorderOptions): RawRecorder {
  return new Recorder(options);
}

class Recorder implements RawRecorder {
  readonly #options: RawRecorderOptions;
  readonly #toLine: (text: string) => RawLine;
  readonly #files: RawDayFiles;
  readonly #maxQueuedChars: number;
  #queue: RawLine[] = [];
  #queuedChars = 0;
  #dropped = 0;
  /** Frames dropped before the present trouble; null while all is well. */
  #droppedBefore: number | null = null;
  /** Takes nothing: a file failed a moment ago, or the queue was full and must be empty first. */
  #isDropping = false;
  #needsSnapshots = false;
  #isClosed = false;
  #writing: Promise<void> | null = null;
  #flushTimer: Timer | null = null;
  #retryTimer: Timer | null = null;

  constructor(options: RawRecorderOptions) {
    this.#options = options;
    const { folder, market, symbols } = options;
    const name = symbols.length === 1 ? `${market}_${symbols[0].toLowerCase()}` : market;
    this.#files = new RawDayFiles(folder, name);
    this.#toLine = rawLines(options.now);
    this.#maxQueuedChars = options.maxQueuedChars ?? MAX_QUEUED_CHARS;
  }

  get droppedFrames(): number {
    return this.#dropped;
  }

  take(text: string): void {
    if (this.#isClosed) return;
    if (this.#isDropping) return void this.#dropped++;
    if (this.#queuedChars + text.length > this.#maxQueuedChars) {
      this.#dropped++;
      this.#isDropping = true;
      return this.#report("the disk is too slow: frames are dropped until it has caught up", 1);
    }
    const line = this.#toLine(text);
    this.#queue.push(line);
    this.#queuedChars += line.line.length;
    if (this.#queuedChars >= FLUSH_CHARS) void this.flush();
    else this.#flushTimer ??= this.#setTimer(() => void this.flush(), FLUSH_EVERY_MS);
  }

  takeSnapshot(symbol: string, bodyText: string): void {
    if (this.#options.symbols.length === 1) return this.take(bodyText);
    this.take(`{"stream":"${symbol.toLowerCase()}@depthSnapshot","data":${bodyText}}`);
  }

  flush(): Promise<void> {
    this.#clearTimer(this.#flushTimer);
    this.#flushTimer = null;
    this.#writing ??= this.#writeAll().finally(() => this.#writing = null);
    return this.#writing;
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#clearTimer(this.#retryTimer);
    await this.flush();
    try {
      await this.#files.end();
    } catch (error) {
      this.#report(errorText(error), 0);
    }
  }

  async #writeAll(): Promise<void> {
    while (this.#queue.length > 0) {
      const lines = this.#nextLines();
      try {
        if (await this.#files.write(lines)) this.#needsSnapshots = true;
      } catch (error) {
        return await this.#fail(error, lines.length);
      }
      for (const { line } of lines) this.#queuedChars -= line.length;
      if (this.#queue.length === 0) this.#isDropping = false;
      if (!this.#isDropping) this.#recover();
    }
  }

  /** The oldest lines of the queue that one write takes, all of the same day. */
  #nextLines(): RawLine[] {
    const day = dayOf(this.#queue[0].time);
    let count = 0;
    for (let chars = 0; count < this.#queue.length && chars < FLUSH_CHARS; count++) {
      const { time, line } = this.#queue[count];
      if (dayOf(time) !== day) break;
      chars += line.length;
    }
    return this.#queue.splice(0, count);
  }

  /** Gives the file up, and tries anew with another one later. */
  async #fail(error: unknown, lost: number): Promise<void> {
    const frames = lost + this.#queue.splice(0).length;
    this.#queuedChars = 0;
    this.#isDropping = true;
    this.#dropped += frames;
    this.#report(errorText(error), frames);
    await this.#files.abandon();
    if (this.#isClosed) return;
    this.#retryTimer = this.#setTimer(() => this.#isDropping = false, RETRY_MS);
  }

  #report(reason: string, droppedNow: number): void {
    this.#needsSnapshots = true;
    if (this.#droppedBefore !== null) return;
    this.#droppedBefore = this.#dropped - droppedNow;
    this.#options.onProblem(`Raw frames are not recorded: ${reason}`);
  }

  #recover(): void {
    if (this.#droppedBefore !== null) {
      const frames = this.#dropped - this.#droppedBefore;
      this.#droppedBefore = null;
      const { path } = this.#files;
      this.#options.onRecovered?.(
        `Raw frames are recorded to ${path} again; ${frames} are missing`,
      );
    }
    if (!this.#needsSnapshots) return;
    this.#needsSnapshots = false;
    this.#options.onSnapshotsNeeded?.();
  }

  #setTimer(run: () => void, ms: number): Timer {
    return (this.#options.setTimer ?? setTimeout)(run, ms);
  }

  #clearTimer(timer: Timer | null): void {
    if (timer !== null) (this.#options.clearTimer ?? clearTimeout)(timer);
  }
}
