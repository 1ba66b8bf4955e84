import type { LiquidityBin } from "../market/liquidity.ts";
import { type LiquidityKey, liquidityKey } from "./store/liquidity_series.ts";
import type { SymbolState } from "./symbol_state.ts";

/** Where resting liquidity is kept. */
export interface LiquidityStorage {
  /** Whether bins should be added before what was added is written. */
  readonly hasRoom: boolean;
  add(key: LiquidityKey, bin: LiquidityBin): void;
  /** Writes what was added, all or nothing; after a failure it is kept for the next time. */
  flush(): Promise<void>;
}

/** Whose liquidity is kept. */
export type LiquiditySource = Pick<
  SymbolState,
  "symbol" | "instrument" | "baseTicks" | "liquidity" | "loseHistory"
>;

const BINS_AT_ONCE = 240;

/**
 * Hands finished bins over to be kept. They wait in the live memory, which holds hours of them, so
 * that a disk that is away for a while costs nothing.
 */
export class LiquidityRecorder {
  readonly #storage: LiquidityStorage;
  /** End of the last bin that was handed over. */
  readonly #handedUntil = new Map<string, number>();

  constructor(storage: LiquidityStorage) {
    this.#storage = storage;
  }

  /** Keeps what is new. Callers let one turn after the other run. */
  async record(states: Iterable<LiquiditySource>): Promise<void> {
    for (const state of states) {
      while (this.#handOver(state)) await this.#storage.flush();
    }
    await this.#storage.flush();
  }

  /** Returns whether there are more, for which there is no room. */
  #handOver(state: LiquiditySource): boolean {
    const { symbol, instrument, baseTicks, liquidity } = state;
    if (instrument === null || baseTicks === null) return false;
    const key = liquidityKey(instrument, baseTicks);
    let next = this.#handedUntil.get(symbol) ?? -Infinity;
    const first = liquidity.firstTime;
    if (first !== null && next > -Infinity && first > next) {
      state.loseHistory(next, first, "the liquidity could not be written for too long");
      next = first;
    }
    while (this.#storage.hasRoom) {
      const bins = liquidity.binsFrom(next, BINS_AT_ONCE);
      for (const bin of bins) this.#storage.add(key, bin);
      next = bins.length === 0 ? next : bins[bins.length - 1].time + liquidity.binMs;
      this.#handedUntil.set(symbol, next);
      if (bins.length < BINS_AT_ONCE) return false;
    }
    return true;
  }
}
