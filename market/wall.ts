import type { Side } from "./types.ts";

/**
 * How a wall has ended: traded away, withdrawn, some of both, or nobody can know because the book or
 * the trades were lost meanwhile.
 */
export type WallEnd = "filled" | "pulled" | "mixed" | "unknown";

/** A large resting order: one price row whose quantity stands out. Times are exchange times. */
export interface Wall {
  readonly side: Side;
  /** Lower edge in ticks. */
  readonly row: number;
  /** When the row reached the threshold. */
  readonly born: number;
  /** Null while it rests. */
  readonly died: number | null;
  /** Largest resting quantity. */
  readonly peakLots: number;
  /** Resting now, or what was left of the row when the wall died. */
  readonly lots: number;
  /** Traded against it since it was born. */
  readonly tradedLots: number;
  /** Null while it rests, and for a moment after: late trades may still tell how it ended. */
  readonly ended: WallEnd | null;
}

/** So long after its end a wall fades on the page, by exchange time. */
export const WALL_FADE_MS = 15 * 60_000;

/** What one wall is known by. */
export function wallKey({ side, row, born }: Pick<Wall, "side" | "row" | "born">): string {
  return `${side} ${row} ${born}`;
}

export interface WallOptions {
  /** A wall holds at least as much as this percentile of the rows near the price. */
  readonly percentile: number;
  /** The rows within this share of the mid price are counted, and may be born as walls. */
  readonly rangeShare: number;
  /** The percentile is one of so many minutes. */
  readonly windowMinutes: number;
  /** Time between two samples of the rows. */
  readonly sampleMs: number;
  /** What is large for a shorter time is no wall. */
  readonly minAgeMs: number;
  /**
   * A wall ends below this share of the threshold at which it was born: a row that swings around
   * the threshold, or a threshold that moves, does not end it.
   */
  readonly endShare: number;
  /** A wall's usual size is the mean of what rested, with a memory of about so long. */
  readonly memoryMs: number;
  /** So long after its end trades are waited for, by the time of the depth events. */
  readonly settleMs: number;
  /** Depth events may tell of a trade so much later than its own time (they come every 100 ms). */
  readonly skewMs: number;
  /** Filled from this share of trades in what disappeared on. */
  readonly filledShare: number;
  /** Pulled up to this share. */
  readonly pulledShare: number;
}

/** Trades of real captures come up to 214 ms after their time; settleMs - skewMs leaves them 750. */
export const WALL_DEFAULTS: WallOptions = {
  percentile: 99.5,
  rangeShare: 0.02,
  windowMinutes: 60,
  sampleMs: 1000,
  minAgeMs: 2000,
  endShare: 0.5,
  memoryMs: 60_000,
  settleMs: 1000,
  skewMs: 250,
  filledShare: 0.8,
  pulledShare: 0.2,
};
