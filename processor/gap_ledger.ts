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
  #gaps: Gap[] = [];
  /** Those that last, or whose trades are still missing: every trade is held against them alone. */
  #open = new Set<Gap>();
  /** Gaps that are new or have changed since they were taken. */
  #changed = new Set<Gap>();
  /** When the book became known for the first time. */
  #firstKnown: number | null = null;

  /** Gaps that last, or whose trades are still missing. */
  get open(): number {
    return this.#open.size;
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
    this.#firstKnown ??= to;
    for (const gap of this.#open) {
      if (gap.kind !== "book") continue;
      gap.to = Math.max(gap.from, to);
      this.#changed.add(gap);
      this.#open.delete(gap);
    }
  }

  /** The book was known, but what it held from one time to another was not kept. */
  loseBook(from: number, to: number, reason: string): void {
    this.#add({ kind: "book", from, to, reason, repaired: false, ids: null });
  }

  /** @param newestTime trade time of the newest trade, for a hole that does not tell its own */
  addTrades(lost: TradesLostEvent, newestTime: number): void {
    const { fromId, toId, fromTime, toTime, reason } = lost;
    const ids = { from: fromId, to: toId };
    // A hole of an earlier run is found again at every start.
    for (const gap of this.#open) if (sameIds(gap, ids)) return;
    const from = fromTime ?? newestTime;
    this.#add({ kind: "trades", from, to: toTime, reason, repaired: false, ids });
  }

  /** A trade came: it may be the first after a hole, or the last that filled one. */
  noteTrade(id: number, tradeTime: number, holds: HoldsIds): void {
    for (const gap of this.#open) {
      if (gap.ids === null) continue;
      const ends = gap.to === null && id > gap.ids.to;
      if (ends) gap.to = Math.max(gap.from, tradeTime);
      gap.repaired = holds(gap.ids.from, gap.ids.to);
      if (ends || gap.repaired) this.#changed.add(gap);
      if (gap.repaired) this.#open.delete(gap);
    }
  }

  /** Ids turned out to be no trades: a gap may have lacked nothing else. */
  noteVoid(holds: HoldsIds): void {
    for (const gap of this.#open) {
      if (gap.ids === null || !holds(gap.ids.from, gap.ids.to)) continue;
      gap.repaired = true;
      this.#changed.add(gap);
      this.#open.delete(gap);
    }
  }

  /**
   * Puts what an earlier run found before what this one did.
   *
   * @param keptUntil until when the book was known and kept then; what followed is a gap too
   */
  restore(older: readonly Gap[], keptUntil: number | null, holds: HoldsIds): void {
    const bookUntil = keptUntil === null ? null : endOfGapsFrom(keptUntil, older);
    const found = this.#gaps.filter(({ ids }) =>
      ids === null || !older.some((gap) => isOpen(gap) && sameIds(gap, ids))
    );
    for (const gap of this.#gaps) if (!found.includes(gap)) this.#changed.delete(gap);
    this.#gaps = [...older, ...found];
    for (const gap of older) {
      if (gap.ids === null || gap.repaired || !holds(gap.ids.from, gap.ids.to)) continue;
      gap.repaired = true;
      this.#changed.add(gap);
    }
    const lasts = older.some((gap) => gap.kind === "book" && gap.to === null);
    if (!lasts && bookUntil !== null && (this.#firstKnown ?? Infinity) > bookUntil) {
      const reason = "the program was not running";
      const between: Gap = {
        kind: "book",
        from: bookUntil,
        to: null,
        reason,
        repaired: false,
        ids: null,
      };
      this.#gaps.splice(older.length, 0, between);
      this.#changed.add(between);
    }
    for (const gap of this.#gaps.slice(0, this.#gaps.length - found.length)) {
      if (gap.kind !== "book" || gap.to !== null) continue;
      if (this.#firstKnown === null || gap.from > this.#firstKnown) continue;
      gap.to = this.#firstKnown;
      this.#changed.add(gap);
    }
    this.#open = new Set(this.#gaps.filter(isOpen));
  }

  /** Gaps that are new or have changed since this was asked last, in their order. */
  takeChanged(): Gap[] {
    const changed = this.#changed;
    this.#changed = new Set();
    return this.#gaps.filter((gap) => changed.has(gap));
  }

  /** What was taken could not be kept: it counts as changed again. */
  giveBack(gaps: readonly Gap[]): void {
    for (const gap of gaps) this.#changed.add(gap);
  }

  #add(gap: Gap): void {
    this.#gaps.push(gap);
    if (isOpen(gap)) this.#open.add(gap);
    this.#changed.add(gap);
    if (this.#gaps.length <= MAX_GAPS) return;
    const oldest = this.#gaps.shift();
    if (oldest !== undefined) this.#open.delete(oldest);
  }
}

/** Whether every id from one to another is held. */
type HoldsIds = (from: number, to: number) => boolean;

/** The end of the book gaps that begin at a time and follow one another, or that time itself. */
function endOfGapsFrom(time: number, gaps: readonly Gap[]): number {
  let end = time;
  for (const { kind, from, to } of gaps.toSorted((a, b) => a.from - b.from)) {
    if (kind === "book" && from <= end) end = Math.max(end, to ?? end);
  }
  return end;
}

function isOpen(gap: Gap): boolean {
  return gap.kind === "book" ? gap.to === null : !gap.repaired;
}

function sameIds({ ids }: Gap, other: { readonly from: number; readonly to: number }): boolean {
  return ids !== null && ids.from === other.from && ids.to === other.to;
}
