import { setTimeout as delay } from "node:timers/promises";
import type { FeedNoticeEvent } from "../bus/messages.ts";
import type { HistoryHealth } from "../bus/queries.ts";
import type { RetentionSettings } from "../bus/retention.ts";
import { errorText } from "../bus/error_text.ts";
import { GapRecorder, type GapStorage } from "./gap_recorder.ts";
import { LiquidityRecorder, type LiquidityStorage } from "./liquidity_recorder.ts";
import type { Wall } from "../market/wall.ts";
import { Retention, type RetentionStorage } from "./retention.ts";
import type { ArchivedTrades } from "./store/archived_trades.ts";
import type { LiquidityReader } from "./store/liquidity_reader.ts";
import type { RollupFiller } from "./store/rollup_filler.ts";
import { RollupRecorder, type RollupStorage } from "./store/rollup_recorder.ts";
import type { RollupStore } from "./store/rollup_store.ts";
import type { RollupSeries } from "./store/rollup_symbols.ts";
import type { WallsStore } from "./store/walls_store.ts";
import type { SymbolState } from "./symbol_state.ts";

/** Where walls that have ended are kept. */
export interface WallStorage {
  save(symbol: string, walls: readonly Wall[]): Promise<void>;
}

/** What is on the disk, for answers: they neither wait for a write, nor see half of one. */
export interface Recorded {
  readonly liquidity: LiquidityReader;
  readonly walls: Pick<WallsStore, "read">;
  readonly rollups: RollupStore;
  readonly tradesOf: (series: RollupSeries) => ArchivedTrades;
}

export interface HistoryReader {
  /** What is on the disk; null when that cannot be read. While it is being opened, this waits. */
  recorded(): Promise<Recorded | null>;
}

/** Where the processor keeps what it knows. */
export interface HistoryStorage {
  readonly gaps: GapStorage;
  readonly walls: WallStorage;
  readonly liquidity: LiquidityStorage;
  readonly rollups: RollupStorage;
  /** Brings to the rollups what only the archive of trades knows. */
  readonly filler: RollupFiller;
  readonly retention: RetentionStorage;
  readonly recorded: Recorded;
  close(): Promise<void>;
}

export interface HistoryOptions {
  readonly retention: RetentionSettings;
  readonly open: () => Promise<HistoryStorage>;
  readonly states: () => Iterable<SymbolState>;
  /** What a person should know of it. */
  readonly notice: (level: FeedNoticeEvent["level"], message: string) => void;
}

interface Opened {
  readonly storage: HistoryStorage;
  readonly gaps: GapRecorder;
  readonly liquidity: LiquidityRecorder;
  readonly rollups: RollupRecorder;
  readonly retention: Retention;
}

/** A crash loses at most so much. */
const EVERY_MS = 1000;
/** What is only in the archive may wait longer than what would be lost. */
const FILL_MS = 300;
const RETAIN_EVERY_MS = 60_000;
/** After a failure the disk is tried again so often. */
const RETRY_MS = 10_000;

/**
 * Keeps what the processor knows in its database, off the live path. When that fails the live chart
 * goes on, a person is told, and it is tried again.
 */
export class History {
  readonly #options: HistoryOptions;
  #opened: Opened | null = null;
  readonly #triedToOpen = Promise.withResolvers<void>();
  #failure: string | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** One turn after the other. */
  #turn: Promise<void> = Promise.resolve();
  /** Dropping takes longer than a turn may, and goes on beside them. */
  #retaining: Promise<void> = Promise.resolve();
  readonly #closing = new AbortController();

  constructor(options: HistoryOptions) {
    this.#options = options;
    this.#schedule(0);
  }

  /** Writes what is not written yet and closes the database. */
  async close(): Promise<void> {
    this.#closing.abort();
    clearTimeout(this.#timer);
    await this.#turn;
    await this.#retaining;
    for (const { walls } of this.#options.states()) walls.close();
    await this.#write();
    await this.#opened?.storage.close();
    this.#opened = null;
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
    if (this.#closing.signal.aborted) return;
    this.#timer = setTimeout(() => {
      this.#turn = this.#write().then(() =>
        this.#schedule(this.#failure === null ? EVERY_MS : RETRY_MS)
      );
    }, ms);
  }

  async #write(): Promise<void> {
    const { open, states, notice } = this.#options;
    try {
      if (this.#opened === null) {
        this.#opened = this.#begin(await open());
        this.#retain(this.#opened.retention);
      }
      this.#triedToOpen.resolve();
      const { gaps, liquidity, rollups, storage } = this.#opened;
      // First: the ledger tells until when a book was known, and so much must be there.
      await liquidity.record(states());
      for (const state of states()) {
        await gaps.record(state);
        await keepWalls(storage.walls, state);
        await rollups.record(state, this.#closing.signal.aborted);
      }
      if (!this.#closing.signal.aborted) await this.#fill(storage.filler);
      if (this.#failure !== null) notice("info", "The history is recorded again");
      this.#failure = null;
    } catch (error) {
      const message = errorText(error);
      if (message !== this.#failure) notice("error", `The history is not recorded: ${message}`);
      this.#failure = message;
      this.#triedToOpen.resolve();
    }
  }

  #begin(storage: HistoryStorage): Opened {
    const { retention: settings, states, notice } = this.#options;
    const tradesBytes = () => {
      // Every symbol tells the size of the whole archive.
      const sizes = [...states()].map(({ status }) => status?.recording?.bytes ?? 0);
      return Math.max(0, ...sizes);
    };
    return {
      storage,
      gaps: new GapRecorder(storage.gaps),
      liquidity: new LiquidityRecorder(storage.liquidity),
      rollups: new RollupRecorder(storage.rollups),
      retention: new Retention({ storage: storage.retention, settings, tradesBytes, notice }),
    };
  }

  #retain(retention: Retention): void {
    const { signal } = this.#closing;
    this.#retaining = (async () => {
      while (!signal.aborted) {
        await retention.run(signal).catch((error) => {
          this.#options.notice("warning", `Old history is not dropped: ${errorText(error)}`);
        });
        await delay(RETAIN_EVERY_MS, { signal }).catch(() => {});
      }
    })();
  }

  /** As much as fits between two turns: a long stop has left a lot. */
  async #fill(filler: RollupFiller): Promise<void> {
    const end = performance.now() + FILL_MS;
    let waiting = [...this.#options.states()];
    while (waiting.length > 0 && performance.now() < end) {
      const more: SymbolState[] = [];
      for (const state of waiting) if (await filler.step(state)) more.push(state);
      waiting = more;
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
