import { type CellLook, COLUMN_SPACE, columnWidth, FIRST_LOOK } from "./cell_look.ts";
import type { CellColumn } from "./cell_options.ts";
import type { Detail } from "./detail.ts";

/** Where one content of the rows lies. */
export interface SlotColumn extends CellColumn {
  readonly x: number;
  readonly width: number;
  /** Where the bid and ask columns meet. */
  readonly centreX: number;
}

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
  readonly look: CellLook;
  readonly columns: readonly SlotColumn[];
}

const MAX_BODY_PX = 14;
const MAX_PLATE_PX = [0, 170, 250];

/** The one place that decides a candle's widths. */
export function slotOf(
  detail: Detail,
  widthPx: number,
  ratio: number,
  ticksPerPx: number,
  look: CellLook = FIRST_LOOK,
): Slot {
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
  const most = Math.round(MAX_PLATE_PX[look.columns.length] * ratio);
  const plateWidth = Math.max(1, Math.min(width - plateX - gap, most));
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
    look,
    columns: columnsOf(look.columns, plateX, plateWidth, Math.round(COLUMN_SPACE * ratio), ratio),
  };
}

/** Numbers take the room they need and bars the rest; without bars the numbers share it. */
function columnsOf(
  columns: readonly CellColumn[],
  plateX: number,
  plateWidth: number,
  space: number,
  ratio: number,
): SlotColumn[] {
  const room = Math.max(1, plateWidth - (columns.length - 1) * space);
  const needed = columns.map((column) => columnWidth(column) * ratio);
  const sum = needed.reduce((total, width) => total + width, 0);
  const bars = columns.filter(({ drawing }) => drawing !== "numbers").length;
  const extra = room - sum;
  let x = plateX;
  return columns.map(({ content, drawing }, i) => {
    const isLast = i === columns.length - 1;
    const takesRest = drawing !== "numbers";
    const wanted = extra > 0 && bars > 0
      ? needed[i] + (takesRest ? extra / bars : 0)
      : (room * needed[i]) / sum;
    const width = isLast ? plateX + plateWidth - x : Math.round(wanted);
    const column = { content, drawing, x, width, centreX: x + Math.floor(width / 2) };
    x += width + space;
    return column;
  });
}
