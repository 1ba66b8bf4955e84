import type { GroupedCandle } from "./grouped_candle.ts";
import type { RectItems } from "./items.ts";
import type { Slot } from "./slot.ts";
import { Fill, rampStep } from "./theme.ts";

/** Rows filled by their share of the largest volume or delta. */
export function addShades(
  rects: RectItems,
  candle: GroupedCandle,
  slot: Slot,
  x: number,
  top: number,
): void {
  const { shade, maxima } = slot.look;
  if (shade === "none") return;
  const { rows, sell, buy, group } = candle;
  const { plateX, plateWidth, ticksPerPx } = slot;
  const { maxVolume, maxDelta } = maxima ?? candle;
  for (let i = 0; i < rows.length; i++) {
    const value = shade === "volume" ? sell[i] + buy[i] : buy[i] - sell[i];
    if (value === 0) continue;
    const ramp = shade === "volume" ? Fill.volumeShade : value < 0 ? Fill.sellShade : Fill.buyShade;
    const step = rampStep(Math.abs(value) / (shade === "volume" ? maxVolume : maxDelta));
    const y = Math.round((top - rows[i] - group) / ticksPerPx);
    const bottom = Math.round((top - rows[i]) / ticksPerPx);
    rects.add(x + plateX, y, plateWidth, Math.max(1, bottom - y), ramp + step);
  }
}
