import type { Gap } from "./gap_ledger.ts";
import type { NumberedGap } from "./store/gaps_store.ts";
import type { SymbolState } from "./symbol_state.ts";

/** Where gaps are kept, and until when each book was known. */
export interface GapStorage {
  load(symbol: string): Promise<{ gaps: NumberedGap[]; bookUntil: number | null }>;
  save(symbol: string, gaps: readonly NumberedGap[], bookUntil: number | null): Promise<void>;
}

/** What has been kept of one symbol. */
interface Recorded {
  readonly numbers: Map<Gap, number>;
  nextNumber: number;
  bookUntil: number | null;
}

/** Keeps the ledgers of gaps in the database. Callers let one turn after the other run. */
export class GapRecorder {
  readonly #recorded = new Map<string, Recorded>();

  /** Keeps what has changed. */
  async record(storage: GapStorage, state: SymbolState): Promise<void> {
    const recorded = await this.restore(storage, state);
    const changed = state.gaps.takeChanged();
    const bookUntil = state.book.known === null ? recorded.bookUntil : state.book.eventTime;
    // The recorded liquidity tells it as well: no transaction for that alone, but for the first.
    if (changed.length === 0 && (recorded.bookUntil !== null || bookUntil === null)) return;
    const numbered = changed.map((gap) => {
      const number = recorded.numbers.get(gap) ?? recorded.nextNumber++;
      recorded.numbers.set(gap, number);
      return { number, gap };
    });
    try {
      await storage.save(state.symbol, numbered, bookUntil);
      recorded.bookUntil = bookUntil;
    } catch (error) {
      state.gaps.giveBack(changed);
      throw error;
    }
  }

  /** Reads back what is known of a symbol, the first time. */
  async restore(storage: GapStorage, state: SymbolState): Promise<Recorded> {
    const before = this.#recorded.get(state.symbol);
    if (before !== undefined) return before;
    const { gaps, bookUntil } = await storage.load(state.symbol);
    const numbers = new Map(gaps.map(({ number, gap }) => [gap, number]));
    const recorded = { numbers, nextNumber: (gaps.at(-1)?.number ?? 0) + 1, bookUntil };
    state.restoreGaps(gaps.map(({ gap }) => gap), bookUntil);
    this.#recorded.set(state.symbol, recorded);
    return recorded;
  }
}
