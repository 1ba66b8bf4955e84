import { errorText } from "../bus/error_text.ts";
import { GapRecorder, type GapStorage } from "./gap_recorder.ts";
import { LiquidityRecorder, type LiquidityStorage } from "./liquidity_recorder.ts";
import type { Wall } from "../market/wall.ts";
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
  readonly recorded: Recorded;
  close(): Promise<void>;
}

export interface HistoryOptions {
  readonly open: () => Promise<HistoryStorage>;
  readonly states: () => Iterable<SymbolState>;
  /** What a person should know of it. */
  readonly notice: (level: "info" | "error", message: string) => void;
}

interface Opened {
  readonly storage: HistoryStorage;
  readonly gaps: GapRecorder;
  readonly liquidity: LiquidityRecorder;
  readonly rollups: RollupRecorder;
}

/** A crash loses at most so much. */
const EVERY_MS = 1000;
/** What is only in the archive may wait longer than what would be lost. */
const FILL_MS = 300;
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
    await this.#opened?.storage.close();
    this.#opened = null;
  }

  /** Null when nothing fails. */
  get failure(): string | null {
    return this.#failure;
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
      this.#opened ??= opened(await open());
      this.#triedToOpen.resolve();
      const { gaps, liquidity, rollups, storage } = this.#opened;
      // First: the ledger tells until when a book was known, and so much must be there.
      await liquidity.record(states());
      for (const state of states()) {
        await gaps.record(state);
        await keepWalls(storage.walls, state);
        await rollups.record(state, this.#isClosed);
      }
      if (!this.#isClosed) await this.#fill(storage.filler);
      if (this.#failure !== null) notice("info", "The history is recorded again");
      this.#failure = null;
    } catch (error) {
      const message = errorText(error);
      if (message !== this.#failure) notice("error", `The history is not recorded: ${message}`);
      this.#failure = message;
      this.#triedToOpen.resolve();
    }
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

function opened(storage: HistoryStorage): Opened {
  return {
    storage,
    gaps: new GapRecorder(storage.gaps),
    liquidity: new LiquidityRecorder(storage.liquidity),
    rollups: new RollupRecorder(storage.rollups),
  };
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
