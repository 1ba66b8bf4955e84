import { rowOf } from "../market/price_row.ts";
import { effectiveGroup } from "./grouped_candle.ts";
import type { RectItems } from "./items.ts";
import type { Scene } from "./scene.ts";
import { Fill } from "./theme.ts";
import { priceToY, timeToX } from "./view.ts";

/** A gold, hatched foot under each candle some of whose trades are missing. */
export function addIncompleteMarks(rects: RectItems, scene: Scene): void {
  const { candles, first, end, view, layout, slot } = scene;
  const { plot, ratio } = layout;
  const line = Math.max(1, Math.round(ratio));
  const height = Math.round(4 * ratio);
  for (let i = first; i < end; i++) {
    const candle = candles[i];
    const isOpen = i === candles.length - 1;
    if (candle.complete || (isOpen && !candle.gap)) continue;
    const x = Math.round(timeToX(view, plot, candle.time));
    const low = Math.round(priceToY(view, rowOf(candle.low, effectiveGroup(candle, scene.group))));
    const y = Math.min(low + 2 * line, plot.height - height);
    for (let at = slot.bodyX; at < slot.width - slot.bodyX; at += 3 * line) {
      rects.add(x + at, y, line, height, Fill.gold);
    }
  }
}
