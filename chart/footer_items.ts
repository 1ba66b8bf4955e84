import { fromUnits } from "../market/scale.ts";
import { shortQuantity, signedPercent, signedShort, THIN_SPACE } from "./format.ts";
import type { RectItems, TextItems } from "./items.ts";
import type { ChartCandle } from "./model.ts";
import type { Scene } from "./scene.ts";
import { Text } from "./text_styles.ts";
import { Fill, rampStep } from "./theme.ts";
import { timeToX } from "./view.ts";

const TEXT_FROM_CSS = 52;
const MIN_MAX_FROM_CSS = 84;

/** Statistics under each candle: volume, delta, delta %, min / max delta, trades. */
export function addFooter(rects: RectItems, texts: TextItems, scene: Scene): void {
  const { layout, candles, first, end, view, slot } = scene;
  const { plot, ratio, footerTop, footerRowHeight, footerRows } = layout;
  let maxVolume = 0;
  let maxDelta = 0;
  let maxTrades = 0;
  for (let i = first; i < end; i++) {
    const { buyLots, sellLots, trades } = candles[i];
    maxVolume = Math.max(maxVolume, buyLots + sellLots);
    maxDelta = Math.max(maxDelta, Math.abs(buyLots - sellLots));
    maxTrades = Math.max(maxTrades, trades);
  }
  const gap = slot.width > 5 * ratio ? Math.round(ratio) : 0;
  const height = footerRowHeight - Math.round(ratio);
  for (let i = first; i < end; i++) {
    const candle = candles[i];
    const x = Math.round(timeToX(view, plot, candle.time));
    const width = Math.min(slot.width, plot.width - x) - gap;
    const volume = candle.buyLots + candle.sellLots;
    const delta = candle.buyLots - candle.sellLots;
    const ramp = delta < 0 ? Fill.sellRamp : Fill.buyRamp;
    const share = volume === 0 ? 0 : delta / volume;
    const row = (n: number) => footerTop + n * footerRowHeight;
    // Text must stay readable on the fill: the ramps are used up to about two thirds.
    rects.add(x, row(0), width, height, Fill.volumeRamp + rampStep((volume / maxVolume) * 0.5));
    const strength = maxDelta === 0 ? 0 : Math.abs(delta) / maxDelta;
    rects.add(x, row(1), width, height, ramp + rampStep(strength * 0.25));
    rects.add(x, row(2), width, height, ramp + rampStep(Math.abs(share) * 0.4));
    if (footerRows > 4) {
      const busy = candle.trades / maxTrades;
      rects.add(x, row(4), width, height, Fill.volumeRamp + rampStep(busy * 0.5));
    }
    if (slot.width >= TEXT_FROM_CSS * ratio) addCells(texts, scene, candle, x);
  }
}

function addCells(texts: TextItems, scene: Scene, candle: ChartCandle, x: number): void {
  const { layout, slot, instrument } = scene;
  const { ratio, footerTop, footerRowHeight, footerRows, plot } = layout;
  const middle = x + Math.round(slot.width / 2);
  // A cell cut by the plot's edge has no room for a number.
  if (x < -slot.width / 8 || x + slot.width > plot.width + 4 * ratio) return;
  const quantity = (lots: number) => fromUnits(instrument.qtyScale, lots);
  const volume = candle.buyLots + candle.sellLots;
  const delta = candle.buyLots - candle.sellLots;
  const base = footerTop + Math.round(footerRowHeight / 2 + 3.5 * ratio);
  const at = (row: number) => base + row * footerRowHeight;
  texts.add(middle, at(0), shortQuantity(quantity(volume)), Text.valueCentre);
  texts.add(middle, at(1), signedShort(quantity(delta)), Text.valueCentre);
  const percent = volume === 0 ? "0%" : signedPercent(delta / volume);
  texts.add(middle, at(2), percent, Text.valueCentre);
  if (footerRows < 5) return;
  if (slot.width >= MIN_MAX_FROM_CSS * ratio) {
    const low = signedShort(quantity(candle.minDelta));
    const high = signedShort(quantity(candle.maxDelta));
    texts.add(middle, at(3), `${low}${THIN_SPACE}/${THIN_SPACE}${high}`, Text.valueCentre);
  }
  texts.add(middle, at(4), countText(candle.trades), Text.valueCentre);
}

/** Names and units of the footer's rows, in the price axis's column. */
export function addFooterNames(texts: TextItems, scene: Scene): void {
  const { layout, instrument } = scene;
  const { ratio, footerTop, footerRowHeight, footerRows, plot } = layout;
  const unit = instrument.baseAsset;
  const names = [`Volume ${unit}`, `Delta ${unit}`, "Delta %", "Min/max Δ", "Trades"];
  const x = plot.width + Math.round(8 * ratio);
  for (let row = 0; row < footerRows; row++) {
    const y = footerTop + row * footerRowHeight + Math.round(footerRowHeight / 2 + 4 * ratio);
    texts.add(x, y, names[row], Text.name);
  }
}

function countText(count: number): string {
  return count < 10_000 ? String(count) : shortQuantity(count);
}
