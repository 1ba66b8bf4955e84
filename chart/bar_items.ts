import type { GroupedCandle } from "./grouped_candle.ts";
import type { RectItems, TextItems } from "./items.ts";
import type { Slot, SlotColumn } from "./slot.ts";
import { Fill, rampStep } from "./theme.ts";

/** Rows as bars of one column, either from its centre by side or from its left edge. */
export function addBars(
  rects: RectItems,
  _texts: TextItems,
  candle: GroupedCandle,
  slot: Slot,
  column: SlotColumn,
  x: number,
  top: number,
): void {
  const { rows, group } = candle;
  const { ticksPerPx } = slot;
  const gap = ticksPerPx * 4 < group ? 1 : 0;
  for (let i = 0; i < rows.length; i++) {
    const y = Math.round((top - rows[i] - group) / ticksPerPx);
    const bottom = Math.round((top - rows[i]) / ticksPerPx);
    const height = Math.max(1, bottom - y - gap);
    if (column.drawing === "profile") addProfileBar(rects, candle, slot, column, x, y, height, i);
    else addHistogramBar(rects, candle, slot, column, x, y, height, i);
  }
}

/** Sells to the left of the centre, buys to the right; what has no side from the left edge. */
function addHistogramBar(
  rects: RectItems,
  candle: GroupedCandle,
  { look }: Slot,
  { content, x: left, width, centreX }: SlotColumn,
  x: number,
  y: number,
  height: number,
  i: number,
): void {
  const { maxSide, maxVolume, maxDelta, maxTrades } = look.maxima ?? candle;
  const sell = candle.sell[i];
  const buy = candle.buy[i];
  const room = Math.floor(width / 2);
  if (content === "bidAsk") {
    const sellWidth = lengthOf(sell, maxSide, room);
    rects.add(x + centreX - sellWidth, y, sellWidth, height, Fill.sellFull);
    rects.add(x + centreX, y, lengthOf(buy, maxSide, room), height, Fill.buyFull);
  } else if (content === "delta") {
    const length = lengthOf(Math.abs(buy - sell), maxDelta, room);
    const fill = buy < sell ? Fill.sellFull : Fill.buyFull;
    rects.add(x + (buy < sell ? centreX - length : centreX), y, length, height, fill);
  } else if (content === "volume") {
    rects.add(x + left, y, lengthOf(sell + buy, maxVolume, width), height, Fill.neutralFull);
  } else {
    const length = lengthOf(candle.trades[i], maxTrades, width);
    rects.add(x + left, y, length, height, Fill.neutralFull);
  }
}

/** From the left edge: volume parted into sells and buys, pale outside the value area. */
function addProfileBar(
  rects: RectItems,
  candle: GroupedCandle,
  { look }: Slot,
  { content, x: left, width }: SlotColumn,
  x: number,
  y: number,
  height: number,
  i: number,
): void {
  const { maxVolume, maxDelta, maxTrades } = look.maxima ?? candle;
  const { vah, val, rows } = candle;
  const sell = candle.sell[i];
  const buy = candle.buy[i];
  const pale = look.valueArea && (rows[i] > vah || rows[i] < val);
  const sellFill = pale ? Fill.sellPale : Fill.sellFull;
  const buyFill = pale ? Fill.buyPale : Fill.buyFull;
  if (content === "delta") {
    const length = lengthOf(Math.abs(buy - sell), maxDelta, width);
    rects.add(x + left, y, length, height, buy < sell ? sellFill : buyFill);
  } else if (content === "trades") {
    const length = lengthOf(candle.trades[i], maxTrades, width);
    rects.add(x + left, y, length, height, pale ? Fill.neutralPale : Fill.neutralFull);
  } else {
    const length = lengthOf(sell + buy, maxVolume, width);
    const sellWidth = lengthOf(sell, maxVolume, width);
    rects.add(x + left, y, sellWidth, height, sellFill);
    rects.add(x + left + sellWidth, y, length - sellWidth, height, buyFill);
  }
}

/** Whole pixels for a share of the longest bar. */
export function lengthOf(value: number, longest: number, room: number): number {
  return longest === 0 ? 0 : Math.round((value / longest) * room);
}

/** Rows as cells: colour is the delta's side, strength its share of the largest row's volume. */
export function addCells(
  rects: RectItems,
  candle: GroupedCandle,
  slot: Slot,
  x: number,
  top: number,
): void {
  const { rows, sell, buy, group } = candle;
  const { plateX, plateWidth, ticksPerPx, look } = slot;
  const { maxVolume } = look.maxima ?? candle;
  const yOf = (ticks: number) => Math.round((top - ticks) / ticksPerPx);
  for (let i = 0; i < rows.length; i++) {
    const y = yOf(rows[i] + group);
    const delta = buy[i] - sell[i];
    const ramp = delta < 0 ? Fill.sellRamp : Fill.buyRamp;
    const fill = ramp + rampStep((sell[i] + buy[i]) / maxVolume);
    rects.add(x + plateX, y, plateWidth, Math.max(1, yOf(rows[i]) - y), fill);
  }
}
