import type { CandlesFrame, CandleUpdate } from "../bus/messages.ts";
import type { FootprintLevel } from "../market/footprint.ts";
import { rowOf } from "../market/price_row.ts";

export interface StoredCandle {
  readonly time: number;
  open: number;
  high: number;
  low: number;
  close: number;
  buyLots: number;
  sellLots: number;
  minDelta: number;
  maxDelta: number;
  trades: number;
  complete: boolean;
  group: number;
  levels: Map<number, FootprintLevel>;
  /** It was corrected since: whatever is fetched next replaces it. */
  stale: boolean;
  revision: number;
}

/** Live candles keep every tick; older than this many they are merged into rows. */
const FINE_CANDLES = 240;

/** Candles of one symbol, ascending by time: live ones tick by tick, history in rows. */
export class CandleStore {
  readonly candles: StoredCandle[] = [];
  /** Row size that old live candles are merged into, once known. */
  baseGroup: number | null = null;
  #revision = 0;

  /** @returns open times of corrected candles whose ticks are not held: fetch them again. */
  applyFrame(frame: CandlesFrame): number[] {
    const stale = frame.candles.filter((update) => !this.#applyUpdate(update, frame.full));
    this.#mergeOld();
    return stale.map(({ time }) => time);
  }

  /** Rises with every change; remembered when history is asked for. */
  get revision(): number {
    return this.#revision;
  }

  /** Frames were missed: every candle may have been corrected meanwhile. */
  markAllStale(): void {
    for (const candle of this.candles) {
      candle.stale = true;
      candle.revision = ++this.#revision;
    }
  }

  /**
   * Adds history; a candle held in finer rows stays, unless it is stale or complete only now. A
   * candle that changed after the history was asked for keeps what it has.
   *
   * @param askedRevision the store's revision when the history was asked for
   * @returns open times of stale candles for which this history is too old: ask again
   */
  addHistory(
    candles: readonly Omit<StoredCandle, "revision" | "stale">[],
    askedRevision = this.#revision,
  ): number[] {
    const askAgain: number[] = [];
    for (const candle of candles) {
      const index = this.#indexOf(candle.time);
      const held = this.candles[index];
      if (held === undefined || held.time !== candle.time) {
        this.candles.splice(index, 0, { ...candle, stale: false, revision: ++this.#revision });
        continue;
      }
      if (held.revision > askedRevision) {
        if (held.stale) askAgain.push(held.time);
        continue;
      }
      const isNewest = index === this.candles.length - 1;
      const better = held.stale || candle.group <= held.group ||
        (candle.complete && !held.complete);
      if (better && !isNewest) {
        this.candles[index] = { ...candle, stale: false, revision: ++this.#revision };
      }
    }
    return askAgain;
  }

  /** The candle that begins at `time`. */
  at(time: number): StoredCandle | undefined {
    const held = this.candles[this.#indexOf(time)];
    return held?.time === time ? held : undefined;
  }

  #applyUpdate(update: CandleUpdate, full: boolean): boolean {
    const index = this.#indexOf(update.time);
    let candle = this.candles[index];
    const { levels, ...totals } = update;
    if (levels === null) {
      if (candle?.time === update.time) {
        candle.stale = true;
        candle.revision = ++this.#revision;
      }
      return false;
    }
    if (candle === undefined || candle.time !== update.time) {
      candle = { ...totals, group: 1, levels: new Map(), stale: false, revision: 0 };
      this.candles.splice(index, 0, candle);
    } else if (candle.group !== 1) {
      // Single ticks cannot be laid over rows.
      if (!full) return false;
      candle.group = 1;
    }
    if (full) candle.levels = new Map();
    Object.assign(candle, totals);
    if (full) candle.stale = false;
    setLevels(candle.levels, levels);
    candle.revision = ++this.#revision;
    return true;
  }

  #mergeOld(): void {
    const { baseGroup } = this;
    if (baseGroup === null || baseGroup === 1) return;
    for (let i = this.candles.length - 1 - FINE_CANDLES; i >= 0; i--) {
      const candle = this.candles[i];
      if (candle.group !== 1) return;
      candle.levels = mergedLevels(candle.levels, baseGroup);
      candle.group = baseGroup;
      candle.revision = ++this.#revision;
    }
  }

  /** Index of the first candle at or after `time`; the newest is looked at first. */
  #indexOf(time: number): number {
    let index = this.candles.length;
    if (index === 0 || this.candles[index - 1].time < time) return index;
    let low = 0;
    while (low < index) {
      const middle = (low + index) >> 1;
      if (this.candles[middle].time < time) low = middle + 1;
      else index = middle;
    }
    return low;
  }
}

/** Flat absolute totals: priceTicks, sellLots, buyLots, trades, ... */
function setLevels(levels: Map<number, FootprintLevel>, flat: readonly number[]): void {
  for (let i = 0; i < flat.length; i += 4) {
    levels.set(flat[i], { sellLots: flat[i + 1], buyLots: flat[i + 2], trades: flat[i + 3] });
  }
}

function mergedLevels(
  levels: ReadonlyMap<number, FootprintLevel>,
  group: number,
): Map<number, FootprintLevel> {
  const merged = new Map<number, FootprintLevel>();
  for (const [ticks, { sellLots, buyLots, trades }] of levels) {
    const row = rowOf(ticks, group);
    const held = merged.get(row);
    if (held === undefined) merged.set(row, { sellLots, buyLots, trades });
    else {
      held.sellLots += sellLots;
      held.buyLots += buyLots;
      held.trades += trades;
    }
  }
  return merged;
}
