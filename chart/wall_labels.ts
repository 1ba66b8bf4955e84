import { fromUnits } from "../market/scale.ts";
import type { Wall } from "../market/wall.ts";
import { shortQuantity } from "./format.ts";
import type { RectItems, TextItems } from "./items.ts";
import type { Scene } from "./scene.ts";
import { DIGIT_HEIGHT, MONO_ADVANCE, Text } from "./text_styles.ts";
import { Fill } from "./theme.ts";
import { priceToY, timeToX } from "./view.ts";
import { wallLeft, type WallPlane, wallRight, wallTop } from "./wall_place.ts";

/** CSS pixels. */
const FONT = 11;
const LABEL_HEIGHT = 15;
const STRIPE = 3;
/** As wide as the longest short quantity, so that a changing one does not move anything. */
const LABEL_WIDTH = Math.ceil(4 * FONT * MONO_ADVANCE) + STRIPE + 7;
/** The readout lies over the plot's top; on narrow charts it reaches the labels. */
const READOUT = 22;
const READOUT_WRAPPED = 90;
const WIDE_FROM = 1000;
const LEADER_GAP = 4;
/** The button "Back to live" lies over the lower end of the column on a phone. */
const BUTTON = 46;

/** Vertical places that are taken, in device pixels. */
export interface Span {
  readonly top: number;
  readonly bottom: number;
}

/**
 * Quantities of the walls that rest, in one column at the right, where no candle is while the chart
 * follows. A label without room is left out, the largest peak comes first; a dotted line leads
 * to it from the end of its mark.
 *
 * @param resting is put in order of peaks
 * @param taken where other texts stand in the column
 * @returns the number of labels
 */
export function addWallLabels(
  leaders: RectItems,
  plates: RectItems,
  texts: TextItems,
  plane: WallPlane,
  resting: Wall[],
  taken: readonly Span[],
): number {
  const { scene } = plane;
  const { layout: { plot, ratio, profileWidth, compact }, instrument, view } = scene;
  const px = (css: number) => Math.round(css * ratio);
  const [width, height] = [px(LABEL_WIDTH), px(LABEL_HEIGHT)];
  const left = plot.width - Math.max(profileWidth, width);
  const highest = px(plot.width < WIDE_FROM * ratio ? READOUT_WRAPPED : READOUT);
  const lowest = plot.height - (compact && !view.following ? px(BUTTON) : 0);
  const placed: Span[] = [...taken];
  const rise = Math.round((FONT * DIGIT_HEIGHT * ratio) / 2);
  const line = Math.max(1, px(1));
  const before = texts.length;
  // By the peak: what rests at the moment swings, and labels would take turns.
  resting.sort((a, b) => b.peakLots - a.peakLots || a.row - b.row);
  for (const wall of resting) {
    // A label stands on its wall or after it, never at a time before its birth.
    if (wallLeft(plane, wall) > left) continue;
    const top = wallTop(plane, wall.row, height);
    const bottom = top + height;
    if (top < highest || bottom > lowest) continue;
    if (placed.some((other) => top < other.bottom && bottom > other.top)) continue;
    if (!view.following && hidesCandle(scene, left, left + width, top, bottom)) continue;
    placed.push({ top, bottom });
    const fill = wall.side === "bid" ? Fill.buy : Fill.sell;
    const middle = wallTop(plane, wall.row, line);
    const end = wallRight(plane, wall);
    leaders.addDots(end, middle, left - end, line, px(LEADER_GAP), fill);
    plates.add(left, top, width, height, Fill.raised);
    plates.add(left, top, px(STRIPE), height, fill);
    const text = shortQuantity(fromUnits(instrument.qtyScale, wall.lots));
    const x = left + px(STRIPE + 4);
    texts.add(x, top + Math.round(height / 2) + rise, text, Text.goldLeft);
  }
  return texts.length - before;
}

/** Whether a candle lies in this part of the plot, in device pixels. */
function hidesCandle(
  { candles, first, end, view, layout, slot, group }: Scene,
  left: number,
  right: number,
  top: number,
  bottom: number,
): boolean {
  for (let i = end - 1; i >= first; i--) {
    const x = timeToX(view, layout.plot, candles[i].time);
    if (x >= right) continue;
    if (x + slot.width <= left) return false;
    const high = priceToY(view, candles[i].high + group);
    const low = priceToY(view, candles[i].low - group);
    if (top < low && bottom > high) return true;
  }
  return false;
}
