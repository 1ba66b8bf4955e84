import type { ChartCandle } from "./model.ts";
import { type PlotSize, priceToY, showPrices, type View } from "./view.ts";

/** Part of the plot's height that stays free above and below the candles. */
const PAD_SHARE = 0.09;
/** The range shrinks again only when candles need less than this share of it. */
const SHRINK_BELOW = 0.5;

/** Time at the right edge while the newest candle is followed: its end, and room for the profile. */
export function followedRight(
  newest: ChartCandle,
  { slotMs, msPerPx }: Pick<View, "slotMs" | "msPerPx">,
  marginPx: number,
): number {
  return newest.time + slotMs + marginPx * msPerPx;
}

export interface PriceRange {
  readonly low: number;
  readonly high: number;
}

/** Lowest and highest price of candles [first, end), or null without any. */
export function priceRange(
  candles: readonly ChartCandle[],
  first: number,
  end: number,
): PriceRange | null {
  let low = Infinity;
  let high = -Infinity;
  for (let i = first; i < end; i++) {
    low = Math.min(low, candles[i].low);
    high = Math.max(high, candles[i].high);
  }
  return low <= high ? { low, high: high + 1 } : null;
}

/** Fits the price range to the candles when it is too small or far too large. Returns if it did. */
export function fitPrices(view: View, plot: PlotSize, range: PriceRange, force = false): boolean {
  const top = priceToY(view, range.high);
  const bottom = priceToY(view, range.low);
  const fits = top >= plot.height * 0.02 && bottom <= plot.height * 0.98;
  const roomy = bottom - top < plot.height * SHRINK_BELOW;
  if (!force && fits && !roomy) return false;
  // A quiet market is not blown up until single ticks fill the screen.
  const least = Math.max(range.high * 0.0004, 20);
  const middle = (range.low + range.high) / 2;
  const half = Math.max(range.high - range.low, least) / 2;
  if (!force && fits && bottom - top >= (least / view.ticksPerPx) * SHRINK_BELOW) {
    if (half * 2 <= least) return false;
  }
  showPrices(view, plot, middle - half, middle + half, plot.height * PAD_SHARE);
  return true;
}

/** How far, in pixels, the picture has to move so that the last price is well inside the plot. */
export function recentreBy(view: View, plot: PlotSize, lastTicks: number): number {
  const y = priceToY(view, lastTicks);
  if (y > plot.height * 0.1 && y < plot.height * 0.9) return 0;
  return plot.height / 2 - y;
}
