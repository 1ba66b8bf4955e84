import type { Wall } from "../market/wall.ts";
import type { Scene } from "./scene.ts";
import { priceToY, timeToX } from "./view.ts";

/** A mark is as high as its row within these bounds, in CSS pixels. */
const LEAST_HEIGHT = 3;
const MOST_HEIGHT = 6;
/** An ended wall that would be shorter on the screen is left out. */
const LEAST_LENGTH = 2;

/** What the marks of walls are laid out by. */
export interface WallPlane {
  readonly scene: Scene;
  /** Size of the walls' rows in ticks. */
  readonly rowTicks: number;
  /** What rests is known to rest up to here; null before anything is known. */
  readonly presentTime: number | null;
}

/** The walls of one picture. */
export interface VisibleWalls {
  readonly resting: Wall[];
  readonly ended: Wall[];
}

/** Height of every mark, in device pixels. */
export function wallHeight({ scene, rowTicks }: WallPlane): number {
  const { view, layout: { ratio } } = scene;
  const row = Math.round(rowTicks / view.ticksPerPx);
  return Math.min(Math.round(MOST_HEIGHT * ratio), Math.max(Math.round(LEAST_HEIGHT * ratio), row));
}

/** Top edge of a wall's mark, which lies in the middle of its row. */
export function wallTop({ scene, rowTicks }: WallPlane, row: number, height: number): number {
  return Math.round(priceToY(scene.view, row + rowTicks / 2) - height / 2);
}

export function wallLeft({ scene: { view, layout } }: WallPlane, { born }: Wall): number {
  return Math.max(0, Math.round(timeToX(view, layout.plot, born)));
}

/** Where a wall ended, or where the present is, but not beyond the plot. */
export function wallRight({ scene, presentTime }: WallPlane, { born, died }: Wall): number {
  const { view, layout } = scene;
  const end = died ?? presentTime ?? born;
  return Math.min(layout.plot.width, Math.round(timeToX(view, layout.plot, end)));
}

/** Finds the walls that the plot shows. */
export function findVisible(into: VisibleWalls, plane: WallPlane, walls: readonly Wall[]): void {
  const { scene, rowTicks, presentTime } = plane;
  const { view, layout, fromTime, toTime } = scene;
  const height = wallHeight(plane);
  const highest = view.priceTop + height * view.ticksPerPx;
  const lowest = view.priceTop - (layout.plot.height + height) * view.ticksPerPx - rowTicks;
  const leastMs = LEAST_LENGTH * layout.ratio * view.msPerPx;
  into.resting.length = 0;
  into.ended.length = 0;
  for (let i = 0; i < walls.length; i++) {
    const wall = walls[i];
    const { row, born, died } = wall;
    if (row > highest || row < lowest || born >= toTime) continue;
    if (died === null) {
      if (presentTime !== null && presentTime > fromTime) into.resting.push(wall);
    } else if (died > fromTime && died - born >= leastMs) into.ended.push(wall);
  }
}
