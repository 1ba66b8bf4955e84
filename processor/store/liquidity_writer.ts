import type { DuckDBConnection } from "@duckdb/node-api";
import { errorText } from "../../bus/error_text.ts";
import type { LiquidityBin } from "../../market/liquidity.ts";
import { LiquidityMerger } from "../../market/liquidity_merge.ts";
import { appendBins, cellsOf, isStorable, type QueuedBin } from "./liquidity_append.ts";
import { LEVELS, type LiquidityLevel, MINUTES, SECONDS } from "./liquidity_schema.ts";
import {
  keyText,
  type LiquidityKey,
  type LiquiditySeries,
  loadSeries,
} from "./liquidity_series.ts";

/** A time that is missing in the history of a symbol, though its book was known. */
export interface LostLiquidity {
  readonly market: string;
  readonly symbol: string;
  readonly table: string;
  readonly from: number;
  readonly to: number;
  readonly reason: string;
}

export interface LiquidityWriterOptions {
  /** Length of the bins that come in: a part of a second. */
  readonly binMs: number;
  /** Something that belongs in the log. */
  onMessage(message: string): void;
  /** Told once a loss is over. */
  onLost(lost: LostLiquidity): void;
  readonly maxQueuedCells?: number;
  /** Between transactions. With the second that is under way a crash loses at most twice that. */
  readonly flushMs?: number;
}

interface Recorder {
  readonly seconds: LiquidityMerger;
}

/** Where the recording of a symbol at one level stands. */
interface Progress {
  /** Everything before is recorded, or will not be: history is never written twice. */
  end: number;
  lost: { from: number; reason: string } | null;
}

/**
 * Records resting liquidity. Adding a bin never waits: finished seconds and minutes queue up, and
 * one transaction a second takes them. What is dropped stays unknown: the time has no bin.
 */
export class LiquidityWriter {
  readonly #connection: DuckDBConnection;
  readonly #options: Required<LiquidityWriterOptions>;
  readonly #series: LiquiditySeries[];
  readonly #recorders = new Map<string, Recorder>();
  readonly #progress = new Map<string, Progress>();
  #queue: QueuedBin[] = [];
  #queuedCells = 0;
  #writing: Promise<void> = Promise.resolve();
  #isFailing = false;

  private constructor(
    connection: DuckDBConnection,
    options: LiquidityWriterOptions,
    series: LiquiditySeries[],
  ) {
    this.#connection = connection;
    this.#options = { maxQueuedCells: 500_000, flushMs: 1000, ...options };
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

  /** End of what an earlier run recorded of a symbol, or null: since then its book is unknown. */
  recordedUntil(market: string, symbol: string): number | null {
    const { end } = this.#progressOf(market, symbol, SECONDS);
    return end === -Infinity ? null : end;
  }

  /** Takes a bin of the live path; bins of a symbol come in the order of time. */
  add(key: LiquidityKey, bin: LiquidityBin): void {
    const text = keyText(key);
    let recorder = this.#recorders.get(text);
    if (recorder === undefined) {
      recorder = this.#newRecorder(key, text);
      this.#recorders.set(text, recorder);
    }
    recorder.seconds.add(bin);
  }

  /** Writes what is queued. A failure keeps it for the next time, and is told once. */
  flush(): Promise<void> {
    this.#writing = this.#writing.then(() => this.#write());
    return this.#writing;
  }

  /** Writes regularly until the signal aborts, and then what is left. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.flush();
      await pause(this.#options.flushMs, signal);
    }
    await this.flush();
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
    const progress = this.#progress.get(name) ?? { end: -Infinity, lost: null };
    this.#progress.set(name, progress);
    return progress;
  }

  #newRecorder(key: LiquidityKey, text: string): Recorder {
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
    return { seconds: sink(SECONDS, this.#options.binMs, sink(MINUTES, SECONDS.binMs)) };
  }

  /** @returns whether the bin will be written; the one after a loss must be a keyframe */
  #enqueue(queued: QueuedBin): boolean {
    const { series, level, bin } = queued;
    const { market, symbol } = series.key;
    const progress = this.#progressOf(market, symbol, level);
    if (bin.time < progress.end) return false;
    const cells = cellsOf(bin);
    const isFull = this.#queue.length > 0 &&
      this.#queuedCells + cells > this.#options.maxQueuedCells;
    if (isFull || !isStorable(bin, level)) {
      progress.lost ??= this.#lose(queued, isFull);
      return false;
    }
    if (progress.lost !== null) {
      const { from, reason } = progress.lost;
      progress.lost = null;
      this.#options.onLost({ market, symbol, table: level.table, from, to: bin.time, reason });
    }
    progress.end = bin.time + level.binMs;
    this.#queue.push(queued);
    this.#queuedCells += cells;
    return true;
  }

  #lose({ series, level, bin }: QueuedBin, isFull: boolean): { from: number; reason: string } {
    const reason = isFull
      ? `${this.#queuedCells} cells of liquidity wait to be written, more are not kept`
      : "a resting quantity is too large for the database";
    this.#options.onMessage(`${level.table} of ${series.key.symbol} is not recorded: ${reason}`);
    return { from: bin.time, reason };
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
      if (!this.#isFailing) {
        this.#options.onMessage(`Liquidity cannot be written, it waits: ${errorText(error)}`);
      }
      this.#isFailing = true;
      return;
    }
    if (this.#isFailing) this.#options.onMessage("Liquidity is written again");
    this.#isFailing = false;
    for (const { bin } of batch) this.#queuedCells -= cellsOf(bin);
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener("abort", end);
  });
}
