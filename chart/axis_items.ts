import { decimalsFor, priceText } from "./format.ts";
import type { RectItems, TextItems } from "./items.ts";
import { lastPriceLabel } from "./last_price_items.ts";
import type { Scene } from "./scene.ts";
import { Text } from "./text_styles.ts";
import { Fill } from "./theme.ts";
import { multiplesIn, priceStep, timeStep } from "./ticks.ts";
import { DAY_MS, dayText, minuteText, secondText } from "./times.ts";
import { priceToY, timeToX, yToPrice } from "./view.ts";

const PRICE_LABEL_GAP = 44;
const TIME_LABEL_GAP = 78;

/** Price labels and their grid lines. */
export function addPriceAxis(grid: RectItems, texts: TextItems, scene: Scene): void {
  const { view, layout, instrument } = scene;
  const { plot, ratio } = layout;
  const step = priceStep(view.ticksPerPx, PRICE_LABEL_GAP * ratio);
  const decimals = decimalsFor(instrument.priceScale, step);
  const bottom = yToPrice(view, plot.height);
  const line = Math.max(1, Math.round(ratio));
  const rise = Math.round(4 * ratio);
  const x = plot.width + Math.round(8 * ratio);
  const last = lastPriceLabel(scene);
  for (const ticks of multiplesIn(bottom, view.priceTop, step)) {
    const y = Math.round(priceToY(view, ticks));
    grid.add(0, y, plot.width, line, Fill.grid);
    const hidden = last !== null && y > last.top - rise && y < last.top + last.height + rise;
    const fits = y > 8 * ratio && y < plot.height - 8 * ratio && !hidden;
    if (fits) texts.add(x, y + rise, priceText(instrument.priceScale, ticks, decimals), Text.axis);
  }
}

/** Time labels; a label stands under the middle of a candle while candles are wide. */
export function addTimeAxis(grid: RectItems, texts: TextItems, scene: Scene): void {
  const { view, layout, fromTime, toTime, slot } = scene;
  const { plot, ratio, timeAxisHeight } = layout;
  const step = timeStep(view.msPerPx, TIME_LABEL_GAP * ratio);
  const line = Math.max(1, Math.round(ratio));
  const y = plot.height + Math.round(timeAxisHeight * 0.68);
  const half = Math.round(28 * ratio);
  const toMiddle = slot.detail === "numbers" && step >= view.slotMs
    ? Math.round(slot.width / 2)
    : 0;
  for (const time of multiplesIn(fromTime - step, toTime, step)) {
    const x = Math.round(timeToX(view, plot, time));
    const isDay = time % DAY_MS === 0;
    if (isDay) grid.add(x, 0, line, plot.height, Fill.daySeparator);
    else grid.add(x, 0, line, plot.height, Fill.grid);
    const at = x + toMiddle;
    if (at < half || at > plot.width - half) continue;
    const text = isDay ? dayText(time) : step < 60_000 ? secondText(time) : minuteText(time);
    texts.add(at, y, text, isDay ? Text.axisStrong : Text.axisCentre);
  }
}

/** Frames between plot, axes and footer. */
export function addFrames(rects: RectItems, scene: Scene): void {
  const { layout } = scene;
  const { plot, width, height, ratio } = layout;
  const line = Math.max(1, Math.round(ratio));
  rects.add(plot.width, 0, width - plot.width, height, Fill.panel);
  rects.add(0, plot.height, width, height - plot.height, Fill.panel);
  rects.add(plot.width, 0, line, height, Fill.line);
  rects.add(0, plot.height, width, line, Fill.line);
}
