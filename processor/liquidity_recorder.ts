import { MINUTE_MS, openTimeOf } from "../market/interval.ts";
import type { LiquidityBin } from "../market/liquidity.ts";
import { type LiquidityKey, liquidityKey } from "./store/liquidity_series.ts";
import type { SymbolState } from "./symbol_state.ts";

/** Where resting liquidity is kept. */
export interface LiquidityStorage {
  /** Whether bins should be added before what was added is written. */
  readonly hasRoom: boolean;
  /** End of what is written of a symbol, or null. */
  recordedUntil(market: string, symbol: string): number | null;
  add(key: LiquidityKey, bin: LiquidityBin): void;
  /** Writes what was added, all or nothing; after a failure it is kept for the next time. */
  flush(): Promise<void>;
}

/** Whose liquidity is kept. */
export type LiquiditySource = Pick<
  SymbolState,
  "symbol" | "instrument" | "baseTicks" | "liquidity" | "loseHistory"
>;

const BINS_AT_ONCE = 60;

/**
 * Hands finished bins over to be kept. They wait in the live memory, which holds hours of them, so
 * that a disk that is away for a while costs nothing.
 */
export class LiquidityRecorder {
  #storage: LiquidityStorage | null = null;
  /** End of the last bin that was handed over, and of the last that was written. */
  readonly #handedUntil = new Map<string, number>();
  readonly #writtenUntil = new Map<string, number>();

  /** Keeps what is new. Callers let one turn after the other run. */
  async record(storage: LiquidityStorage, states: Iterable<LiquiditySource>): Promise<void> {
    // What another one took, but did not write, is in memory still; it knows what it has written.
    if (storage !== this.#storage) this.#handedUntil.clear();
    this.#storage = storage;
    for (const state of states) {
      while (await this.#handOver(storage, state)) await this.#flush(storage);
    }
    await this.#flush(storage);
  }

  async #flush(storage: LiquidityStorage): Promise<void> {
    await storage.flush();
    for (const [symbol, until] of this.#handedUntil) this.#writtenUntil.set(symbol, until);
  }

  /** Returns whether there are more, for which there is no room. */
  async #handOver(storage: LiquidityStorage, state: LiquiditySource): Promise<boolean> {
    const { symbol, instrument, baseTicks, liquidity } = state;
    if (instrument === null || baseTicks === null) return false;
    const key = liquidityKey(instrument, baseTicks);
    let next = this.#handedUntil.get(symbol) ?? beginOf(storage, state, instrument.market);
    const written = this.#writtenUntil.get(symbol) ?? Infinity;
    const first = liquidity.firstTime;
    if (first !== null && first > Math.max(next, written)) {
      state.loseHistory(written, first, "the liquidity could not be written for too long");
      this.#writtenUntil.set(symbol, first);
    }
    while (storage.hasRoom) {
      const bins = liquidity.binsFrom(next, BINS_AT_ONCE);
      for (const bin of bins) storage.add(key, bin);
      const last = bins.at(-1);
      if (last !== undefined) {
        next = last.time + liquidity.binMs;
        this.#handedUntil.set(symbol, next);
      }
      if (bins.length < BINS_AT_ONCE) return false;
      // Others get their turn: hours may be waiting.
      await new Promise((resolve) => setTimeout(resolve));
    }
    return true;
  }
}

/** What is written is not needed again, but for the minute that was under way. */
function beginOf(
  storage: LiquidityStorage,
  { symbol, liquidity }: LiquiditySource,
  market: string,
): number {
  const until = storage.recordedUntil(market, symbol);
  return until === null ? -Infinity : liquidity.leadTime(openTimeOf(until, MINUTE_MS));
}
