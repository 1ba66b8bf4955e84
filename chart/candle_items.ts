import type { RectItems } from "./items.ts";
import type { ChartCandle } from "./model.ts";
import type { Slot } from "./slot.ts";
import { Fill } from "./theme.ts";

/** Wick and body of a candle, `x` being its slot's left edge and `top` the price at y = 0. */
export function addCandle(
  rects: RectItems,
  candle: ChartCandle,
  slot: Slot,
  x: number,
  top: number,
): void {
  const { ticksPerPx, bodyX, bodyWidth, wickX, wickWidth } = slot;
  const fill = candle.close >= candle.open ? Fill.buy : Fill.sell;
  const yOf = (ticks: number) => Math.round((top - ticks) / ticksPerPx);
  const high = yOf(candle.high);
  const low = yOf(candle.low);
  rects.add(x + wickX, high, wickWidth, Math.max(1, low - high), fill);
  const bodyTop = yOf(Math.max(candle.open, candle.close));
  const bodyBottom = yOf(Math.min(candle.open, candle.close));
  const least = Math.max(1, Math.round(slot.ratio));
  rects.add(x + bodyX, bodyTop, bodyWidth, Math.max(least, bodyBottom - bodyTop), fill);
}
