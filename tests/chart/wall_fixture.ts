import type { Scene } from "../../chart/scene.ts";
import type { WallPlane } from "../../chart/wall_place.ts";
import type { Wall } from "../../market/wall.ts";
import { emptyScene } from "./fixture.ts";

/** The plot is 918 x 200 px: 600 ms and 10 ticks a pixel from 49,200 ms and down from 2000 ticks. */
export const PRESENT = 540_000;

export function wallOf(row: number, born: number, other: Partial<Wall> = {}): Wall {
  const resting = { died: null, peakLots: 900, lots: 800, tradedLots: 50, ended: null };
  return { side: "bid", row, born, ...resting, ...other };
}

export const pulledAt = (died: number) => ({ died, lots: 0, ended: "pulled" } as const);

export function planeOf(other: Partial<Scene> = {}): WallPlane {
  const scene = { ...emptyScene(), fromTime: 49_200, now: PRESENT, ...other };
  return { scene, rowTicks: 100, presentTime: PRESENT };
}
