import { errorText } from "../bus/error_text.ts";
import { GapRecorder, type GapStorage } from "./gap_recorder.ts";
import type { Wall } from "../market/wall.ts";
import type { SymbolState } from "./symbol_state.ts";

/** Where walls that have ended are kept. */
export interface WallStorage {
  save(symbol: string, walls: readonly Wall[]): Promise<void>;
  /** Walls that rested at some time of [from, to), by their birth. */
  read(symbol: string, from: number, to: number, limit: number): Promise<Wall[]>;
}

/** Where the processor keeps what it knows. */
export interface HistoryStorage {
  readonly gaps: GapStorage;
  readonly walls: WallStorage;
  close(): Promise<void>;
}

export interface HistoryOptions {
  readonly open: () => Promise<HistoryStorage>;
  readonly states: () => Iterable<SymbolState>;
  /** What a person should know of it. */
  readonly notice: (level: "info" | "error", message: string) => void;
}

/** A crash loses at most so much. */
const EVERY_MS = 1000;
/** After a failure the disk is tried again so often. */
const RETRY_MS = 10_000;

/**
 * Keeps what the processor knows in its database, off the live path. When that fails the live chart
 * goes on, a person is told, and it is tried again.
 */
export class History {
  readonly #options: HistoryOptions;
  readonly #gaps = new GapRecorder();
  #storage: HistoryStorage | null = null;
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
    await this.#storage?.close();
    this.#storage = null;
  }

  /** Walls of an earlier time that are on the disk. */
  async walls(symbol: string, from: number, to: number, limit: number): Promise<Wall[]> {
    return await this.#storage?.walls.read(symbol, from, to, limit) ?? [];
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
      const storage = this.#storage ??= await open();
      for (const state of states()) {
        await this.#gaps.record(storage.gaps, state);
        await keepWalls(storage.walls, state);
      }
      if (this.#failure !== null) notice("info", "The history is recorded again");
      this.#failure = null;
    } catch (error) {
      const message = errorText(error);
      if (message !== this.#failure) notice("error", `The history is not recorded: ${message}`);
      this.#failure = message;
      // After a full disk DuckDB refuses everything until it is opened anew; so it cannot be closed
      // in order either.
      await this.#storage?.close().catch(() => {});
      this.#storage = null;
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
