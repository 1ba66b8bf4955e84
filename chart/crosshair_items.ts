import { rowOf } from "../market/price_row.ts";
import { priceText } from "./format.ts";
import type { RectItems, TextItems } from "./items.ts";
import type { Scene } from "./scene.ts";
import { Text } from "./text_styles.ts";
import { Fill } from "./theme.ts";
import { DAY_MS, fullText, secondText } from "./times.ts";
import { priceToY, timeToX, xToTime, yToPrice } from "./view.ts";

/** Where the pointer is: a time (null when it is not over the plot) and a price. */
export interface Pointed {
  readonly time: number | null;
  readonly priceTicks: number;
}

export function pointedAt(scene: Scene, x: number, y: number): Pointed {
  const { view, layout } = scene;
  const time = x < layout.plot.width ? xToTime(view, layout.plot, x) : null;
  return { time, priceTicks: Math.floor(yToPrice(view, y)) };
}

/** Crossed lines with their values on both axes, and a frame around the pointed row. */
export function addCrosshair(
  rects: RectItems,
  texts: TextItems,
  scene: Scene,
  pointed: Pointed,
): void {
  const { view, layout, instrument, group, slot } = scene;
  const { plot, ratio, axisWidth, timeAxisHeight } = layout;
  const px = (css: number) => Math.round(css * ratio);
  const line = Math.max(1, px(1));
  const y = Math.round(priceToY(view, pointed.priceTicks + 0.5));
  rects.addDots(0, y, plot.width, line, px(4), Fill.crosshair);
  if (pointed.time !== null) {
    const x = Math.round(timeToX(view, plot, pointed.time));
    rects.addDotsDown(x, 0, plot.height, line, px(4), Fill.crosshair);
    const row = rowOf(pointed.priceTicks, group);
    const top = Math.round(priceToY(view, row + group));
    const bottom = Math.round(priceToY(view, row));
    if (bottom - top >= 6 * ratio) {
      const left = Math.round(timeToX(view, plot, rowOf(pointed.time, view.slotMs)));
      rects.addOutline(left, top, slot.width, bottom - top, line, Fill.crosshair);
    }
    const far = scene.toTime - scene.fromTime > DAY_MS / 2;
    const text = far ? fullText(pointed.time) : secondText(pointed.time);
    const width = px(far ? 110 : 66);
    const at = Math.min(plot.width - width, Math.max(0, x - Math.round(width / 2)));
    rects.add(at, plot.height + line, width, timeAxisHeight - line, Fill.label);
    const baseline = plot.height + Math.round(timeAxisHeight * 0.68);
    texts.add(at + Math.round(width / 2), baseline, text, Text.valueCentre);
  }
  const labelTop = Math.min(plot.height - px(20), Math.max(0, y - px(10)));
  rects.add(plot.width + line, labelTop, axisWidth - line, px(20), Fill.label);
  const price = priceText(instrument.priceScale, pointed.priceTicks);
  texts.add(plot.width + px(8), labelTop + px(14), price, Text.value);
}
