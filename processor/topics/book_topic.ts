import type { Side } from "../../market/types.ts";
import type { SymbolState } from "../symbol_state.ts";
import type { FrameBody, Topic } from "./topic.ts";

export class BookTopic implements Topic<"book"> {
  readonly kind = "book";
  readonly #changed = { bid: new Map<number, number>(), ask: new Map<number, number>() };
  #reset = false;

  get isDirty(): boolean {
    return this.#reset || this.#changed.bid.size > 0 || this.#changed.ask.size > 0;
  }

  get mustBeFull(): boolean {
    return this.#reset;
  }

  /** The book began anew or was lost: single changes no longer tell it. */
  markReset(): void {
    this.#reset = true;
    this.#changed.bid.clear();
    this.#changed.ask.clear();
  }

  markLevel(side: Side, priceTicks: number, lots: number): void {
    if (!this.#reset) this.#changed[side].set(priceTicks, lots);
  }

  body({ book }: SymbolState, _context: unknown, full: boolean): FrameBody<"book"> {
    return {
      eventTime: book.eventTime,
      lastUpdateId: book.lastUpdateId,
      known: book.known,
      bids: full ? book.bids.levels() : [...this.#changed.bid].flat(),
      asks: full ? book.asks.levels() : [...this.#changed.ask].flat(),
    };
  }

  clear(): void {
    this.#reset = false;
    this.#changed.bid.clear();
    this.#changed.ask.clear();
  }
}
