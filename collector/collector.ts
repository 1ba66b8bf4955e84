import { aborted } from "../bus/aborted.ts";
import { errorText } from "../bus/error_text.ts";
import type { FeedNoticeEvent, MarketEvent, SymbolStatusEvent } from "../bus/messages.ts";
import type { Instrument } from "../market/instrument.ts";
import type { ArchiveClient } from "./archive_client.ts";
import { AttemptLimit } from "./attempt_limit.ts";
import { seriesOf } from "./archive/trade_series.ts";
import type { ExchangeAdapter, ExchangeConnection, StreamKind } from "./exchange_adapter.ts";
import { ExchangeClock } from "./exchange_clock.ts";
import { loadInstrument } from "./load_instrument.ts";
import { StreamKeeper, type StreamLimits } from "./stream_keeper.ts";
import { symbolStatus } from "./symbol_status.ts";
import { StreamWatch } from "./stream_watch.ts";
import { SymbolFeed } from "./symbol_feed.ts";

export interface CollectorOptions {
  readonly symbols: readonly string[];
  readonly exchange: ExchangeAdapter;
  /** The name that people read instead of the exchange's own. */
  readonly exchangeName?: string;
  readonly streamLimits?: StreamLimits;
  readonly backfillMs: number;
  /** Keeps the trades; without it nothing is recorded. */
  readonly archive?: ArchiveClient;
  /** Takes every frame as it was received. */
  readonly onFrame?: (text: string) => void;
  /** Resolves when whoever takes the events keeps up. */
  readonly room?: () => Promise<void>;
  readonly emit: (event: MarketEvent) => void;
  readonly signal: AbortSignal;
  /** A clock in ms that nobody sets, used for lag and staleness alone. */
  readonly now?: () => number;
}

/** One connection and what keeps it. */
interface ExchangeLine {
  readonly connection: ExchangeConnection;
  readonly keeper: StreamKeeper;
  readonly watch: StreamWatch;
  isOpen: boolean;
}

/** Local receive times of a symbol's newest frames, and the lag of the newest of all. */
interface Received {
  depth: number | null;
  aggTrade: number | null;
  lagMs: number | null;
}

const STATUS_EVERY_MS = 1000;

/** Records the configured symbols from one exchange until its signal aborts. */
export class Collector {
  readonly #options: CollectorOptions;
  readonly #exchange: ExchangeAdapter;
  readonly #exchangeName: string;
  readonly #now: () => number;
  readonly #clock: ExchangeClock;
  readonly #feeds = new Map<string, SymbolFeed>();
  readonly #received = new Map<string, Received>();
  readonly #unknownSeen = new Set<string>();
  readonly #refused = new Map<string, string>();
  readonly #lines: ExchangeLine[] = [];
  readonly #attempts = new AttemptLimit();
  /** What is said while a connection is down. */
  #connection: string;

  constructor(options: CollectorOptions) {
    this.#options = options;
    this.#exchange = options.exchange;
    this.#exchangeName = options.exchangeName ?? options.exchange.name;
    this.#now = options.now ?? (() => performance.now());
    this.#clock = new ExchangeClock(this.#now);
    this.#connection = `Connecting to ${this.#exchangeName}`;
  }

  async run(): Promise<void> {
    const { signal } = this.#options;
    const ticker = setInterval(() => {
      this.#tellStatus();
      this.#renewSilent();
    }, STATUS_EVERY_MS);
    this.#tellStatus();
    try {
      await this.#loadInstruments();
      if (this.#feeds.size === 0) return await aborted(signal);
      const connections = this.#exchange.connections([...this.#feeds.keys()]);
      this.#lines.push(...connections.map((connection) => this.#line(connection)));
      await Promise.all(this.#lines.map(({ keeper }) => keeper.run(signal)));
    } finally {
      clearInterval(ticker);
    }
  }

  #line(connection: ExchangeConnection): ExchangeLine {
    const handlers = {
      onOpen: () => {
        line.watch.opened(this.#now());
        this.#setOpen(line, true, "Connected");
        if (!connection.kinds.includes("aggTrade")) return;
        for (const symbol of connection.symbols) void this.#feeds.get(symbol)?.begin();
      },
      onFrame: (text: string) => this.#takeFrame(text, line),
      onDown: (reason: string, retryMs: number) => {
        const message = `${this.#exchangeName}: ${reason}; next try in ${inSeconds(retryMs)}`;
        this.#notice("warning", null, message);
        // Missed diffs are lost for certain; missed trades show by their ids.
        if (connection.kinds.includes("depth")) {
          for (const symbol of connection.symbols) this.#feeds.get(symbol)?.streamLost(reason);
        }
        this.#setOpen(line, false, message);
      },
    };
    const { streamLimits } = this.#options;
    const keeper = new StreamKeeper(connection.url, handlers, streamLimits, this.#attempts);
    const watch = new StreamWatch(connection.kinds.includes("depth") ? connection.symbols : []);
    const line: ExchangeLine = { connection, keeper, watch, isOpen: false };
    return line;
  }

  /** Begins a book anew that the processor found to be wrong. */
  resync(symbol: string, reason: string): void {
    this.#feeds.get(symbol)?.streamLost(reason);
  }

  /** Trades that went on but never arrived are fetched again. */
  refetch(symbol: string, fromId: number, toId: number): void {
    this.#feeds.get(symbol)?.trades.reopen(fromId, toId);
  }

  /** Takes a fresh snapshot of every book, in the background. */
  refreshBooks(reason: string): void {
    for (const feed of this.#feeds.values()) feed.depth.refresh(reason);
  }

  /** What people should know of the archive. */
  tell(level: FeedNoticeEvent["level"], message: string): void {
    this.#notice(level, null, message);
  }

  /** One text frame of the stream. A broken one is told and left out; nothing else is disturbed. */
  #takeFrame(text: string, line: ExchangeLine): void {
    this.#options.onFrame?.(text);
    try {
      const instrumentOf = (symbol: string) => this.#feeds.get(symbol)?.instrument;
      const message = this.#exchange.mapFrame(text, instrumentOf);
      switch (message.type) {
        case "depth":
          line.watch.took(message.symbol, this.#now());
          this.#markReceived(message.symbol, "depth", message.diff.eventTime);
          return this.#feeds.get(message.symbol)?.takeDiff(message.diff);
        case "aggTrade":
          line.watch.took(null, this.#now());
          this.#markReceived(message.symbol, "aggTrade", message.eventTime);
          return this.#feeds.get(message.symbol)?.takeTrade(message.trade, message.eventTime);
        case "brokenDepth":
          this.#feeds.get(message.symbol)?.depth.loseBefore(message.lastUpdateId, message.reason);
          return this.#notice("warning", null, `Ignored: ${message.reason}`);
        case "ack":
          return;
        case "shutdown":
          line.keeper.renew();
          return this.#notice("info", null, "The exchange announces a restart: connecting anew");
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
    const { symbols, signal } = this.#options;
    for (const symbol of symbols) {
      const instrument = await loadInstrument(symbol, {
        exchange: this.#exchange,
        exchangeName: this.#exchangeName,
        waiting: (message) => {
          this.#notice("warning", symbol, message);
          this.#connection = message;
          this.#tellStatus();
        },
        signal,
      });
      if (signal.aborted) return;
      if (typeof instrument !== "string") {
        this.#addFeed(instrument);
        continue;
      }
      this.#refused.set(symbol, instrument);
      this.#notice("error", symbol, instrument);
    }
  }

  #addFeed(instrument: Instrument): void {
    const { emit, backfillMs, signal, archive = null } = this.#options;
    emit({ type: "instrument", instrument });
    // Not waited for: the live chart must not wait for the disk.
    const archivedUntil = archive?.open(seriesOf(instrument)).catch(() => null) ?? null;
    const notice = (level: "info" | "warning", message: string) =>
      this.#notice(level, instrument.symbol, message);
    const feed = new SymbolFeed({
      instrument,
      rest: this.#exchange.rest,
      emit,
      notice,
      backfillMs,
      archive,
      archivedUntil,
      room: this.#options.room ?? (() => Promise.resolve()),
      signal,
      now: this.#now,
    });
    this.#feeds.set(instrument.symbol, feed);
  }

  #markReceived(symbol: string, kind: StreamKind, eventTime: number): void {
    const received = this.#received.get(symbol) ?? { depth: null, aggTrade: null, lagMs: null };
    received[kind] = this.#now();
    received.lagMs = this.#clock.ageMs(eventTime);
    this.#received.set(symbol, received);
  }

  #setOpen(line: ExchangeLine, isOpen: boolean, message: string): void {
    line.isOpen = isOpen;
    this.#connection = message;
    this.#tellStatus();
  }

  /** Every connection that carries something of a symbol is open. */
  #isConnected(symbol: string): boolean {
    const lines = this.#lines.filter(({ connection }) => connection.symbols.includes(symbol));
    return lines.length > 0 && lines.every(({ isOpen }) => isOpen);
  }

  #tellStatus(): void {
    if (this.#lines.some(({ isOpen }) => isOpen) && this.#clock.isDue) {
      // Lag stays unknown while the exchange does not tell its time; nothing else needs it.
      this.#clock.measure(() => this.#exchange.rest.time(this.#options.signal)).catch(() => {});
    }
    for (const symbol of this.#options.symbols) this.#options.emit(this.#statusOf(symbol));
  }

  /** A stream may be acknowledged and carry nothing: a new connection may carry it. */
  #renewSilent(): void {
    for (const line of this.#lines) {
      const reason = line.isOpen ? line.watch.reasonAt(this.#now()) : null;
      if (reason === null) continue;
      this.#notice("warning", null, `${this.#exchangeName}: ${reason}; connecting anew`);
      line.keeper.renew();
    }
  }

  #statusOf(symbol: string): SymbolStatusEvent {
    const feed = this.#feeds.get(symbol);
    const received = this.#received.get(symbol);
    return symbolStatus({
      symbol,
      refusal: this.#refused.get(symbol) ?? null,
      isConnected: this.#isConnected(symbol),
      connection: this.#connection,
      isSynced: feed?.depth.isSynced ?? false,
      silentMs: received?.depth == null ? 0 : this.#now() - received.depth,
      lagMs: received?.lagMs ?? null,
      backfill: feed?.repair.progress ?? null,
      recording: this.#options.archive?.recording ?? null,
    });
  }

  #notice(level: FeedNoticeEvent["level"], symbol: string | null, message: string): void {
    this.#options.emit({ type: "feedNotice", level, symbol, message, time: Date.now() });
  }
}

function inSeconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
