import { PriceRanges } from "../market/price_ranges.ts";
import { type CandleLevel, candleLevels, type LevelKind } from "./candle_levels.ts";
import type { StudyOptions } from "./cell_options.ts";
import { effectiveGroup, groupedCandle } from "./grouped_candle.ts";
import type { ChartCandle } from "./model.ts";
import type { Scene } from "./scene.ts";
import { yToPrice } from "./view.ts";

/** Candles so far left of the picture still have their levels looked for. */
const LOOK_BACK = 240;

/** A level, and how far it is known to have lasted. */
export interface TrackedLevel extends CandleLevel {
  /** Open time of its candle. */
  readonly time: number;
  /** The run of candles that its end was searched in. */
  epoch: number;
  /** Closed candles before this index have been looked through for its end. */
  searched: number;
  /** Open time of the closed candle that ended it, or after which nothing is known of it. */
  closedEnd: number | null;
  /** The same with the newest candle; null while it lasts. */
  end: number | null;
}

interface CandleRecord {
  readonly revision: number;
  readonly group: number;
  readonly levels: readonly TrackedLevel[];
}

/**
 * Finds the levels of candles and where they end. What a candle leaves behind is worked out when
 * the candle has changed; an end once found stays until an earlier candle changes.
 */
export class LevelTracker {
  readonly visible: TrackedLevel[] = [];
  readonly #records = new WeakMap<ChartCandle, CandleRecord>();
  readonly #ranges = new PriceRanges();
  #times = new Float64Array(64);
  #revisions = new Float64Array(64);
  #epoch = 0;

  /**
   * Fills `visible`.
   *
   * @param isLate whether candles that were not looked at yet have to wait
   * @returns whether no candle has to wait
   */
  find(scene: Scene, studies: StudyOptions, isLate: () => boolean): boolean {
    const { candles, first, end, group, instrument } = scene;
    this.visible.length = 0;
    if (!studies.stacked && !studies.unfinished && !studies.nakedPoc) return true;
    const closed = Math.max(0, candles.length - 1);
    this.#follow(candles, closed);
    let finished = true;
    for (let i = Math.min(end, closed) - 1; i >= Math.max(0, first - LOOK_BACK); i--) {
      const candle = candles[i];
      if (!candle.complete) continue;
      let record = this.#records.get(candle);
      const isFresh = record?.revision === candle.revision &&
        record.group === effectiveGroup(candle, group);
      if (!isFresh) {
        if (isLate()) {
          finished = false;
          continue;
        }
        const grouped = groupedCandle(candle, group, instrument.qtyScale);
        const { time } = candle;
        const levels = candleLevels(grouped, candle).map((level) => ({
          ...level,
          time,
          epoch: -1,
          searched: 0,
          closedEnd: null,
          end: null,
        }));
        record = { revision: candle.revision, group: grouped.group, levels };
        this.#records.set(candle, record);
      }
      if (record !== undefined) this.#show(scene, studies, record, i);
    }
    return finished;
  }

  /** Takes over closed candles; begins anew when one that was known has changed. */
  #follow(candles: readonly ChartCandle[], closed: number): void {
    const ranges = this.#ranges;
    let same = Math.min(ranges.length, closed);
    for (let i = 0; i < same; i++) {
      const { time, revision } = candles[i];
      if (time !== this.#times[i] || revision !== this.#revisions[i]) same = i;
    }
    if (same < ranges.length) {
      ranges.clear();
      this.#epoch++;
    }
    if (closed > this.#times.length) {
      this.#times = new Float64Array(closed * 2);
      this.#revisions = new Float64Array(closed * 2);
      ranges.clear();
    }
    for (let i = ranges.length; i < closed; i++) {
      const { time, revision, complete, low, high } = candles[i];
      this.#times[i] = time;
      this.#revisions[i] = revision;
      if (complete) ranges.push(low, high);
      else ranges.pushUnknown();
    }
  }

  #show(scene: Scene, studies: StudyOptions, record: CandleRecord, index: number): void {
    const { candles, view, layout, fromTime } = scene;
    const newest = candles[candles.length - 1];
    const lowest = yToPrice(view, layout.plot.height);
    for (const level of record.levels) {
      if (!isWanted(level.kind, studies)) continue;
      if (level.high < lowest || level.low > view.priceTop) continue;
      if (level.epoch !== this.#epoch) {
        level.epoch = this.#epoch;
        level.searched = index + 1;
        level.closedEnd = null;
      }
      this.#search(level);
      level.end = level.closedEnd ??
        (newest.low < level.endHigh && newest.high >= level.endLow ? newest.time : null);
      if (level.end === null || level.end > fromTime) this.visible.push(level);
    }
  }

  #search(level: TrackedLevel): void {
    const ranges = this.#ranges;
    if (level.closedEnd !== null || level.searched === ranges.length) return;
    const found = ranges.firstWithin(level.searched, level.endLow, level.endHigh);
    level.searched = ranges.length;
    if (found >= 0) level.closedEnd = this.#times[found];
  }
}

function isWanted(kind: LevelKind, studies: StudyOptions): boolean {
  switch (kind) {
    case "stackedSell":
    case "stackedBuy":
      return studies.stacked;
    case "unfinishedHigh":
    case "unfinishedLow":
      return studies.unfinished;
    case "poc":
      return studies.nakedPoc;
    default:
      return kind satisfies never;
  }
}
