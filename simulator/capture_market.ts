import { aborted, paused } from "./waiting.ts";
import { CaptureBook } from "./capture_book.ts";
import { type CaptureEvent, parseFrame } from "./capture_frame.ts";
import { readCapture } from "./capture_reader.ts";
import { scanCapture } from "./capture_scan.ts";
import type { MarketSource, Publish, RestDepth, SymbolInfo } from "./source.ts";
import { TradeLog, wireUnits } from "./trade_log.ts";

export interface CaptureOptions {
  readonly files: readonly string[];
  /** Pace against the capture's own; Infinity plays as fast as clients read. */
  readonly speed?: number;
  /** Real time to wait at the capture's snapshot for a client that asks for depth. */
  readonly holdForDepthMs?: number;
  readonly onNotice?: (message: string) => void;
}

/** A capture that can be played, and paused at a moment of its own time. */
export interface CaptureMarket extends MarketSource {
  /** Resolves when the last line has been played. */
  readonly ended: Promise<void>;
  /** Lets playback go on to the first event at or after `eventTime`; resolves when it is there. */
  playUntil(eventTime: number): Promise<void>;
}

const MAX_TRADES = 4_000_000;
const DEFAULT_HOLD_MS = 10_000;
/** As fast as possible still lets others run now and then. */
const LINES_BETWEEN_PAUSES = 256;

/** Opens captures for playback; they are one continuous capture. */
export async function captureMarket(options: CaptureOptions): Promise<CaptureMarket> {
  const { symbols, firstEventTime } = await scanCapture(options.files);
  return new CapturePlayback(options, symbols, firstEventTime);
}

class CapturePlayback implements CaptureMarket {
  readonly symbols: readonly SymbolInfo[];
  readonly #options: CaptureOptions;
  readonly #speed: number;
  readonly #books = new Map<string, CaptureBook>();
  readonly #trades = new Map<string, TradeLog>();
  readonly #ended = Promise.withResolvers<void>();
  #time: number;
  #untilTime = Infinity;
  #resume = Promise.withResolvers<void>();
  #arrived = Promise.withResolvers<void>();

  constructor(options: CaptureOptions, symbols: readonly SymbolInfo[], firstEventTime: number) {
    this.#options = options;
    this.#speed = options.speed ?? 1;
    this.symbols = symbols;
    this.#time = firstEventTime;
    for (const { symbol } of symbols) {
      this.#trades.set(symbol, new TradeLog(MAX_TRADES));
      this.#books.set(symbol, new CaptureBook());
    }
  }

  get ended(): Promise<void> {
    return this.#ended.promise;
  }

  now(): number {
    return this.#time;
  }

  async depth(symbol: string, limit: number, signal: AbortSignal): Promise<RestDepth> {
    const book = this.#books.get(symbol);
    if (book === undefined) throw new RangeError(`The capture has no symbol ${symbol}`);
    return await book.depth(limit, signal);
  }

  trades(symbol: string): TradeLog {
    const log = this.#trades.get(symbol);
    if (log !== undefined) return log;
    throw new RangeError(`The capture has no symbol ${symbol}`);
  }

  playUntil(eventTime: number): Promise<void> {
    this.#untilTime = eventTime;
    this.#arrived = Promise.withResolvers();
    this.#resume.resolve();
    this.#resume = Promise.withResolvers();
    return Promise.race([this.#arrived.promise, this.#ended.promise]);
  }

  async run(publish: Publish, signal: AbortSignal): Promise<void> {
    const notice = this.#options.onNotice ?? (() => {});
    let start: { receive: number; wall: number } | null = null;
    let lines = 0;
    for await (const line of readCapture(this.#options.files, notice)) {
      if (signal.aborted) return;
      const event = parseFrame(line.frame);
      if (event.type === "broken") {
        notice(`${line.place} ${event.reason}`);
        continue;
      }
      if (event.type === "unlisted") continue;
      if (event.type === "snapshot") {
        // A bare REST answer does not say whose it is.
        const symbol = event.symbol ?? this.symbols[0].symbol;
        const heldMs = await this.#takeSnapshot(symbol, event.depth, signal);
        if (start !== null) start.wall += heldMs;
        continue;
      }
      if (this.#speed === Infinity) {
        if (++lines % LINES_BETWEEN_PAUSES === 0) await paused(0, signal);
      } else {
        start ??= { receive: line.receiveTime, wall: performance.now() };
        const due = start.wall + (line.receiveTime - start.receive) / this.#speed;
        const waitMs = due - performance.now();
        if (waitMs > 1) await paused(waitMs, signal);
      }
      await this.#heldBefore(event, signal);
      if (signal.aborted) return;
      this.#take(event);
      await publish(event.stream, event.data);
    }
    this.#ended.resolve();
  }

  /** Waits for somebody who wants it, where the book was unknown. Returns the time waited. */
  async #takeSnapshot(symbol: string, depth: RestDepth, signal: AbortSignal): Promise<number> {
    const book = this.#books.get(symbol);
    // A symbol without any trade is none of the capture's: it has no tick size.
    if (book === undefined) return 0;
    const start = performance.now();
    await book.takeSnapshot(depth, async (asked, wasLost) => {
      const holdMs = this.#options.holdForDepthMs ?? this.#holdMs(book, wasLost);
      const limits = [asked, aborted(signal)];
      if (holdMs !== Infinity) limits.push(paused(holdMs, signal));
      await Promise.race(limits);
    }, signal);
    return performance.now() - start;
  }

  /** How long a book that became known waits for a client that asks for it. */
  #holdMs(book: CaptureBook, wasLost: boolean): number {
    if (wasLost) return book.wasAsked ? DEFAULT_HOLD_MS : 0;
    // Of several symbols a client may want only some.
    const isOnly = this.#books.size === 1;
    return this.#speed === Infinity && isOnly ? Infinity : DEFAULT_HOLD_MS;
  }

  async #heldBefore(event: CaptureEvent, signal: AbortSignal): Promise<void> {
    if (!("eventTime" in event) || event.eventTime === null) return;
    while (event.eventTime >= this.#untilTime && !signal.aborted) {
      const resume = this.#resume.promise;
      this.#arrived.resolve();
      await Promise.race([resume, aborted(signal)]);
    }
  }

  #take(event: Exclude<CaptureEvent, { type: "broken" | "snapshot" | "unlisted" }>): void {
    if (event.eventTime !== null) this.#time = Math.max(this.#time, event.eventTime);
    if (event.type === "trade") {
      const { a, p, q, f, l, T, m } = event.trade;
      this.#trades.get(event.symbol)?.add(a, wireUnits(p), wireUnits(q), f, l, T, m);
    } else if (event.type === "depth") {
      this.#books.get(event.symbol)?.takeDiff(event);
    }
  }
}
