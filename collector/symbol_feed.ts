import { errorText } from "../bus/error_text.ts";
import type { MarketEvent } from "../bus/messages.ts";
import type { Instrument } from "../market/instrument.ts";
import { rangeOf } from "../market/order_book.ts";
import type { DepthDiff, Trade } from "../market/types.ts";
import { backoffMs } from "./backoff.ts";
import { BinanceRestError } from "./binance_rest.ts";
import { delay } from "./delay.ts";
import { DepthSync } from "./depth_sync.ts";
import type { ExchangeRest } from "./exchange_adapter.ts";
import { RangeWatch } from "./range_watch.ts";
import { TradeRepair } from "./trade_repair.ts";
import { TradeSequence } from "./trade_sequence.ts";

export interface SymbolFeedOptions {
  readonly instrument: Instrument;
  readonly rest: ExchangeRest;
  readonly emit: (event: MarketEvent) => void;
  readonly notice: (level: "info" | "warning", message: string) => void;
  /** How far back trades are fetched when the feed starts. */
  readonly backfillMs: number;
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
      notice,
    });
    this.trades = new TradeSequence(instrument.symbol, {
      emit: (event) => {
        if (event.type === "tradesLost") notice("warning", `Trades missing: ${event.reason}`);
        emit(event);
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
    if (isFirst && this.#options.backfillMs > 0) {
      this.repair.addSince(trade.tradeTime - this.#options.backfillMs, trade.id - 1);
    }
  }

  /** The stream is down: diffs were missed for certain, trades show by their ids. */
  streamLost(reason: string): void {
    this.depth.lose(reason);
  }

  async #fetchSnapshot(): Promise<void> {
    if (this.#fetching) return;
    this.#fetching = true;
    const { rest, signal, notice } = this.#options;
    for (let failures = 0; !signal.aborted;) {
      try {
        const snapshot = await rest.depth(this.instrument, signal);
        this.#fetching = false;
        return this.depth.takeSnapshot(snapshot);
      } catch (error) {
        if (signal.aborted) return;
        failures++;
        const waitMs = retryAfter(error) ?? backoffMs(failures);
        const seconds = (waitMs / 1000).toFixed(1);
        notice("warning", `No order book snapshot: ${errorText(error)}; next try in ${seconds} s`);
        await delay(waitMs, signal).catch(() => {});
      }
    }
  }
}

function retryAfter(error: unknown): number | null {
  return error instanceof BinanceRestError ? error.retryAfterMs : null;
}
