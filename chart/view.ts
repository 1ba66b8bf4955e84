/**
 * The part of the market that the plot shows. Times in ms, prices in ticks (not rounded here),
 * lengths in device pixels from the plot's left and top edge.
 */
export interface View {
  /** Time at the right edge of the plot. */
  timeRight: number;
  msPerPx: number;
  /** Length of a candle: its slot on the time axis. */
  slotMs: number;
  /** Price at the top edge of the plot. */
  priceTop: number;
  ticksPerPx: number;
  /** The right edge moves with the newest candle. */
  following: boolean;
  /** The price range fits the visible candles by itself. */
  autoPrice: boolean;
}

export interface PlotSize {
  readonly width: number;
  readonly height: number;
}

/** A candle's slot is at least and at most so wide. */
export const MIN_SLOT_PX = 1;
export const MAX_SLOT_PX = 600;
const MIN_TICKS_PER_PX = 0.005;
const MAX_TICKS_PER_PX = 1e7;

export function timeToX(view: View, plot: PlotSize, time: number): number {
  return plot.width - (view.timeRight - time) / view.msPerPx;
}

export function xToTime(view: View, plot: PlotSize, x: number): number {
  return view.timeRight - (plot.width - x) * view.msPerPx;
}

export function priceToY(view: View, priceTicks: number): number {
  return (view.priceTop - priceTicks) / view.ticksPerPx;
}

export function yToPrice(view: View, y: number): number {
  return view.priceTop - y * view.ticksPerPx;
}

/** Moves the picture with the pointer: a drag to the right shows earlier times. */
export function pan(view: View, dxPx: number, dyPx: number): void {
  view.timeRight -= dxPx * view.msPerPx;
  view.priceTop += dyPx * view.ticksPerPx;
  if (dyPx !== 0) view.autoPrice = false;
}

/** Shows `factor` times as much time; the time under `x` stays where it is. */
export function zoomTime(view: View, plot: PlotSize, factor: number, x: number): void {
  const time = xToTime(view, plot, x);
  view.msPerPx = clamp(
    view.msPerPx * factor,
    view.slotMs / MAX_SLOT_PX,
    view.slotMs / MIN_SLOT_PX,
  );
  view.timeRight = time + (plot.width - x) * view.msPerPx;
}

/** Shows `factor` times as many prices; the price under `y` stays where it is. */
export function zoomPrice(view: View, factor: number, y: number): void {
  const price = yToPrice(view, y);
  view.ticksPerPx = clamp(view.ticksPerPx * factor, MIN_TICKS_PER_PX, MAX_TICKS_PER_PX);
  view.priceTop = price + y * view.ticksPerPx;
  view.autoPrice = false;
}

/** Keeps the same times and prices at the right and in the middle when the plot's size changes. */
export function resizeView(view: View, before: PlotSize, after: PlotSize): void {
  if (before.height === 0) return;
  const middle = yToPrice(view, before.height / 2);
  view.priceTop = middle + (after.height / 2) * view.ticksPerPx;
}

/** Shows the prices from `low` to `high` with a margin of `padPx` at both ends. */
export function showPrices(
  view: View,
  plot: PlotSize,
  low: number,
  high: number,
  padPx: number,
): void {
  const room = Math.max(1, plot.height - 2 * padPx);
  view.ticksPerPx = clamp((high - low) / room, MIN_TICKS_PER_PX, MAX_TICKS_PER_PX);
  view.priceTop = (high + low) / 2 + (plot.height / 2) * view.ticksPerPx;
}

export function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
