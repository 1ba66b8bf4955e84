import type { TradeEvent, TradesLostEvent } from "../bus/messages.ts";
import { IdRanges } from "../market/id_ranges.ts";
import type { Trade } from "../market/types.ts";

export interface TradeSequenceOutput {
  emit(event: TradeEvent | TradesLostEvent): void;
  /** Ids that the stream left out and that REST may still give. */
  repair(fromId: number, toId: number): void;
}

/** Checks that the aggTrade ids of one symbol are continuous; every id goes on exactly once. */
export class TradeSequence {
  readonly #symbol: string;
  readonly #output: TradeSequenceOutput;
  readonly #held = new IdRanges();
  #newestId: number | null = null;

  constructor(symbol: string, output: TradeSequenceOutput) {
    this.#symbol = symbol;
    this.#output = output;
  }

  /** Ids that are still missing between the first and the last one held. */
  get holes(): readonly { readonly from: number; readonly to: number }[] {
    return this.#held.holes();
  }

  get firstId(): number | null {
    return this.#held.ranges[0]?.from ?? null;
  }

  /** A trade of the stream. */
  take(trade: Trade): void {
    const newest = this.#newestId;
    if (newest !== null && trade.id > newest + 1) {
      const [fromId, toId] = [newest + 1, trade.id - 1];
      const reason = `aggTrade ${trade.id} does not follow ${newest}`;
      this.#output.emit({ type: "tradesLost", symbol: this.#symbol, fromId, toId, reason });
      this.#output.repair(fromId, toId);
    }
    if (newest === null || trade.id > newest) this.#newestId = trade.id;
    this.takeRepaired(trade);
  }

  /** Ids that went on, but never arrived: they are fetched and go on again. */
  reopen(fromId: number, toId: number): void {
    this.#held.remove(fromId, toId);
    this.#output.repair(fromId, toId);
  }

  /** A trade fetched from REST. Duplicates are dropped. */
  takeRepaired(trade: Trade): void {
    if (!this.#held.add(trade.id)) return;
    this.#output.emit({ type: "trade", symbol: this.#symbol, trade });
  }
}
