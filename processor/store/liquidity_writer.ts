import type { DuckDBConnection } from "@duckdb/node-api";
import type { LiquidityBin } from "../../market/liquidity.ts";
import { LiquidityMerger } from "../../market/liquidity_merge.ts";
import type { LiquidityStorage } from "../liquidity_recorder.ts";
import { appendBins, cellsOf, isStorable, type QueuedBin } from "./liquidity_append.ts";
import { LEVELS, type LiquidityLevel, MINUTES, SECONDS } from "./liquidity_schema.ts";
import {
  keyText,
  type LiquidityKey,
  type LiquiditySeries,
  loadSeries,
} from "./liquidity_series.ts";

/** A time whose quantities were too large for the tables. */
export interface LostLiquidity {
  readonly market: string;
  readonly symbol: string;
  readonly table: string;
  readonly from: number;
  readonly to: number;
}

export interface LiquidityWriterOptions {
  /** Length of the bins that come in: a part of a second. */
  readonly binMs: number;
  /** Told once a loss is over. */
  onLost(lost: LostLiquidity): void;
  readonly maxQueuedCells?: number;
}

/** Where the recording of a symbol at one level stands. */
interface Progress {
  /** Everything before is recorded, or will not be: history is never written twice. */
  end: number;
  lostFrom: number | null;
}

/**
 * Records resting liquidity. Finished seconds and minutes queue up, and one transaction takes them.
 * What cannot be kept stays unknown: the time has no bin.
 */
export class LiquidityWriter implements LiquidityStorage {
  readonly #connection: DuckDBConnection;
  readonly #options: Required<LiquidityWriterOptions>;
  readonly #series: LiquiditySeries[];
  readonly #mergers = new Map<string, LiquidityMerger>();
  readonly #progress = new Map<string, Progress>();
  #queue: QueuedBin[] = [];
  #queuedCells = 0;
  #writing: Promise<void> = Promise.resolve();

  private constructor(
    connection: DuckDBConnection,
    options: LiquidityWriterOptions,
    series: LiquiditySeries[],
  ) {
    this.#connection = connection;
    this.#options = { maxQueuedCells: 100_000, ...options };
    this.#series = series;
  }

  /** @param connection used by nobody else: its transactions are the writer's */
  static async open(
    connection: DuckDBConnection,
    options: LiquidityWriterOptions,
  ): Promise<LiquidityWriter> {
    const writer = new LiquidityWriter(connection, options, await loadSeries(connection));
    for (const level of LEVELS) await writer.#loadProgress(level);
    return writer;
  }

  get hasRoom(): boolean {
    return this.#queuedCells < this.#options.maxQueuedCells;
  }

  /** End of what an earlier run recorded of a symbol, or null: since then its book is unknown. */
  recordedUntil(market: string, symbol: string): number | null {
    const { end } = this.#progressOf(market, symbol, SECONDS);
    return end === -Infinity ? null : end;
  }

  /** Takes a bin of the live path; bins of a symbol come in the order of time. */
  add(key: LiquidityKey, bin: LiquidityBin): void {
    const text = keyText(key);
    let merger = this.#mergers.get(text);
    if (merger === undefined) {
      merger = this.#newMerger(key, text);
      this.#mergers.set(text, merger);
    }
    merger.add(bin);
  }

  /** Writes what is queued. A failure keeps it for the next time. */
  flush(): Promise<void> {
    const written = this.#writing.then(() => this.#write());
    this.#writing = written.catch(() => {});
    return written;
  }

  async #loadProgress(level: LiquidityLevel): Promise<void> {
    const reader = await this.#connection.runAndReadAll(
      `SELECT s.market, s.symbol, max(b.time) FROM ${level.table}_bins b
       JOIN liquidity_series s ON s.id = b.series GROUP BY ALL`,
    );
    for (const [market, symbol, time] of reader.getRows()) {
      const progress = this.#progressOf(String(market), String(symbol), level);
      progress.end = Number(time) + level.binMs;
    }
  }

  #progressOf(market: string, symbol: string, { table }: LiquidityLevel): Progress {
    const name = `${market}/${symbol}/${table}`;
    const progress = this.#progress.get(name) ?? { end: -Infinity, lostFrom: null };
    this.#progress.set(name, progress);
    return progress;
  }

  /** Makes seconds of the bins, and minutes of the seconds. */
  #newMerger(key: LiquidityKey, text: string): LiquidityMerger {
    let series = this.#series.find((one) => keyText(one.key) === text);
    if (series === undefined) {
      series = { id: Math.max(0, ...this.#series.map(({ id }) => id)) + 1, key };
      this.#series.push(series);
    }
    const sink = (level: LiquidityLevel, fromMs: number, next?: LiquidityMerger) => {
      const rowTicks = key.baseTicks * level.baseRows;
      const { binMs: toMs, keyframeMs } = level;
      const merger = new LiquidityMerger({ fromMs, toMs, rowTicks, keyframeMs }, (bin) => {
        if (!this.#enqueue({ series, level, bin })) merger.requestKeyframe();
        next?.add(bin);
      });
      return merger;
    };
    return sink(SECONDS, this.#options.binMs, sink(MINUTES, SECONDS.binMs));
  }

  /** @returns false where the next bin, if it is written, must be a keyframe */
  #enqueue(queued: QueuedBin): boolean {
    const { series, level, bin } = queued;
    const { market, symbol } = series.key;
    const progress = this.#progressOf(market, symbol, level);
    // Of what is recorded already, only the last bin is followed by one that is written.
    if (bin.time < progress.end) return bin.time + level.binMs < progress.end;
    if (!isStorable(bin, level)) {
      progress.lostFrom ??= bin.time;
      return false;
    }
    if (progress.lostFrom !== null) {
      const { table } = level;
      this.#options.onLost({ market, symbol, table, from: progress.lostFrom, to: bin.time });
      progress.lostFrom = null;
    }
    progress.end = bin.time + level.binMs;
    this.#queue.push(queued);
    this.#queuedCells += cellsOf(bin);
    return true;
  }

  async #write(): Promise<void> {
    const batch = this.#queue;
    if (batch.length === 0) return;
    this.#queue = [];
    try {
      // A symbol's cells lie together; within it the order of time stays.
      await appendBins(this.#connection, batch.toSorted((a, b) => a.series.id - b.series.id));
    } catch (error) {
      this.#queue = [...batch, ...this.#queue];
      throw error;
    }
    for (const { bin } of batch) this.#queuedCells -= cellsOf(bin);
  }
}
