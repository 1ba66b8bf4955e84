import { errorText } from "../bus/error_text.ts";
import type { MarketEvent, TradesLostEvent } from "../bus/messages.ts";
import type { Instrument } from "../market/instrument.ts";
import { rangeOf } from "../market/order_book.ts";
import type { DepthDiff, Trade } from "../market/types.ts";
import { VOID_IDS } from "./archive/gap_notes.ts";
import type { ArchiveClient } from "./archive_client.ts";
import type { ArchivedUntil } from "./archive/messages.ts";
import { delay } from "./delay.ts";
import { DepthSync } from "./depth_sync.ts";
import type { ExchangeRest } from "./exchange_adapter.ts";
import { RangeWatch } from "./range_watch.ts";
import { retryMs } from "./retry_ms.ts";
import { SnapshotPace } from "./snapshot_pace.ts";
import { bringBackHistory } from "./trade_history.ts";
import { TradeRepair } from "./trade_repair.ts";
import { TradeSequence } from "./trade_sequence.ts";

export interface SymbolFeedOptions {
  readonly instrument: Instrument;
  readonly rest: ExchangeRest;
  readonly emit: (event: MarketEvent) => void;
  readonly notice: (level: "info" | "warning", message: string) => void;
  /** How far back trades are fetched when the feed starts. */
  readonly backfillMs: number;
  /** Keeps the trades; null records nothing. */
  readonly archive: ArchiveClient | null;
  /** Comes when the archive is open: with years of trades in it that takes a moment. */
  readonly archivedUntil: Promise<ArchivedUntil | null> | null;
  /** Resolves when whoever takes the events keeps up. */
  readonly room: () => Promise<void>;
  readonly signal: AbortSignal;
  /** Local clock. */
  readonly now: () => number;
}

/** Book and trades of one symbol, put in order from one stream and the REST interface. */
export class SymbolFeed {
  readonly instrument: Instrument;
  readonly depth: DepthSync;
  readonly trades: TradeSequence;
  readonly repair: TradeRepair;
  /** Exchange time of the newest event, or null before the first. */
  lastEventTime: number | null = null;
  readonly #options: SymbolFeedOptions;
  readonly #range = new RangeWatch();
  readonly #pace = new SnapshotPace();
  #fetching = false;

  constructor(options: SymbolFeedOptions) {
    const { instrument, emit, notice, rest, signal } = options;
    this.instrument = instrument;
    this.#options = options;
    this.depth = new DepthSync(instrument.symbol, {
      emit: (event) => {
        if (event.type === "bookLost") notice("warning", `Order book lost: ${event.reason}`);
        if (event.type === "depthWidened") this.#range.take(event.range, options.now());
        if (event.type === "depthSnapshot") {
          this.#range.take(rangeOf(event.snapshot) ?? [0, 0], options.now());
        }
        emit(event);
      },
      requestSnapshot: () => void this.#fetchSnapshot(),
    });
    this.repair = new TradeRepair({
      instrument,
      rest,
      signal,
      take: (trade) => this.trades.takeRepaired(trade),
      takeVoid: (fromId, toId) => this.trades.takeVoid(fromId, toId),
      missing: (fromId, toId, reason) => {
        notice("info", `aggTrades ${fromId} to ${toId}: ${reason}`);
        this.#noteMissing(fromId, toId, reason);
      },
      notice,
    });
    this.trades = new TradeSequence(instrument.symbol, {
      emit: (event, isArchived) => {
        if (event.type === "tradesLost") return this.#tellLost(event);
        emit(event);
        if (event.type === "tradesVoid") {
          this.#noteMissing(event.fromId, event.toId, VOID_IDS);
        } else if (!isArchived) options.archive?.take(instrument.symbol, event.trade);
      },
      repair: (fromId, toId) => this.repair.add(fromId, toId),
    });
  }

  takeDiff(diff: DepthDiff): void {
    this.lastEventTime = diff.eventTime;
    this.depth.takeDiff(diff);
  }

  takeTrade(trade: Trade, eventTime: number): void {
    const isFirst = this.trades.firstId === null;
    this.lastEventTime = eventTime;
    this.trades.take(trade);
    const reason = this.#range.reasonAt(trade.priceTicks, this.#options.now());
    if (reason !== null) this.depth.refresh(reason);
    if (isFirst) void this.#bringBack(trade);
  }

  /**
   * Looks for what was missed before the first trade of the stream comes: a quiet symbol may have
   * none for hours. The stream must be open, so that nothing gets lost between.
   */
  async begin(): Promise<void> {
    const { rest, signal, backfillMs } = this.#options;
    if (backfillMs === 0 || this.trades.firstId !== null) return;
    const newest = await rest.newestAggTrade(this.instrument, signal).catch(() => null);
    // The first trade of the stream would do as well: nothing is lost when this fails.
    if (newest !== null && this.trades.firstId === null) this.takeTrade(newest, newest.tradeTime);
  }

  /** The stream is down: diffs were missed for certain, trades show by their ids. */
  streamLost(reason: string): void {
    this.depth.lose(reason);
  }

  async #bringBack(first: Trade): Promise<void> {
    const { instrument, archive, notice, backfillMs } = this.#options;
    const { symbol } = instrument;
    try {
      await bringBackHistory({
        ...this.#options,
        archivedUntil: await this.#options.archivedUntil,
        symbol,
        readArchive: (fromTime) => archive?.read(symbol, fromTime) ?? noTrades(),
        takeArchived: (trade) => this.trades.takeArchived(trade),
        lost: (event) => this.#tellLost(event),
        repair: this.repair,
      }, first);
    } catch (error) {
      if (this.#options.signal.aborted) return;
      notice("warning", `Recorded trades cannot be read: ${errorText(error)}`);
      if (backfillMs > 0) this.repair.addSince(first.tradeTime - backfillMs, first.id - 1);
    }
  }

  #tellLost(event: TradesLostEvent): void {
    const { emit, notice } = this.#options;
    const { fromId, toId, reason } = event;
    const count = toId - fromId + 1;
    notice("warning", `${count} trades missing (aggTrades ${fromId} to ${toId}): ${reason}`);
    this.#noteMissing(fromId, toId, reason);
    emit(event);
  }

  /** The archive knows why it lacks ids; the note is void when they come after all. */
  #noteMissing(fromId: number, toId: number, reason: string): void {
    const { archive, instrument } = this.#options;
    const time = this.lastEventTime ?? 0;
    archive?.note(instrument.symbol, { fromId, toId, reason, time });
  }

  async #fetchSnapshot(): Promise<void> {
    if (this.#fetching) return;
    this.#fetching = true;
    const { rest, signal, notice, now } = this.#options;
    const pauseMs = this.#pace.pauseMs(now());
    if (pauseMs > 0) await delay(pauseMs, signal).catch(() => {});
    for (let failures = 0; !signal.aborted;) {
      try {
        const snapshot = await rest.depth(this.instrument, signal);
        this.#fetching = false;
        return this.depth.takeSnapshot(snapshot);
      } catch (error) {
        if (signal.aborted) return;
        const waitMs = retryMs(error, ++failures);
        const seconds = (waitMs / 1000).toFixed(1);
        notice("warning", `No order book snapshot: ${errorText(error)}; next try in ${seconds} s`);
        await delay(waitMs, signal).catch(() => {});
      }
    }
  }
}

async function* noTrades(): AsyncGenerator<Trade[]> {}
