import type { MarketSource, Publish, RestDepth, SymbolInfo } from "./source.ts";
import type { TradeLog } from "./trade_log.ts";
import { paused } from "./waiting.ts";
import { STEP_MS } from "./market_model/scene.ts";
import { type MarketCounts, SymbolFeed } from "./market_model/symbol_feed.ts";

export interface SimulatedMarketOptions {
  readonly symbols: readonly string[];
  readonly seed: number;
  /** Pace against the wall clock; Infinity is as fast as clients read. */
  readonly speed?: number;
  /** Exchange time at which the market opens to clients, UTC ms. */
  readonly startTime?: number;
  /** Simulated silently before `startTime`, so that REST answers for the past. */
  readonly historyMs?: number;
  /** The market stops there. */
  readonly endTime?: number;
  /** Wall clock that paces exchange time. */
  readonly now?: () => number;
}

/** A market of simulated participants; the same options give the same events, byte for byte. */
export interface SimulatedMarket extends MarketSource {
  counts(symbol: string): MarketCounts;
}

const DEFAULT_HISTORY_MS = 2 * 3_600_000;
/** Simulated time between two rounds of publishing, at most. */
const ROUND_MS = 100;
/** Wall time between two rounds when the market is on time. */
const PAUSE_MS = 15;
/** At full speed others get a turn after so many rounds. */
const ROUNDS_A_TURN = 10;

export function simulatedMarket(options: SimulatedMarketOptions): SimulatedMarket {
  return new WallClockMarket(options);
}

class WallClockMarket implements SimulatedMarket {
  readonly symbols: readonly SymbolInfo[];
  readonly #feeds: readonly SymbolFeed[];
  readonly #speed: number;
  readonly #startTime: number;
  readonly #endTime: number;
  readonly #wall: () => number;
  readonly #wallStart: number;
  #time: number;
  #isRunning = false;

  constructor(options: SimulatedMarketOptions) {
    const { symbols, seed, speed = 1, historyMs = DEFAULT_HISTORY_MS } = options;
    this.#wall = options.now ?? Date.now;
    this.#wallStart = this.#wall();
    this.#speed = speed;
    this.#startTime = options.startTime ?? this.#wallStart;
    this.#endTime = options.endTime ?? Infinity;
    // On full seconds, so that diffs end on full tenths whatever the start is.
    this.#time = Math.floor((this.#startTime - historyMs) / 1000) * 1000;
    this.#feeds = symbols.map((symbol) => new SymbolFeed(symbol, seed, this.#time));
    this.symbols = this.#feeds.map(({ info }) => info);
    this.#advance(this.#startTime);
  }

  now(): number {
    return this.#speed === Infinity ? this.#time : Math.floor(this.#dueTime());
  }

  depth(symbol: string, limit: number): Promise<RestDepth> {
    return Promise.resolve(this.#feedOf(symbol).depth(limit));
  }

  trades(symbol: string): TradeLog {
    return this.#feedOf(symbol).trades;
  }

  counts(symbol: string): MarketCounts {
    return this.#feedOf(symbol).counts;
  }

  async run(publish: Publish, signal: AbortSignal): Promise<void> {
    this.#catchUp();
    this.#isRunning = true;
    let events: [stream: string, data: string][] = [];
    for (const feed of this.#feeds) feed.listen((stream, data) => events.push([stream, data]));
    for (let round = 1; this.#time + STEP_MS <= this.#endTime; round++) {
      const due = Math.min(this.#dueTime(), this.#time + ROUND_MS);
      this.#advance(due);
      for (const [stream, data] of events) {
        if (signal.aborted) return;
        await publish(stream, data);
      }
      events = [];
      const isOnTime = this.#time + STEP_MS > this.#dueTime();
      if (isOnTime) await paused(PAUSE_MS, signal);
      else if (round % ROUNDS_A_TURN === 0) await paused(0, signal);
      if (signal.aborted) return;
    }
  }

  /** Where exchange time should be by now. */
  #dueTime(): number {
    if (this.#speed === Infinity) return this.#endTime;
    const elapsed = (this.#wall() - this.#wallStart) * this.#speed;
    return Math.min(this.#endTime, this.#startTime + elapsed);
  }

  /** All symbols step by step, so that their events have one order however time is cut. */
  #advance(until: number): void {
    while (this.#time + STEP_MS <= Math.min(until, this.#endTime)) {
      for (const feed of this.#feeds) feed.step();
      this.#time += STEP_MS;
    }
  }

  /** Nobody listens yet: what has happened since the start is history too. */
  #catchUp(): void {
    if (!this.#isRunning && this.#speed !== Infinity) this.#advance(this.#dueTime());
  }

  #feedOf(symbol: string): SymbolFeed {
    this.#catchUp();
    const feed = this.#feeds.find(({ info }) => info.symbol === symbol);
    if (feed !== undefined) return feed;
    throw new RangeError(`The simulated market has no symbol ${symbol}`);
  }
}
