import { type Wall, WALL_FADE_MS } from "../market/wall.ts";
import type { RectItems } from "./items.ts";
import { Fill, RAMP_STEPS } from "./theme.ts";
import {
  type VisibleWalls,
  wallHeight,
  wallLeft,
  type WallPlane,
  wallRight,
  wallTop,
} from "./wall_place.ts";

/** How strong an ended wall is drawn: the ramp's last step at its end, the first after a while. */
export function fadeStep(sinceMs: number): number {
  const left = 1 - Math.min(1, Math.max(0, sinceMs / WALL_FADE_MS));
  return Math.round(left * (RAMP_STEPS - 1));
}

/** Lines of the walls that have ended, and over them of those that rest. */
export function addWalls(rects: RectItems, plane: WallPlane, visible: VisibleWalls): void {
  const { resting, ended } = visible;
  // A side at a time, so that drawing changes the fill seldom.
  addEnded(rects, plane, ended, "bid", Fill.bidWallRamp);
  addEnded(rects, plane, ended, "ask", Fill.askWallRamp);
  addResting(rects, plane, resting, "bid", Fill.buy);
  addResting(rects, plane, resting, "ask", Fill.sell);
}

function addEnded(
  rects: RectItems,
  plane: WallPlane,
  walls: readonly Wall[],
  side: Wall["side"],
  ramp: number,
): void {
  const { now } = plane.scene;
  const height = Math.max(1, Math.round(wallHeight(plane) / 2));
  for (let i = 0; i < walls.length; i++) {
    const wall = walls[i];
    if (wall.side !== side || wall.died === null) continue;
    const step = fadeStep((now ?? wall.died) - wall.died);
    const left = wallLeft(plane, wall);
    const width = wallRight(plane, wall) - left;
    rects.add(left, wallTop(plane, wall.row, height), width, height, ramp + step);
  }
}

/** Between dark lines, so that they stand out from bright cells of the heatmap as well. */
function addResting(
  rects: RectItems,
  plane: WallPlane,
  walls: readonly Wall[],
  side: Wall["side"],
  fill: number,
): void {
  const height = wallHeight(plane);
  const line = Math.max(1, Math.round(plane.scene.layout.ratio));
  for (let i = 0; i < walls.length; i++) {
    const left = wallLeft(plane, walls[i]);
    const width = wallRight(plane, walls[i]) - left;
    if (walls[i].side !== side || width <= 0) continue;
    const top = wallTop(plane, walls[i].row, height);
    rects.add(left - line, top - line, width + 2 * line, height + 2 * line, Fill.plate);
  }
  for (let i = 0; i < walls.length; i++) {
    if (walls[i].side !== side) continue;
    const left = wallLeft(plane, walls[i]);
    const width = wallRight(plane, walls[i]) - left;
    rects.add(left, wallTop(plane, walls[i].row, height), width, height, fill);
  }
}
