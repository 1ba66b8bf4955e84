import { setTimeout as delay } from "node:timers/promises";
import type { FeedNoticeEvent } from "../bus/messages.ts";
import type { HistoryHealth } from "../bus/queries.ts";
import type { RetentionSettings } from "../bus/retention.ts";
import { errorText } from "../bus/error_text.ts";
import { GapRecorder } from "./gap_recorder.ts";
import type { HistoryReader, HistoryStorage, Recorded, WallStorage } from "./history_storage.ts";
import { LiquidityRecorder } from "./liquidity_recorder.ts";
import { Retention } from "./retention.ts";
import type { RollupFiller } from "./store/rollup_filler.ts";
import { RollupRecorder } from "./store/rollup_recorder.ts";
import type { SymbolState } from "./symbol_state.ts";

export interface HistoryOptions {
  readonly open: () => Promise<HistoryStorage>;
  readonly states: () => Iterable<SymbolState>;
  readonly retention: RetentionSettings;
  /** What a person should know of it. */
  readonly notice: (level: FeedNoticeEvent["level"], message: string) => void;
}

/** A storage in use, and what works on it alone. */
interface Opened {
  readonly storage: HistoryStorage;
  readonly rollups: RollupRecorder;
  readonly retention: Retention;
  close(): Promise<void>;
}

/** A crash loses at most so much, the time of a turn, and the second that is under way. */
const EVERY_MS = 500;
/** What is only in the archive may wait longer than what would be lost. */
const FILL_MS = 300;
const RETAIN_EVERY_MS = 60_000;
/** After a failure the disk is tried again so often. */
const RETRY_MS = 10_000;

/**
 * Keeps what the processor knows in its database, off the live path. When that fails the live chart
 * goes on, a person is told, and it is tried again.
 */
export class History implements HistoryReader {
  readonly #options: HistoryOptions;
  readonly #gaps = new GapRecorder();
  readonly #liquidity = new LiquidityRecorder();
  readonly #triedToOpen = Promise.withResolvers<void>();
  #opened: Opened | null = null;
  readonly #answers = new Set<Promise<unknown>>();
  #failure: string | null = null;
  #fillFailure: string | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** One turn after the other. */
  #turn: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor(options: HistoryOptions) {
    this.#options = options;
    this.#schedule(0);
  }

  /** Writes what is not written yet and closes the database. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    await this.#turn;
    for (const { walls } of this.#options.states()) walls.close();
    await this.#write();
    await this.#closeStorage();
  }

  /** An answer that may read what is recorded: the database stays open until it is there. */
  hold<T>(answer: Promise<T>): Promise<T> {
    this.#answers.add(answer);
    const done = () => void this.#answers.delete(answer);
    answer.then(done, done);
    return answer;
  }

  get health(): HistoryHealth {
    const storage = this.#opened?.retention.status ?? null;
    if (this.#failure !== null) return { state: "stopped", message: this.#failure, storage };
    return { state: "recording", message: "", storage };
  }

  /** With a disk that fails, what memory holds is still worth an answer. */
  async recorded(): Promise<Recorded | null> {
    await this.#triedToOpen.promise;
    return this.#opened?.storage.recorded ?? null;
  }

  #schedule(ms: number): void {
    if (this.#isClosed) return;
    this.#timer = setTimeout(() => {
      this.#turn = this.#write().then(() =>
        this.#schedule(this.#failure === null ? EVERY_MS : RETRY_MS)
      );
    }, ms);
  }

  async #write(): Promise<void> {
    const { open, states, notice } = this.#options;
    try {
      const { storage, rollups } = this.#opened ??= this.#use(await open());
      for (const state of states()) await this.#gaps.restore(storage.gaps, state);
      this.#triedToOpen.resolve();
      // First: the ledger tells until when a book was known, and so much must be there.
      await this.#liquidity.record(storage.liquidity, states());
      for (const state of states()) {
        await this.#gaps.record(storage.gaps, state);
        await keepWalls(storage.walls, state);
        await rollups.record(state, this.#isClosed);
      }
      if (this.#failure !== null) notice("info", "The history is recorded again");
      this.#failure = null;
      if (!this.#isClosed) await this.#fill(storage.filler);
    } catch (error) {
      const message = errorText(error);
      if (message !== this.#failure) notice("error", `The history is not recorded: ${message}`);
      this.#failure = message;
      this.#triedToOpen.resolve();
      // After a full disk DuckDB refuses everything until it is opened anew; so it cannot be closed
      // in order either.
      await this.#closeStorage().catch(() => {});
    }
  }

  /** A query that runs when DuckDB is closed ends the whole process. */
  async #closeStorage(): Promise<void> {
    const opened = this.#opened;
    this.#opened = null;
    await Promise.allSettled(this.#answers);
    await opened?.close();
  }

  #use(storage: HistoryStorage): Opened {
    const { retention: settings, states, notice } = this.#options;
    const tradesBytes = () => {
      // Every symbol tells the size of the whole archive.
      const sizes = [...states()].map(({ status }) => status?.recording?.bytes ?? 0);
      return Math.max(0, ...sizes);
    };
    const retention = new Retention({ storage: storage.retention, settings, tradesBytes, notice });
    const stop = new AbortController();
    const retaining = this.#retain(retention, stop.signal);
    return {
      storage,
      rollups: new RollupRecorder(storage.rollups),
      retention,
      async close() {
        stop.abort();
        await retaining;
        await storage.close();
      },
    };
  }

  /** Dropping takes longer than a turn may, and goes on beside them. */
  async #retain(retention: Retention, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await retention.run(signal);
      } catch (error) {
        if (signal.aborted) return;
        this.#options.notice("warning", `Old history is not dropped: ${errorText(error)}`);
      }
      await delay(RETAIN_EVERY_MS, undefined, { signal }).catch(() => {});
    }
  }

  /** As much as fits between two turns: a long stop has left a lot. */
  async #fill(filler: RollupFiller): Promise<void> {
    const end = performance.now() + FILL_MS;
    let waiting = [...this.#options.states()];
    try {
      while (waiting.length > 0 && performance.now() < end) {
        const more: SymbolState[] = [];
        for (const state of waiting) if (await filler.step(state)) more.push(state);
        waiting = more;
      }
      this.#fillFailure = null;
    } catch (error) {
      // An archive that cannot be read must not keep what is new from being recorded.
      const message = errorText(error);
      if (message === this.#fillFailure) return;
      this.#options.notice("warning", `The footprints lack a part of the archive: ${message}`);
      this.#fillFailure = message;
    }
  }
}

async function keepWalls(storage: WallStorage, { symbol, walls }: SymbolState): Promise<void> {
  const ended = walls.takeEnded();
  if (ended.length === 0) return;
  try {
    await storage.save(symbol, ended);
  } catch (error) {
    walls.giveBack(ended);
    throw error;
  }
}
