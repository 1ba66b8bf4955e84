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
    let ticks = this.#dirtyTicks.get(openTime);
    if (ticks === undefined) {
      ticks = new Set();
      this.#dirtyTicks.set(openTime, ticks);
    }
    ticks.add(priceTicks);
  }

  body(state: SymbolState, _context: unknown, full: boolean): { candles: CandleUpdate[] } {
    const newest = state.candles.lastTime;
    const times = new Set(full ? (newest === null ? [] : [newest]) : this.#dirtyTicks.keys());
    // A candle is found complete by the first trade after it: tell the one before as well.
    for (const time of [...times]) {
      const before = state.candles.timeBefore(time);
      if (before !== null) times.add(before);
    }
    const candles: CandleUpdate[] = [];
    for (const time of [...times].sort((a, b) => a - b)) {
      const candle = state.candles.at(time);
      if (candle === null) continue;
      const { levels } = candle.footprint;
      const ticks = full ? levels.keys() : this.#dirtyTicks.get(time) ?? [];
      candles.push(candleUpdate(candle, ticks));
    }
    return { candles };
  }

  clear(): void {
    this.#dirtyTicks.clear();
  }
}

function candleUpdate({ footprint, complete }: CandleState, ticks: Iterable<number>): CandleUpdate {
  const levels: number[] = [];
  for (const tick of ticks) {
    const level = footprint.levels.get(tick);
    if (level !== undefined) levels.push(tick, level.sellLots, level.buyLots, level.trades);
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
