import { addBars, addCells } from "./bar_items.ts";
import type { GroupedCandle } from "./grouped_candle.ts";
import type { RectItems, TextItems } from "./items.ts";
import { addNumbers } from "./number_items.ts";
import { addShades } from "./shade_items.ts";
import type { Slot } from "./slot.ts";
import { Fill } from "./theme.ts";

/**
 * A candle's rows on their dark plate: shades, the columns side by side, the value area at the
 * plate's right side and the POC.
 *
 * @param x left edge of the slot
 * @param top price at y = 0
 */
export function addFootprint(
  rects: RectItems,
  texts: TextItems,
  candle: GroupedCandle,
  slot: Slot,
  x: number,
  top: number,
): void {
  const { rows, group } = candle;
  if (rows.length === 0) return;
  const plateTop = yOf(slot, top, rows[rows.length - 1] + group);
  const plateHeight = yOf(slot, top, rows[0]) - plateTop;
  rects.add(x + slot.plateX, plateTop, slot.plateWidth, plateHeight, Fill.plate);
  if (slot.detail === "cells") {
    addCells(rects, candle, slot, x, top);
    addPocLine(rects, candle, slot, x, top);
  } else {
    addShades(rects, candle, slot, x, top);
    const { columns } = slot;
    for (let i = 0; i < columns.length; i++) {
      if (i > 0) {
        const between = (columns[i - 1].x + columns[i - 1].width + columns[i].x) / 2;
        rects.add(x + Math.floor(between), plateTop, 1, plateHeight, Fill.background);
      }
      const addColumn = columns[i].drawing === "numbers" ? addNumbers : addBars;
      addColumn(rects, texts, candle, slot, columns[i], x, top);
    }
    addPocOutline(rects, candle, slot, x, top);
  }
  if (slot.look.valueArea) addValueArea(rects, candle, slot, x, top);
}

function addPocOutline(
  rects: RectItems,
  { rows, poc, group }: GroupedCandle,
  slot: Slot,
  x: number,
  top: number,
): void {
  const line = Math.max(1, Math.round(slot.ratio));
  const y = yOf(slot, top, rows[poc] + group) - line;
  const height = Math.max(3, yOf(slot, top, rows[poc]) - y);
  rects.addOutline(x + slot.plateX, y, slot.plateWidth, height, line, Fill.gold);
}

function addPocLine(
  rects: RectItems,
  { rows, poc, group }: GroupedCandle,
  slot: Slot,
  x: number,
  top: number,
): void {
  const line = Math.max(1, Math.round(slot.ratio));
  const y = yOf(slot, top, rows[poc] + group);
  const middle = Math.floor((y + yOf(slot, top, rows[poc]) - line) / 2);
  rects.add(x + slot.plateX, middle, slot.plateWidth, line, Fill.gold);
}

/** A bracket from the lower edge of VAL's row to the upper edge of VAH's. */
function addValueArea(
  rects: RectItems,
  { vah, val, group }: GroupedCandle,
  slot: Slot,
  x: number,
  top: number,
): void {
  const { plateX, plateWidth, width, ratio } = slot;
  const line = Math.max(1, Math.round(ratio));
  const upper = yOf(slot, top, vah + group);
  const height = Math.max(line, yOf(slot, top, val) - upper - line);
  // Beside the plate where the slot has a gap for it.
  const right = x + Math.min(plateX + plateWidth + line, width - line);
  rects.add(right, upper, line, height, Fill.valueArea);
  if (slot.detail === "cells") return;
  const hook = Math.round(4 * ratio);
  rects.add(right - hook, upper, hook, line, Fill.valueArea);
  rects.add(right - hook, upper + height - line, hook, line, Fill.valueArea);
}

function yOf({ ticksPerPx }: Slot, top: number, ticks: number): number {
  return Math.round((top - ticks) / ticksPerPx);
}
