import { aborted } from "../bus/aborted.ts";
import { errorText } from "../bus/error_text.ts";
import type { FeedNoticeEvent, MarketEvent, SymbolStatusEvent } from "../bus/messages.ts";
import type { Instrument } from "../market/instrument.ts";
import { backoffMs } from "./backoff.ts";
import { mapFrame } from "./binance_map.ts";
import { BinanceRest } from "./binance_rest.ts";
import { combinedStreamUrl, keepStream } from "./binance_stream.ts";
import { delay } from "./delay.ts";
import { ExchangeClock } from "./exchange_clock.ts";
import { SymbolFeed } from "./symbol_feed.ts";

export interface CollectorOptions {
  readonly symbols: readonly string[];
  readonly wsUrl: string;
  readonly restUrl: string;
  /** The name that people read, e.g. "Binance spot". */
  readonly exchangeName: string;
  readonly backfillMs: number;
  readonly emit: (event: MarketEvent) => void;
  readonly signal: AbortSignal;
  /** Local clock, used for lag and staleness alone. */
  readonly now?: () => number;
}

const STATUS_EVERY_MS = 1000;
/** Connected, but no frame of a symbol for this long. */
const STALE_AFTER_MS = 10_000;

/** Records the configured symbols from one exchange until its signal aborts. */
export class Collector {
  readonly #options: CollectorOptions;
  readonly #rest: BinanceRest;
  readonly #now: () => number;
  readonly #clock: ExchangeClock;
  readonly #feeds = new Map<string, SymbolFeed>();
  /** Local receive time and lag of the newest frame of each symbol. */
  readonly #received = new Map<string, { time: number; lagMs: number | null }>();
  readonly #unknownSeen = new Set<string>();
  readonly #refused = new Map<string, string>();
  #connected = false;
  #connection = "Connecting";

  constructor(options: CollectorOptions) {
    this.#options = options;
    this.#rest = new BinanceRest(options.restUrl);
    this.#now = options.now ?? Date.now;
    this.#clock = new ExchangeClock(this.#now);
    this.#connection = `Connecting to ${options.exchangeName}`;
  }

  async run(): Promise<void> {
    const { signal, wsUrl } = this.#options;
    const ticker = setInterval(() => this.#tellStatus(), STATUS_EVERY_MS);
    this.#tellStatus();
    try {
      await this.#loadInstruments();
      if (this.#feeds.size === 0) return await aborted(signal);
      const url = combinedStreamUrl(wsUrl, [...this.#feeds.keys()]);
      await keepStream(url, {
        onOpen: () => this.#setConnection(true, "Connected"),
        onFrame: (text) => this.takeFrame(text),
        onDown: (reason, retryMs) => {
          const seconds = (retryMs / 1000).toFixed(1);
          const message = `${this.#options.exchangeName}: ${reason}; next try in ${seconds} s`;
          this.#notice("warning", null, message);
          for (const feed of this.#feeds.values()) feed.streamLost(reason);
          this.#setConnection(false, message);
        },
      }, signal);
    } finally {
      clearInterval(ticker);
    }
  }

  /** Begins a book anew that the processor found to be wrong. */
  resync(symbol: string, reason: string): void {
    this.#feeds.get(symbol)?.streamLost(reason);
  }

  /** One text frame of the stream. A broken one is told and left out; nothing else is disturbed. */
  takeFrame(text: string): void {
    try {
      const message = mapFrame(text, (symbol) => this.#feeds.get(symbol)?.instrument);
      switch (message.type) {
        case "depth":
          this.#markReceived(message.symbol, message.diff.eventTime);
          return this.#feeds.get(message.symbol)?.takeDiff(message.diff);
        case "aggTrade":
          this.#markReceived(message.symbol, message.eventTime);
          return this.#feeds.get(message.symbol)?.takeTrade(message.trade, message.eventTime);
        case "ack":
          return;
        case "shutdown":
          return this.#notice("info", null, "The exchange announces that it closes the connection");
        case "refusal":
          return this.#notice(
            "error",
            null,
            `The exchange refused a request: ${message.message} (${message.code})`,
          );
        case "unknown":
          // Once per kind: an unknown event of a busy stream would drown everything else.
          if (this.#unknownSeen.has(message.what)) return;
          this.#unknownSeen.add(message.what);
          return this.#notice("warning", null, `Ignored an unknown ${message.what}`);
        default:
          message satisfies never;
      }
    } catch (error) {
      this.#notice("warning", null, `Ignored: ${errorText(error)}`);
    }
  }

  async #loadInstruments(): Promise<void> {
    const { symbols, signal, exchangeName } = this.#options;
    for (const symbol of symbols) {
      const instrument = await this.#loadInstrument(symbol);
      if (signal.aborted) return;
      if (instrument === null) {
        const message = `${exchangeName} does not list the symbol "${symbol}"`;
        this.#refused.set(symbol, message);
        this.#notice("error", symbol, message);
        continue;
      }
      this.#addFeed(instrument);
    }
  }

  async #loadInstrument(symbol: string): Promise<Instrument | null> {
    const { signal, exchangeName } = this.#options;
    for (let failures = 1; !signal.aborted; failures++) {
      try {
        return await this.#rest.instrument(symbol, signal);
      } catch (error) {
        if (signal.aborted) break;
        const waitMs = backoffMs(failures);
        const seconds = (waitMs / 1000).toFixed(1);
        const message = `${exchangeName} does not answer: ${
          errorText(error)
        }; next try in ${seconds} s`;
        this.#notice("warning", symbol, message);
        this.#setConnection(false, message);
        await delay(waitMs, signal).catch(() => {});
      }
    }
    return null;
  }

  #addFeed(instrument: Instrument): void {
    const { emit, backfillMs, signal } = this.#options;
    emit({ type: "instrument", instrument });
    const notice = (level: "info" | "warning", message: string) =>
      this.#notice(level, instrument.symbol, message);
    const feed = new SymbolFeed({
      instrument,
      rest: this.#rest,
      emit,
      notice,
      backfillMs,
      signal,
      now: this.#now,
    });
    this.#feeds.set(instrument.symbol, feed);
  }

  #markReceived(symbol: string, eventTime: number): void {
    this.#received.set(symbol, { time: this.#now(), lagMs: this.#clock.ageMs(eventTime) });
  }

  #setConnection(connected: boolean, message: string): void {
    this.#connected = connected;
    this.#connection = message;
    this.#tellStatus();
  }

  #tellStatus(): void {
    if (this.#connected && this.#clock.isDue) {
      // Lag stays unknown while the exchange does not tell its time; nothing else needs it.
      this.#clock.measure(() => this.#rest.time(this.#options.signal)).catch(() => {});
    }
    for (const symbol of this.#options.symbols) this.#options.emit(this.#statusOf(symbol));
  }

  #statusOf(symbol: string): SymbolStatusEvent {
    const received = this.#received.get(symbol);
    const base = {
      type: "symbolStatus",
      symbol,
      connected: this.#connected,
      lagMs: received?.lagMs ?? null,
    } as const;
    const refused = this.#refused.get(symbol);
    if (refused !== undefined) {
      return { ...base, connected: false, state: "offline", message: refused };
    }
    if (!this.#connected) return { ...base, state: "connecting", message: this.#connection };
    const feed = this.#feeds.get(symbol);
    const silentMs = received === undefined ? 0 : this.#now() - received.time;
    if (silentMs > STALE_AFTER_MS) {
      const message = `No data for ${Math.floor(silentMs / 1000)} s although connected`;
      return { ...base, state: "stale", message };
    }
    if (feed === undefined || !feed.depth.isSynced) {
      return { ...base, state: "synchronising", message: "Waiting for the order book" };
    }
    const progress = feed.repair.progress;
    const message = progress === null
      ? "Live"
      : `Live, fetching earlier trades (${progress.done} of ${progress.of})`;
    return { ...base, state: "live", message };
  }

  #notice(level: FeedNoticeEvent["level"], symbol: string | null, message: string): void {
    this.#options.emit({ type: "feedNotice", level, symbol, message, time: this.#now() });
  }
}
