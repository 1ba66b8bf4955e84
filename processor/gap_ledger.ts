import type { TradesLostEvent } from "../bus/messages.ts";

/** A span for which something is not known, or was not until it was repaired. Times are UTC ms. */
export interface Gap {
  readonly kind: "book" | "trades";
  /** Last moment that is known before the gap. */
  readonly from: number;
  /** First moment that is known after it; null while it lasts. */
  to: number | null;
  readonly reason: string;
  /** Missing trades were fetched; a book cannot be repaired. */
  repaired: boolean;
  /** Missing aggTrade ids. */
  readonly ids: { readonly from: number; readonly to: number } | null;
}

/** The oldest gaps are forgotten beyond this. */
const MAX_GAPS = 10_000;

/** What one symbol's data lacks, in the order in which it was found. */
export class GapLedger {
  readonly #gaps: Gap[] = [];

  /** Gaps that last, or whose trades are still missing. */
  get open(): number {
    return this.#gaps.filter(isOpen).length;
  }

  /** Gaps whose trades were fetched after all. */
  get repaired(): number {
    return this.#gaps.filter(({ repaired }) => repaired).length;
  }

  /** Gaps that touch [from, to). */
  between(from: number, to: number): readonly Gap[] {
    return this.#gaps.filter((gap) => gap.from < to && (gap.to ?? Infinity) >= from);
  }

  beginBook(from: number, reason: string): void {
    this.#add({ kind: "book", from, to: null, reason, repaired: false, ids: null });
  }

  endBook(to: number): void {
    for (const gap of this.#gaps) if (gap.kind === "book" && gap.to === null) gap.to = to;
  }

  /** @param newestTime trade time of the newest trade, for a hole that does not tell its own */
  addTrades(lost: TradesLostEvent, newestTime: number): void {
    const { fromId, toId, fromTime, toTime, reason } = lost;
    const ids = { from: fromId, to: toId };
    const from = fromTime ?? newestTime;
    this.#add({ kind: "trades", from, to: toTime, reason, repaired: false, ids });
  }

  /** A trade came: it may be the first after a hole, or the last that filled one. */
  noteTrade(id: number, tradeTime: number, holds: (from: number, to: number) => boolean): void {
    for (const gap of this.#gaps) {
      if (gap.ids === null || !isOpen(gap)) continue;
      if (gap.to === null && id > gap.ids.to) gap.to = Math.max(gap.from, tradeTime);
      if (holds(gap.ids.from, gap.ids.to)) gap.repaired = true;
    }
  }

  #add(gap: Gap): void {
    this.#gaps.push(gap);
    if (this.#gaps.length > MAX_GAPS) this.#gaps.shift();
  }
}

function isOpen(gap: Gap): boolean {
  return gap.kind === "book" ? gap.to === null : !gap.repaired;
}
