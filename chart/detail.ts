/** How much of a candle there is room for, from most to least. */
export type Detail = "numbers" | "bars" | "cells" | "candles";

interface Threshold {
  readonly detail: Detail;
  /** Least width of a candle's slot, and least height of a row, in CSS pixels. */
  readonly slot: number;
  readonly row: number;
}

const THRESHOLDS: readonly Threshold[] = [
  { detail: "numbers", slot: 74, row: 11.5 },
  { detail: "bars", slot: 26, row: 1.2 },
  { detail: "cells", slot: 8, row: 1 },
  { detail: "candles", slot: 0, row: 0 },
];

/** A detail once reached is kept until its threshold is missed by this share. */
const KEEP = 0.93;

/** Height of rows, in CSS pixels, that suits each detail when rows merge by themselves. */
export const WANTED_ROW_PX: Readonly<Record<Detail, number>> = {
  numbers: 13,
  bars: 5,
  cells: 4,
  candles: 4,
};

/**
 * The most detail a slot has width for; `current` adds hysteresis.
 *
 * @param numbersFrom least width with numbers, which depends on what they tell
 */
export function detailForWidth(
  slotPx: number,
  current: Detail | null,
  numbersFrom = THRESHOLDS[0].slot,
): Detail {
  for (const { detail, slot } of THRESHOLDS) {
    const least = detail === "numbers" ? numbersFrom : slot;
    if (slotPx >= (detail === current ? least * KEEP : least)) return detail;
  }
  return "candles";
}

/** Steps down from `detail` until rows of this height are readable. */
export function detailForRows(detail: Detail, rowPx: number): Detail {
  const from = THRESHOLDS.findIndex((threshold) => threshold.detail === detail);
  for (const threshold of THRESHOLDS.slice(from)) {
    if (rowPx >= threshold.row) return threshold.detail;
  }
  return "candles";
}
