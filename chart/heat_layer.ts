import type { Context2d } from "./draw_items.ts";
import { createHatch, drawHeatmap, heatItems } from "./draw_heatmap.ts";
import { HeatPixels } from "./heat_pixels.ts";
import { FIRST_SCALE, type HeatScale, nextScale, sampleTiles } from "./heat_scale.ts";
import type { ChartSource, HeatTile } from "./model.ts";
import { niceSizeAtLeast } from "./row_size.ts";
import type { Scene } from "./scene.ts";
import { timeToX, yToPrice } from "./view.ts";

/** Cells are at least so many CSS pixels wide and high. */
const CELL_PX = 1.5;
const STEPS = [
  ...[250, 500, 1000, 2000, 5000, 10_000, 15_000, 30_000, 60_000, 300_000, 900_000],
  ...[3_600_000, 14_400_000, 86_400_000],
];
const RESCALE_MS = 500;

export interface HeatWish {
  readonly on: boolean;
  readonly lowPercent: number;
  readonly highPercent: number;
}

/** Column width in ms so that a cell is at least CELL_PX wide. */
export function heatStep(msPerCssPx: number): number {
  const least = msPerCssPx * CELL_PX;
  return STEPS.find((step) => step >= least) ?? STEPS[STEPS.length - 1];
}

/** Chooses, colours and draws the heatmap's tiles. */
export class HeatLayer {
  readonly #pixels = new HeatPixels();
  #hatch: CanvasPattern | null = null;
  #hatchRatio = 0;
  #lastRescale = -Infinity;
  #scale: HeatScale = FIRST_SCALE;
  #tiles: readonly HeatTile[] = [];

  get scale(): HeatScale {
    return this.#scale;
  }

  /** What the last frame showed. */
  get tiles(): readonly HeatTile[] {
    return this.#tiles;
  }

  hatch(ratio: number): CanvasPattern | null {
    if (this.#hatchRatio !== ratio) {
      this.#hatch = createHatch(ratio);
      this.#hatchRatio = ratio;
    }
    return this.#hatch;
  }

  draw(
    context: Context2d,
    scene: Scene,
    source: ChartSource,
    wish: HeatWish,
    timeMs: number,
  ): void {
    const { baseGroup, heatEnd } = source;
    this.#tiles = [];
    if (!wish.on || baseGroup === null) return;
    const { view, layout, fromTime, toTime } = scene;
    const { plot, ratio } = layout;
    this.#tiles = source.heatTiles({
      from: fromTime,
      to: toTime,
      stepMs: heatStep(view.msPerPx * ratio),
      group: niceSizeAtLeast(baseGroup, view.ticksPerPx * ratio * CELL_PX),
      low: yToPrice(view, plot.height),
      high: view.priceTop,
    });
    const asked = wish.lowPercent !== this.#scale.lowPercent ||
      wish.highPercent !== this.#scale.highPercent || this.#scale.generation === 0;
    if (asked || timeMs - this.#lastRescale >= RESCALE_MS) {
      this.#lastRescale = timeMs;
      const samples = sampleTiles(this.#tiles);
      this.#scale = nextScale(this.#scale, samples, wish.lowPercent, wish.highPercent);
    }
    const end = heatEnd === null ? plot.width : Math.round(timeToX(view, plot, heatEnd));
    const past = { presentX: Math.min(plot.width, end), height: plot.height };
    const items = heatItems(this.#tiles, view, plot);
    drawHeatmap(context, items, this.#pixels, this.#scale, this.hatch(ratio), past);
  }
}
