import type { GroupedCandle } from "./grouped_candle.ts";
import type { RectItems } from "./items.ts";
import type { Slot } from "./slot.ts";
import { Fill, rampStep } from "./theme.ts";

/** Rows as bars: sells grow left and buys grow right from the centre line. */
export function addBars(
  rects: RectItems,
  candle: GroupedCandle,
  slot: Slot,
  x: number,
  top: number,
): void {
  const { rows, sell, buy, group, poc } = candle;
  const { plateX, plateWidth, centreX, ticksPerPx, ratio } = slot;
  if (rows.length === 0) return;
  const yOf = (ticks: number) => Math.round((top - ticks) / ticksPerPx);
  const plateTop = yOf(rows[rows.length - 1] + group);
  rects.add(x + plateX, plateTop, plateWidth, yOf(rows[0]) - plateTop, Fill.plate);
  const room = Math.floor(plateWidth / 2);
  for (let i = 0; i < rows.length; i++) {
    const y = yOf(rows[i] + group);
    const height = Math.max(1, yOf(rows[i]) - y - (ticksPerPx * 4 < group ? 1 : 0));
    const sellWidth = Math.round((sell[i] / candle.maxSide) * room);
    const buyWidth = Math.round((buy[i] / candle.maxSide) * room);
    rects.add(x + centreX - sellWidth, y, sellWidth, height, Fill.sellFull);
    rects.add(x + centreX, y, buyWidth, height, Fill.buyFull);
  }
  const y = yOf(rows[poc] + group);
  const line = Math.max(1, Math.round(ratio));
  rects.addOutline(x + plateX, y, plateWidth, Math.max(3, yOf(rows[poc]) - y), line, Fill.gold);
}

/** Rows as cells: colour is the delta's side, strength its share of the largest row's volume. */
export function addCells(
  rects: RectItems,
  candle: GroupedCandle,
  slot: Slot,
  x: number,
  top: number,
): void {
  const { rows, sell, buy, group, maxVolume, poc } = candle;
  const { plateX, plateWidth, ticksPerPx, ratio } = slot;
  if (rows.length === 0) return;
  const yOf = (ticks: number) => Math.round((top - ticks) / ticksPerPx);
  const plateTop = yOf(rows[rows.length - 1] + group);
  rects.add(x + plateX, plateTop, plateWidth, yOf(rows[0]) - plateTop, Fill.plate);
  for (let i = 0; i < rows.length; i++) {
    const y = yOf(rows[i] + group);
    const delta = buy[i] - sell[i];
    const ramp = delta < 0 ? Fill.sellRamp : Fill.buyRamp;
    const fill = ramp + rampStep((sell[i] + buy[i]) / maxVolume);
    rects.add(x + plateX, y, plateWidth, Math.max(1, yOf(rows[i]) - y), fill);
  }
  const y = yOf(rows[poc] + group);
  const height = Math.max(1, Math.round(ratio));
  const middle = Math.floor((y + yOf(rows[poc]) - height) / 2);
  rects.add(x + plateX, middle, plateWidth, height, Fill.gold);
}
