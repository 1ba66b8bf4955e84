import type { CandlesKind, CandleUpdate } from "../../bus/messages.ts";
import type { CandleSeries, CandleState } from "../../market/candle_series.ts";
import { joinParts, partOf } from "../../market/higher_candle.ts";
import { openTimeOf } from "../../market/interval.ts";
import type { SymbolState } from "../symbol_state.ts";
import type { Topic } from "./topic.ts";

/** Live candles of one interval, joined from the minutes of their time. */
export class CandlesTopic implements Topic<CandlesKind> {
  readonly kind: CandlesKind;
  readonly mustBeFull = false;
  readonly #intervalMs: number;
  readonly #dirtyTicks = new Map<number, Set<number>>();

  /** @param intervalMs whole minutes */
  constructor(kind: CandlesKind, intervalMs: number) {
    this.kind = kind;
    this.#intervalMs = intervalMs;
  }

  get isDirty(): boolean {
    return this.#dirtyTicks.size > 0;
  }

  markTraded(minute: number, priceTicks: number): void {
    this.#ticksOf(minute).add(priceTicks);
  }

  /** The minute's trades are the same, but it may be complete now. */
  markJudged(minute: number): void {
    this.#ticksOf(minute);
  }

  body({ candles }: SymbolState, _context: unknown, full: boolean): { candles: CandleUpdate[] } {
    const { lastTime } = candles;
    if (lastTime === null) return { candles: [] };
    const newest = this.#candleOf(lastTime);
    const second = this.#before(candles, newest) ?? newest;
    const times = new Set(full ? [newest] : this.#dirtyTicks.keys());
    // A candle is found complete by the trades beside it: tell its neighbours as well.
    for (const time of [...times]) {
      times.add(this.#before(candles, time) ?? time);
      times.add(this.#after(candles, time) ?? time);
    }
    const updates: CandleUpdate[] = [];
    for (const time of [...times].sort((a, b) => a - b)) {
      const minutes = candles.between(time, time + this.#intervalMs);
      if (minutes.length === 0) continue;
      const changed = full ? allTicks(minutes) : this.#dirtyTicks.get(time) ?? [];
      // Nobody can be sure to hold the other ticks of a candle that no full frame carried.
      updates.push(candleUpdate(candles, time, minutes, time < second ? null : changed));
    }
    return { candles: updates };
  }

  clear(): void {
    this.#dirtyTicks.clear();
  }

  #candleOf(minute: number): number {
    return openTimeOf(minute, this.#intervalMs);
  }

  #before(series: CandleSeries, time: number): number | null {
    const minute = series.timeBefore(time);
    return minute === null ? null : this.#candleOf(minute);
  }

  #after(series: CandleSeries, time: number): number | null {
    const minute = series.timeAfter(time + this.#intervalMs - 1);
    return minute === null ? null : this.#candleOf(minute);
  }

  #ticksOf(minute: number): Set<number> {
    const time = this.#candleOf(minute);
    let ticks = this.#dirtyTicks.get(time);
    if (ticks === undefined) {
      ticks = new Set();
      this.#dirtyTicks.set(time, ticks);
    }
    return ticks;
  }
}

function allTicks(minutes: readonly CandleState[]): Set<number> {
  return new Set(minutes.flatMap(({ footprint }) => [...footprint.levels.keys()]));
}

/** @param ticks whose totals are told, or null for none */
function candleUpdate(
  series: CandleSeries,
  time: number,
  minutes: readonly CandleState[],
  ticks: Iterable<number> | null,
): CandleUpdate {
  const { head, complete, hasGap } = joinParts(time, minutes.map((one) => partOf(series, one)));
  const { open, high, low, close, buyLots, sellLots, minDelta, maxDelta, trades } = head;
  return {
    ...{ time, open, high, low, close, buyLots, sellLots, minDelta, maxDelta, trades },
    ...{ complete, gap: hasGap, levels: ticks === null ? null : flatLevels(minutes, ticks) },
  };
}

/** Totals over all minutes: ticks, sellLots, buyLots, trades, ... */
function flatLevels(minutes: readonly CandleState[], ticks: Iterable<number>): number[] {
  const flat: number[] = [];
  for (const tick of ticks) {
    let [sellLots, buyLots, trades] = [0, 0, 0];
    for (const { footprint } of minutes) {
      const level = footprint.levels.get(tick);
      if (level === undefined) continue;
      sellLots += level.sellLots;
      buyLots += level.buyLots;
      trades += level.trades;
    }
    if (trades > 0) flat.push(tick, sellLots, buyLots, trades);
  }
  return flat;
}
