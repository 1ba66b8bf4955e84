import { aborted, paused } from "./waiting.ts";
import { type CaptureEvent, parseFrame } from "./capture_frame.ts";
import { readCapture } from "./capture_reader.ts";
import { scanCapture } from "./capture_scan.ts";
import type { MarketSource, Publish, RestDepth, SymbolInfo } from "./source.ts";
import { TextBook } from "./text_book.ts";
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

type DepthEvent = Extract<CaptureEvent, { type: "depth" }>;

/** Depth requests that wait for the book to be known. */
interface BookState {
  readonly book: TextBook;
  isKnown: boolean;
  /** Diffs played before the snapshot's answer arrived; some of them are newer than it. */
  readonly early: DepthEvent[];
  readonly known: PromiseWithResolvers<void>;
  /** Somebody has asked for the depth. */
  readonly asked: PromiseWithResolvers<void>;
}

class CapturePlayback implements CaptureMarket {
  readonly symbols: readonly SymbolInfo[];
  readonly #options: CaptureOptions;
  readonly #speed: number;
  readonly #books = new Map<string, BookState>();
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
      this.#books.set(symbol, {
        book: new TextBook(),
        isKnown: false,
        early: [],
        known: Promise.withResolvers(),
        asked: Promise.withResolvers(),
      });
    }
  }

  get ended(): Promise<void> {
    return this.#ended.promise;
  }

  now(): number {
    return this.#time;
  }

  async depth(symbol: string, limit: number, signal: AbortSignal): Promise<RestDepth> {
    const state = this.#bookOf(symbol);
    state.asked.resolve();
    await Promise.race([state.known.promise, aborted(signal)]);
    signal.throwIfAborted();
    return state.book.depth(limit);
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
        const heldMs = await this.#takeSnapshot(event.depth, signal);
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

  /** The snapshot of the only symbol; waits for somebody who wants it. Returns the time waited. */
  async #takeSnapshot(depth: RestDepth, signal: AbortSignal): Promise<number> {
    const state = this.#bookOf(this.symbols[0].symbol);
    state.book.applySnapshot(depth);
    const start = performance.now();
    const fallback = this.#speed === Infinity ? Infinity : DEFAULT_HOLD_MS;
    const holdMs = this.#options.holdForDepthMs ?? fallback;
    const limits = [state.asked.promise, aborted(signal)];
    if (holdMs !== Infinity) limits.push(paused(holdMs, signal));
    await Promise.race(limits);
    state.isKnown = true;
    state.known.resolve();
    // Those who wait get this snapshot before the next event changes the book.
    await paused(0, signal);
    for (const diff of state.early.splice(0)) applyTo(state.book, diff);
    return performance.now() - start;
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
      const state = this.#books.get(event.symbol);
      if (state?.isKnown) applyTo(state.book, event);
      else state?.early.push(event);
    }
  }

  #bookOf(symbol: string): BookState {
    const state = this.#books.get(symbol);
    if (state !== undefined) return state;
    throw new RangeError(`The capture has no symbol ${symbol}`);
  }
}

function applyTo(book: TextBook, { lastUpdateId, bids, asks }: DepthEvent): void {
  book.applyDiff(lastUpdateId, bids, asks);
}
