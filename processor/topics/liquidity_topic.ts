import type { LiquidityBin } from "../../market/liquidity.ts";
import { flatCells } from "../liquidity_memory.ts";
import { LIVE_BIN_MS, type SymbolState } from "../symbol_state.ts";
import type { FrameBody, Topic } from "./topic.ts";

/** Closed columns waiting for a frame; beyond this the topic starts anew with a keyframe. */
const MAX_PENDING_COLUMNS = 400;

export class LiquidityTopic implements Topic<"liquidity"> {
  readonly kind = "liquidity";
  #columns: LiquidityBin[] = [];
  #overflown = false;

  get isDirty(): boolean {
    return this.#columns.length > 0;
  }

  get mustBeFull(): boolean {
    return this.#overflown;
  }

  addColumn(bin: LiquidityBin): void {
    if (this.#columns.length >= MAX_PENDING_COLUMNS) {
      this.#columns = [];
      this.#overflown = true;
    }
    this.#columns.push(bin);
  }

  body(state: SymbolState, _context: unknown, full: boolean): FrameBody<"liquidity"> {
    const newest = full ? state.liquidity.newestAsKeyframe() : null;
    const columns = full ? (newest === null ? [] : [newest]) : this.#columns.map((bin) => ({
      ...bin,
      bids: flatCells(bin.bids),
      asks: flatCells(bin.asks),
    }));
    return { baseGroup: state.baseTicks ?? 1, stepMs: LIVE_BIN_MS, columns };
  }

  clear(): void {
    this.#columns = [];
    this.#overflown = false;
  }
}
