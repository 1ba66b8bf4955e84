import type { Detail } from "./detail.ts";

/** How one candle lies within its slot, in device pixels from the slot's left edge. */
export interface Slot {
  readonly detail: Detail;
  /** Device pixels per CSS pixel. */
  readonly ratio: number;
  readonly width: number;
  readonly ticksPerPx: number;
  readonly bodyX: number;
  readonly bodyWidth: number;
  readonly wickX: number;
  readonly wickWidth: number;
  readonly plateX: number;
  readonly plateWidth: number;
  /** Where the bid and ask columns meet. */
  readonly centreX: number;
}

const MAX_BODY_PX = 14;
const MAX_PLATE_PX = 170;

/** The one place that decides a candle's widths. */
export function slotOf(detail: Detail, widthPx: number, ratio: number, ticksPerPx: number): Slot {
  const width = Math.max(1, Math.floor(widthPx));
  const gap = Math.max(width > 3 ? 1 : 0, Math.round(Math.min(3 * ratio, width * 0.1)));
  const wide = detail === "numbers" || detail === "bars";
  const bodyWidth = wide
    ? Math.round((detail === "numbers" ? 5 : 3) * ratio)
    : detail === "cells"
    ? Math.max(1, Math.round(Math.min(2 * ratio, width * 0.2)))
    : Math.max(1, Math.min(width - 2 * gap, Math.round(MAX_BODY_PX * ratio)));
  const bodyX = detail === "candles" ? Math.floor((width - bodyWidth) / 2) : gap;
  const wickWidth = Math.min(bodyWidth, Math.max(1, Math.round(ratio)));
  const plateX = bodyX + bodyWidth + (wide ? Math.round(2 * ratio) : 0);
  // In a wide slot the heatmap beside the plate is worth more than longer bars.
  const plateWidth = Math.max(1, Math.min(width - plateX - gap, Math.round(MAX_PLATE_PX * ratio)));
  return {
    detail,
    ratio,
    width,
    ticksPerPx,
    bodyX,
    bodyWidth,
    wickX: bodyX + Math.floor((bodyWidth - wickWidth) / 2),
    wickWidth,
    plateX,
    plateWidth,
    centreX: plateX + Math.floor(plateWidth / 2),
  };
}
