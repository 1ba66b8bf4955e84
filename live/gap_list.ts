import type { ApiGap, ApiGaps, ApiGet } from "./api.ts";

const RETRY_MS = 5_000;

interface Held {
  readonly from: number;
  readonly to: number;
  readonly ledger: string;
}

/** The gaps around the time that is shown: fetched when that moves on, or the ledger has changed. */
export class GapList {
  readonly #symbol: string;
  readonly #get: ApiGet;
  readonly #changed: () => void;
  readonly #signal: AbortSignal;
  #gaps: readonly ApiGap[] = [];
  #held: Held | null = null;
  #notBefore = -Infinity;

  constructor(symbol: string, get: ApiGet, changed: () => void, signal: AbortSignal) {
    this.#symbol = symbol;
    this.#get = get;
    this.#changed = changed;
    this.#signal = signal;
  }

  get gaps(): readonly ApiGap[] {
    return this.#gaps;
  }

  /**
   * Has the gaps that touch [from, to) fetched where they are not held.
   *
   * @param ledger another text whenever the ledger has changed
   */
  want(from: number, to: number, ledger: string, nowMs: number): void {
    const held = this.#held;
    const isHeld = held !== null && held.from <= from && held.to >= to && held.ledger === ledger;
    if (isHeld || nowMs < this.#notBefore) return;
    // Panning on for a while asks nothing more.
    const span = to - from;
    this.#held = {
      from: Math.max(0, Math.floor(from - span)),
      to: Math.ceil(to + span),
      ledger,
    };
    void this.#fetch(this.#held, nowMs);
  }

  async #fetch(wanted: Held, nowMs: number): Promise<void> {
    try {
      const query = { symbol: this.#symbol, from: wanted.from, to: wanted.to };
      const { gaps } = await this.#get<ApiGaps>("/api/gaps", query, this.#signal);
      // Another range, or a later state of the ledger, may have been asked for meanwhile.
      if (this.#held !== wanted) return;
      this.#gaps = gaps;
      this.#changed();
    } catch (error) {
      if (this.#signal.aborted || this.#held !== wanted) return;
      console.warn(`gaps of ${this.#symbol} could not be fetched:`, error);
      this.#held = null;
      this.#notBefore = nowMs + RETRY_MS;
    }
  }
}
