import { INTERVALS, MINUTE_MS } from "../../market/interval.ts";
import type { ArchivedTrades } from "./archived_trades.ts";
import { fillRollup } from "./rollup_fill.ts";
import type { RolledState } from "./rollup_recorder.ts";
import type { RollupStore } from "./rollup_store.ts";
import type { RollupSeries, RollupSymbol } from "./rollup_symbols.ts";
import type { TradeFiles } from "./trade_files.ts";

/** So much time is read from the archive at once: some 10 ms of a busy symbol. */
const PIECE_MS = INTERVALS["1h"];
/** Trades come to the archive's files within an hour of theirs. */
const LOOK_EVERY_MS = 5 * 60_000;
/** At first the archive is still being opened, and an earlier run's journal becomes a file. */
const FIRST_MS = 60_000;
const LOOK_FIRST_EVERY_MS = 3_000;

export interface RollupFillerOptions {
  /** Used by nobody else meanwhile, since a transaction belongs to the connection. */
  readonly store: RollupStore;
  readonly files: TradeFiles;
  readonly tradesOf: (series: RollupSeries) => ArchivedTrades;
  /** Rises steadily, in ms. */
  readonly now?: () => number;
}

interface Range {
  readonly from: number;
  readonly to: number;
}

interface Progress {
  readonly pieces: Range[];
  /** The files that a doubtful range was last read from. */
  readonly readFrom: Map<string, string>;
  lookedAt: number;
}

/**
 * Brings to the rollups what only the archive knows: minutes of which memory holds nothing or a
 * part, since the program was stopped then or their trades were fetched back later.
 */
export class RollupFiller {
  readonly #options: Required<RollupFillerOptions>;
  readonly #progress = new Map<string, Progress>();
  readonly #begin: number;

  constructor(options: RollupFillerOptions) {
    this.#options = { now: () => performance.now(), ...options };
    this.#begin = this.#options.now();
  }

  /** Does a little of the work; returns whether there is more to do at once. */
  async step({ instrument, candles }: RolledState): Promise<boolean> {
    const { store, tradesOf } = this.#options;
    if (instrument === null) return false;
    const symbol = await store.find(instrument);
    if (symbol === null) return false;
    const progress = this.#progressOf(instrument.symbol);
    const { pieces } = progress;
    if (pieces.length === 0) await this.#look(progress, instrument, symbol, candles.firstTime);
    // One that fails would fail again: it comes back when its files have changed.
    const piece = pieces.shift();
    if (piece === undefined) return false;
    const trades = tradesOf(instrument);
    const minutes = (from: number, to: number) =>
      trades.candles({ intervalMs: MINUTE_MS, from, to, groupTicks: symbol.baseTicks });
    await fillRollup(store, symbol, minutes, piece.from, piece.to);
    return pieces.length > 0;
  }

  #progressOf(symbol: string): Progress {
    let progress = this.#progress.get(symbol);
    if (progress === undefined) {
      progress = { pieces: [], readFrom: new Map(), lookedAt: -Infinity };
      this.#progress.set(symbol, progress);
    }
    return progress;
  }

  /** Lists what is doubtful, where the archive has changed since it was read. */
  async #look(
    progress: Progress,
    { symbol: name }: RollupSeries,
    symbol: RollupSymbol,
    until: number | null,
  ): Promise<void> {
    const { store, files, now } = this.#options;
    const everyMs = now() - this.#begin < FIRST_MS ? LOOK_FIRST_EVERY_MS : LOOK_EVERY_MS;
    if (now() - progress.lookedAt < everyMs) return;
    progress.lookedAt = now();
    const { pieces, readFrom } = progress;
    const days = await files.days(name);
    if (days.length === 0) return;
    const [firstDay, lastDay] = [days[0], days[days.length - 1]];
    const ranges = await store.doubtful(symbol, firstDay, until ?? lastDay + INTERVALS["1d"]);
    const before = new Map(readFrom);
    readFrom.clear();
    for (const { from, to } of ranges) {
      const key = `${from}-${to}`;
      const found = (await files.between(name, from, to)).join();
      readFrom.set(key, found);
      if (before.get(key) === found) continue;
      for (let start = from; start < to; start += PIECE_MS) {
        pieces.push({ from: start, to: Math.min(start + PIECE_MS, to) });
      }
    }
  }
}
