import type { CandleUpdate } from "../../bus/messages.ts";
import type { CandleState } from "../../market/candle_series.ts";
import type { SymbolState } from "../symbol_state.ts";
import type { Topic } from "./topic.ts";

export class CandlesTopic implements Topic<"candles"> {
  readonly kind = "candles";
  readonly mustBeFull = false;
  readonly #dirtyTicks = new Map<number, Set<number>>();

  get isDirty(): boolean {
    return this.#dirtyTicks.size > 0;
  }

  markTraded(openTime: number, priceTicks: number): void {
    this.#ticksOf(openTime).add(priceTicks);
  }

  /** The candle's trades are the same, but it may be complete now. */
  markJudged(openTime: number): void {
    this.#ticksOf(openTime);
  }

  body(state: SymbolState, _context: unknown, full: boolean): { candles: CandleUpdate[] } {
    const newest = state.candles.lastTime;
    if (newest === null) return { candles: [] };
    const second = state.candles.timeBefore(newest) ?? newest;
    const times = new Set(full ? [newest] : this.#dirtyTicks.keys());
    // A candle is found complete by the trades beside it: tell its neighbours as well.
    for (const time of [...times]) {
      times.add(state.candles.timeBefore(time) ?? time);
      times.add(state.candles.timeAfter(time) ?? time);
    }
    const candles: CandleUpdate[] = [];
    for (const time of [...times].sort((a, b) => a - b)) {
      const candle = state.candles.at(time);
      if (candle === null) continue;
      const { levels } = candle.footprint;
      const changed = full ? levels.keys() : this.#dirtyTicks.get(time) ?? [];
      // Nobody can be sure to hold the other ticks of a candle that no full frame carried.
      candles.push(candleUpdate(candle, time < second ? null : changed));
    }
    return { candles };
  }

  clear(): void {
    this.#dirtyTicks.clear();
  }

  #ticksOf(openTime: number): Set<number> {
    let ticks = this.#dirtyTicks.get(openTime);
    if (ticks === undefined) {
      ticks = new Set();
      this.#dirtyTicks.set(openTime, ticks);
    }
    return ticks;
  }
}

function candleUpdate(
  { footprint, complete }: CandleState,
  ticks: Iterable<number> | null,
): CandleUpdate {
  const levels: number[] | null = ticks === null ? null : [];
  for (const tick of ticks ?? []) {
    const level = footprint.levels.get(tick);
    if (level !== undefined) levels?.push(tick, level.sellLots, level.buyLots, level.trades);
  }
  const { openTime: time, open, high, low, close } = footprint;
  const { buyLots, sellLots, minDelta, maxDelta, trades } = footprint;
  return {
    time,
    open,
    high,
    low,
    close,
    buyLots,
    sellLots,
    minDelta,
    maxDelta,
    trades,
    complete,
    levels,
  };
}
