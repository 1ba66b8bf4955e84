import { priceText } from "./format.ts";
import type { RectItems, TextItems } from "./items.ts";
import type { Scene } from "./scene.ts";
import { Text } from "./text_styles.ts";
import { Fill } from "./theme.ts";
import { countdownText } from "./times.ts";
import { priceToY } from "./view.ts";

/** Height of the label and what of it stands above the price, in CSS pixels. */
const LABEL_HEIGHT = 34;
const LABEL_RISE = 11;

/** Where the label of the last price begins, in device pixels; null before the first candle. */
export function lastPriceLabel(
  { candles, view, layout }: Scene,
): { top: number; height: number } | null {
  if (candles.length === 0) return null;
  const { plot, ratio } = layout;
  const height = Math.round(LABEL_HEIGHT * ratio);
  const price = Math.round(priceToY(view, candles[candles.length - 1].close));
  // Out of view the label stays at the edge, so that the last price is always readable.
  const wanted = Math.max(0, price - Math.round(LABEL_RISE * ratio));
  return { top: Math.min(plot.height - height, wanted), height };
}

/** Dotted line at the last price, ending in a filled label with the countdown to the close. */
export function addLastPrice(
  lines: RectItems,
  labels: RectItems,
  texts: TextItems,
  scene: Scene,
): void {
  const { candles, view, layout, instrument, now } = scene;
  const { plot, ratio, axisWidth } = layout;
  const label = lastPriceLabel(scene);
  if (label === null) return;
  const last = candles[candles.length - 1];
  const up = last.close >= last.open;
  const price = Math.round(priceToY(view, last.close));
  const px = (css: number) => Math.round(css * ratio);
  const fill = up ? Fill.buy : Fill.sell;
  if (price >= 0 && price < plot.height) {
    lines.addDots(0, price, plot.width, Math.max(1, px(1)), px(3), fill);
  }
  const y = label.top;
  labels.add(plot.width + px(1), y, axisWidth - px(1), label.height, fill);
  const x = plot.width + px(8);
  texts.add(x, y + px(15), priceText(instrument.priceScale, last.close), Text.onColour);
  const left = now === null ? null : last.time + view.slotMs - now;
  const countdown = left === null ? "" : left > 0 ? countdownText(left) : "closed";
  texts.add(x, y + px(28), countdown, Text.onColourSmall);
}
