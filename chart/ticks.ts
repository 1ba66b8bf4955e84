import { niceSizeAtLeast } from "./row_size.ts";
import { DAY_MS } from "./times.ts";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Distances between labels of the time axis; all divide a day, so that midnight is always one. */
const TIME_STEPS = [
  SECOND,
  5 * SECOND,
  10 * SECOND,
  15 * SECOND,
  30 * SECOND,
  MINUTE,
  2 * MINUTE,
  5 * MINUTE,
  10 * MINUTE,
  15 * MINUTE,
  30 * MINUTE,
  HOUR,
  2 * HOUR,
  3 * HOUR,
  6 * HOUR,
  12 * HOUR,
  DAY_MS,
];

/** Distance between time labels that lie at least `minPx` apart. */
export function timeStep(msPerPx: number, minPx: number): number {
  const least = msPerPx * minPx;
  for (const step of TIME_STEPS) if (step >= least) return step;
  return DAY_MS * Math.ceil(least / DAY_MS);
}

/** Distance in ticks between price labels that lie at least `minPx` apart. */
export function priceStep(ticksPerPx: number, minPx: number): number {
  return niceSizeAtLeast(1, ticksPerPx * minPx);
}

/** Multiples of `step` within [from, to], ascending. */
export function multiplesIn(from: number, to: number, step: number): number[] {
  const multiples: number[] = [];
  const first = Math.ceil(from / step);
  const last = Math.floor(to / step);
  for (let n = first; n <= last; n++) multiples.push(n * step);
  return multiples;
}
