import { INTERVALS, openTimeOf } from "./interval.ts";

/** What the cumulative volume delta needs of a candle. */
export interface CvdCandle {
  readonly time: number;
  readonly delta: number;
  /** Some of its trades may be missing. */
  readonly hasGap: boolean;
}

/** Where the sum starts at 0: at every UTC day, or at the first candle that is known. */
export type CvdAnchor = "day" | "range";

/**
 * Cumulative volume delta at the end of each candle.
 *
 * Nothing is carried across a gap: from a candle with a gap on it is null until the next start.
 *
 * @param candles ascending, all that traded since `from`
 * @param from time from which candles are told; a day that began earlier has no known sum
 */
export function cumulativeDelta(
  candles: readonly CvdCandle[],
  anchor: CvdAnchor,
  from: number,
): (number | null)[] {
  let day = openTimeOf(from, INTERVALS["1d"]);
  let sum: number | null = anchor === "range" || day === from ? 0 : null;
  let hasStarted = false;
  return candles.map(({ time, delta, hasGap }) => {
    const ownDay = openTimeOf(time, INTERVALS["1d"]);
    if (anchor === "day" && ownDay !== day) sum = 0;
    day = ownDay;
    // A range starts where it is known: what is missing before takes nothing from it.
    if (anchor === "range" && !hasStarted && hasGap) return null;
    hasStarted = true;
    sum = sum === null || hasGap ? null : sum + delta;
    return sum;
  });
}
