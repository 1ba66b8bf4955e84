import type { Wall, WallEnd } from "../market/wall.ts";
import type { Pointed } from "./crosshair_items.ts";
import { decimalsFor, exactQuantity, priceText } from "./format.ts";
import type { RectItems } from "./items.ts";
import type { Part } from "./readout.ts";
import { Text } from "./text_styles.ts";
import { Fill } from "./theme.ts";
import { countdownText, DAY_MS, fullText, secondText } from "./times.ts";
import { priceToY, timeToX } from "./view.ts";
import {
  type VisibleWalls,
  wallHeight,
  wallLeft,
  type WallPlane,
  wallRight,
  wallTop,
} from "./wall_place.ts";

/** A pointer this near to a mark means it, in CSS pixels. */
const REACH = 5;

const END_WORDS: Readonly<Record<WallEnd, string>> = {
  filled: "filled",
  pulled: "pulled",
  mixed: "partly filled, partly pulled",
  unknown: "end unknown (book or trades were lost)",
};

/** The wall under the pointer: the nearest one, of two equally near the one that rests or is newer. */
export function wallAt(plane: WallPlane, visible: VisibleWalls, pointed: Pointed): Wall | null {
  const { view, layout } = plane.scene;
  if (pointed.time === null) return null;
  const x = timeToX(view, layout.plot, pointed.time);
  const y = priceToY(view, pointed.priceTicks + 0.5);
  const reach = REACH * layout.ratio;
  let found: Wall | null = null;
  let foundAway = reach + wallHeight(plane) / 2;
  const look = (wall: Wall) => {
    const away = Math.abs(y - priceToY(view, wall.row + plane.rowTicks / 2));
    if (away > foundAway || (away === foundAway && found !== null && wall.born < found.born)) {
      return;
    }
    if (x < wallLeft(plane, wall) - reach || x > wallRight(plane, wall) + reach) return;
    found = wall;
    foundAway = away;
  };
  visible.ended.forEach(look);
  visible.resting.forEach(look);
  return found;
}

/** A frame around the mark of the wall that the readout speaks of. */
export function addWallFrame(rects: RectItems, plane: WallPlane, wall: Wall): void {
  const line = Math.max(1, Math.round(plane.scene.layout.ratio));
  const height = wallHeight(plane);
  const left = wallLeft(plane, wall);
  const top = wallTop(plane, wall.row, height);
  const width = wallRight(plane, wall) - left;
  const around = 3 * line;
  const [x, y] = [left - around, top - around];
  rects.addOutline(x, y, width + 2 * around, height + 2 * around, line, Fill.gold);
}

/** All that is known of a wall, with units. */
export function wallParts({ scene, rowTicks, presentTime }: WallPlane, wall: Wall): Part[] {
  const { priceScale, qtyScale, baseAsset, quoteAsset } = scene.instrument;
  const { side, row, born, died, peakLots, lots, tradedLots, ended } = wall;
  const quantity = (value: number) => `${exactQuantity(qtyScale, value)} ${baseAsset}`;
  const end = died ?? presentTime ?? born;
  const far = (scene.now ?? end) - born > DAY_MS / 2;
  const timeText = far ? fullText : secondText;
  const price = `${priceText(priceScale, row, decimalsFor(priceScale, rowTicks))} ${quoteAsset}`;
  const style = side === "bid" ? Text.buyLeft : Text.sellLeft;
  const part = (label: string, value: string, room: number, style = Text.value): Part => ({
    label,
    value,
    room,
    style,
  });
  return [
    part(`${side} wall`, price, price.length, style),
    part("peak", quantity(peakLots), 15),
    part(died === null ? "resting" : "left", quantity(lots), 15),
    part("traded", quantity(tradedLots), 15),
    part("since", `${timeText(born)} UTC, for ${countdownText(end - born)}`, 28),
    part("", endText(died, ended, timeText), 24, Text.goldLeft),
  ];
}

function endText(
  died: number | null,
  ended: WallEnd | null,
  timeText: (time: number) => string,
): string {
  if (died === null) return "still resting";
  const how = ended === null ? "gone, not yet judged" : END_WORDS[ended];
  return `${how} ${timeText(died)}`;
}
