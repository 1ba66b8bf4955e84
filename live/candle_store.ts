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
  gap: boolean;
  group: number;
  levels: Map<number, FootprintLevel>;
  /** It was corrected since: whatever is fetched next replaces it. */
  stale: boolean;
  revision: number;
}

/** So many live candles keep every tick; older ones are merged into rows. */
const FINE_CANDLES = 240;
/** More corrections than this of candles that are not held are remembered as one of them all. */
const MOST_CORRECTED = 1000;

/** Candles of one symbol, ascending by time: live ones tick by tick, history in rows. */
export class CandleStore {
  readonly candles: StoredCandle[] = [];
  /** Row size that old live candles are merged into, once known. */
  baseGroup: number | null = null;
  #revision = 0;
  /** Candles that came tick by tick and still have their ticks, oldest first. */
  readonly #fineTimes: number[] = [];
  /** History up to here is taken: all of it before the first live candle. */
  #newestLive = Infinity;
  /** Corrected candles that are not held, and the revision at which the correction came. */
  readonly #corrected = new Map<number, number>();
  /** Whatever was asked for before this revision may be out of date. */
  #allStaleAt = 0;

  /**
   * @returns open times of candles that are worth fetching again: corrected ones whose ticks are
   * not held, and old ones that have just lost their single ticks
   */
  applyFrame(frame: CandlesFrame): number[] {
    const stale = frame.candles.filter((update) => !this.#applyUpdate(update, frame.full));
    return [...stale.map(({ time }) => time), ...this.#mergeOld()];
  }

  /** Rises with every change; remembered when history is asked for. */
  get revision(): number {
    return this.#revision;
  }

  /** Frames were missed: every candle may have been corrected meanwhile. */
  markAllStale(): void {
    this.#forgetCorrections();
    for (const candle of this.candles) {
      candle.stale = true;
      candle.revision = ++this.#revision;
    }
  }

  /**
   * Adds history; a candle held in finer rows stays, unless it is stale or complete only now. A
   * candle that changed after the history was asked for keeps what it has, and one that is newer
   * than all live ones is left to the live feed, whose ticks could not be laid over rows.
   *
   * @param askedRevision the store's revision when the history was asked for
   * @returns open times of corrected candles for which this history is too old: ask again
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
        const correctedAt = this.#corrected.get(candle.time) ?? this.#allStaleAt;
        if (correctedAt > askedRevision) askAgain.push(candle.time);
        else if (candle.time <= this.#newestLive) {
          this.#corrected.delete(candle.time);
          this.candles.splice(index, 0, { ...candle, stale: false, revision: ++this.#revision });
        }
        continue;
      }
      if (held.revision > askedRevision) {
        if (held.stale) askAgain.push(held.time);
        continue;
      }
      const isNewest = index === this.candles.length - 1;
      // The newest one's ticks keep coming; only rows, which these cannot be laid over, may go.
      if (isNewest && !(held.stale && held.group !== 1)) continue;
      if (held.stale || candle.group <= held.group || (candle.complete && !held.complete)) {
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

  /** @returns whether the candle is held with all its ticks up to this update */
  #applyUpdate(update: CandleUpdate, full: boolean): boolean {
    const index = this.#indexOf(update.time);
    let candle = this.candles[index];
    const isHeld = candle?.time === update.time;
    const { levels, ...totals } = update;
    // Single ticks cannot be laid over rows.
    if (levels === null || (isHeld && candle.group !== 1 && !full)) {
      const revision = ++this.#revision;
      if (isHeld) Object.assign(candle, { stale: true, revision });
      else this.#rememberCorrection(update.time, revision);
      return false;
    }
    if (!isHeld) {
      candle = { ...totals, group: 1, levels: new Map(), stale: false, revision: 0 };
      this.candles.splice(index, 0, candle);
      this.#corrected.delete(update.time);
      this.#fineTimes.push(update.time);
    } else if (candle.group !== 1) {
      candle.group = 1;
      this.#fineTimes.push(update.time);
    }
    const isLater = this.#newestLive === Infinity || update.time > this.#newestLive;
    if (isLater) this.#newestLive = update.time;
    if (full) candle.levels = new Map();
    Object.assign(candle, totals);
    if (full) candle.stale = false;
    setLevels(candle.levels, levels);
    candle.revision = ++this.#revision;
    return true;
  }

  #rememberCorrection(time: number, revision: number): void {
    this.#corrected.set(time, revision);
    if (this.#corrected.size > MOST_CORRECTED) this.#forgetCorrections();
  }

  #forgetCorrections(): void {
    this.#corrected.clear();
    this.#allStaleAt = ++this.#revision;
  }

  /** @returns open times of the candles that were merged */
  #mergeOld(): number[] {
    const { baseGroup } = this;
    if (baseGroup === null || baseGroup === 1) return [];
    const merged = this.#fineTimes.splice(0, Math.max(0, this.#fineTimes.length - FINE_CANDLES));
    for (const time of merged) {
      const candle = this.at(time);
      if (candle === undefined || candle.group !== 1) continue;
      candle.levels = mergedLevels(candle.levels, baseGroup);
      candle.group = baseGroup;
      candle.revision = ++this.#revision;
    }
    return merged;
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
