import type { BookFrame } from "../bus/messages.ts";
import { BookSide } from "../market/book_side.ts";
import type { FlatLevels, Side } from "../market/types.ts";

/** The current order book as the server tells it; empty and unknown after any doubt. */
export class BookStore {
  readonly #bids = new BookSide("bid");
  readonly #asks = new BookSide("ask");
  #known: readonly [number, number] | null = null;
  version = 0;

  get known(): readonly [number, number] | null {
    return this.#known;
  }

  /** Null while it is unknown: without a book, or beyond the known range. */
  get bestBid(): number | null {
    return this.#ifKnown(this.#bids.bestTicks);
  }

  get bestAsk(): number | null {
    return this.#ifKnown(this.#asks.bestTicks);
  }

  applyFrame(frame: BookFrame): void {
    this.version++;
    if (frame.full || frame.known === null) {
      this.#bids.clear();
      this.#asks.clear();
    }
    this.#known = frame.known;
    if (frame.known === null) return;
    setLevels(this.#bids, frame.bids);
    setLevels(this.#asks, frame.asks);
  }

  /** The link was lost: what was held says nothing about this moment. */
  drop(): void {
    this.version++;
    this.#bids.clear();
    this.#asks.clear();
    this.#known = null;
  }

  /** Rows beyond the known range hold only what diffs told of: their sums are not whole. */
  rows(side: Side, groupTicks: number, limit: number): FlatLevels {
    return (side === "bid" ? this.#bids : this.#asks).rows(groupTicks, limit);
  }

  /** Beyond the known range a better price may rest that no diff has told of. */
  #ifKnown(ticks: number | null): number | null {
    if (ticks === null || this.#known === null) return null;
    const [low, high] = this.#known;
    return ticks >= low && ticks <= high ? ticks : null;
  }
}

function setLevels(side: BookSide, flat: FlatLevels): void {
  for (let i = 0; i < flat.length; i += 2) side.set(flat[i], flat[i + 1]);
}
