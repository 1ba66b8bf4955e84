import type { TradeEvent, TradesLostEvent, TradesVoidEvent } from "../bus/messages.ts";
import { IdRanges } from "../market/id_ranges.ts";
import type { Trade } from "../market/types.ts";

export interface TradeSequenceOutput {
  /** `isArchived`: it came from the archive and need not go there again. */
  emit(event: TradeEvent | TradesLostEvent | TradesVoidEvent, isArchived: boolean): void;
  /** Ids that the stream left out and that REST may still give. */
  repair(fromId: number, toId: number): void;
}

/** A lower id of a trade that is so much later: the exchange has begun to number anew. */
const RENUMBERED_MS = 5_000;

/** Checks that the aggTrade ids of one symbol are continuous; every id goes on exactly once. */
export class TradeSequence {
  readonly #symbol: string;
  readonly #output: TradeSequenceOutput;
  readonly #held = new IdRanges();
  #newest: Trade | null = null;

  constructor(symbol: string, output: TradeSequenceOutput) {
    this.#symbol = symbol;
    this.#output = output;
  }

  get firstId(): number | null {
    return this.#held.ranges[0]?.from ?? null;
  }

  /** A trade of the stream. */
  take(trade: Trade): void {
    const newest = this.#newest;
    if (newest !== null && trade.id > newest.id + 1) {
      const [fromId, toId] = [newest.id + 1, trade.id - 1];
      const reason = `aggTrade ${trade.id} does not follow ${newest.id}`;
      const [fromTime, toTime] = [newest.tradeTime, trade.tradeTime];
      const symbol = this.#symbol;
      this.#output.emit(
        { type: "tradesLost", symbol, fromId, toId, fromTime, toTime, reason },
        false,
      );
      this.#output.repair(fromId, toId);
    }
    const isRenumbered = newest !== null && trade.tradeTime - newest.tradeTime >= RENUMBERED_MS;
    if (newest === null || trade.id > newest.id || isRenumbered) this.#newest = trade;
    this.#pass(trade, false);
  }

  /** Ids that went on, but never arrived: they are fetched and go on again. */
  reopen(fromId: number, toId: number): void {
    this.#held.remove(fromId, toId);
    this.#output.repair(fromId, toId);
  }

  /** A trade fetched from REST. Duplicates are dropped. */
  takeRepaired(trade: Trade): void {
    this.#pass(trade, false);
  }

  /** Ids that REST declares to be no trades: nothing is missing there. */
  takeVoid(fromId: number, toId: number): void {
    for (const { from, to } of this.#held.missing(fromId, toId)) {
      this.#held.addRange(from, to);
      const range = { fromId: from, toId: to };
      this.#output.emit({ type: "tradesVoid", symbol: this.#symbol, ...range }, false);
    }
  }

  /** A trade that was recorded before. */
  takeArchived(trade: Trade): void {
    this.#pass(trade, true);
  }

  #pass(trade: Trade, isArchived: boolean): void {
    if (!this.#held.add(trade.id)) return;
    this.#output.emit({ type: "trade", symbol: this.#symbol, trade }, isArchived);
  }
}
