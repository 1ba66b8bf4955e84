import { rowOf } from "../market/price_row.ts";
import type { Wall, WallEnd } from "../market/wall.ts";
import type { RectItems } from "./items.ts";
import { firstAtOrAfter, type Scene } from "./scene.ts";
import { Fill, RAMP_STEPS } from "./theme.ts";
import { timeToX } from "./view.ts";
import { fadeStep } from "./wall_items.ts";
import { type WallPlane, wallRight, wallTop } from "./wall_place.ts";

/** Side of the square at the end of a wall, in CSS pixels. */
const SIZE = 7;
/** So many steps of the ramp stronger than the line. */
const STRONGER = 3;

/**
 * Marks of how walls have ended, over the candles: what was filled ends where it was traded. Beside
 * numbers and bars the mark lies on the thin body, so that it hides none of them.
 */
export function addWallEnds(rects: RectItems, plane: WallPlane, ended: readonly Wall[]): void {
  const { scene } = plane;
  const { layout: { ratio }, now, toTime, slot } = scene;
  const size = Math.round(SIZE * ratio);
  const line = Math.max(1, Math.round(ratio));
  const isWide = slot.detail === "numbers" || slot.detail === "bars";
  for (let i = 0; i < ended.length; i++) {
    const wall = ended[i];
    if (wall.ended === null || wall.died === null || wall.died > toTime) continue;
    const step = fadeStep((now ?? wall.died) - wall.died) + STRONGER;
    const ramp = wall.side === "bid" ? Fill.bidWallRamp : Fill.askWallRamp;
    const body = isWide ? bodyAt(scene, wall.died, wall.row, plane.rowTicks) : null;
    const x = body === null ? wallRight(plane, wall) : Math.round(body - size / 2);
    const y = wallTop(plane, wall.row, size);
    addEnd(rects, wall.ended, x, y, size, line, ramp + Math.min(RAMP_STEPS - 1, step));
  }
}

/** The middle of the body of the candle that lies over a row at a time, or null. */
function bodyAt(scene: Scene, time: number, row: number, rowTicks: number): number | null {
  const { candles, group, slot, view, layout } = scene;
  const openTime = rowOf(time, view.slotMs);
  const candle = candles[firstAtOrAfter(candles, openTime)];
  if (candle === undefined || candle.time !== openTime) return null;
  const isOver = rowOf(candle.low, group) < row + rowTicks &&
    rowOf(candle.high, group) + group > row;
  if (!isOver) return null;
  return Math.round(timeToX(view, layout.plot, openTime)) + slot.bodyX + slot.bodyWidth / 2;
}

/** A full square: filled. An empty one: pulled. A half full one: mixed. Three dots: nobody knows. */
function addEnd(
  rects: RectItems,
  end: WallEnd,
  x: number,
  y: number,
  size: number,
  line: number,
  fill: number,
): void {
  rects.add(x - line, y - line, size + 2 * line, size + 2 * line, Fill.plate);
  if (end === "unknown") {
    const gap = Math.floor((size - 3 * line) / 2) + line;
    const top = y + Math.floor((size - line) / 2);
    for (let dot = 0; dot < 3; dot++) rects.add(x + dot * gap, top, line, line, fill);
    return;
  }
  if (end === "filled") return rects.add(x, y, size, size, fill);
  rects.addOutline(x, y, size, size, line, fill);
  if (end !== "mixed") return;
  const half = Math.floor(size / 2);
  rects.add(x + line, y + half, size - 2 * line, size - half - line, fill);
}
