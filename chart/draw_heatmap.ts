import type { Context2d } from "./draw_items.ts";
import type { HeatPixels } from "./heat_pixels.ts";
import type { HeatScale } from "./heat_scale.ts";
import type { HeatTile } from "./model.ts";
import { type PlotSize, priceToY, timeToX, type View } from "./view.ts";

/** Where one tile lies on the plot: whole device pixels, edges shared with its neighbours. */
export interface TileItem {
  tile: HeatTile;
  x: number;
  y: number;
  width: number;
  height: number;
}

export function heatItems(
  tiles: readonly HeatTile[],
  view: View,
  plot: PlotSize,
): TileItem[] {
  return tiles.map((tile) => {
    const x = Math.round(timeToX(view, plot, tile.start));
    const right = Math.round(timeToX(view, plot, tile.start + tile.columns * tile.stepMs));
    const y = Math.round(priceToY(view, tile.low + tile.rows * tile.group));
    const bottom = Math.round(priceToY(view, tile.low));
    return { tile, x, y, width: right - x, height: bottom - y };
  });
}

/**
 * Tiles over a hatched ground, which shows through unknown cells: these are transparent. Where no
 * tile is or one is on its way nothing is known either: dark would say that nothing rested there.
 * Nothing is hatched beyond `presentX`: the future is not unknown.
 */
export function drawHeatmap(
  context: Context2d,
  items: readonly TileItem[],
  pixels: HeatPixels,
  scale: HeatScale,
  hatch: CanvasPattern | null,
  past: { readonly presentX: number; readonly height: number },
): void {
  context.imageSmoothingEnabled = false;
  if (hatch !== null && past.presentX > 0) {
    context.fillStyle = hatch;
    context.fillRect(0, 0, past.presentX, past.height);
  }
  for (const { tile, x, y, width, height } of items) {
    if (!tile.ready || width <= 0 || height <= 0) continue;
    context.drawImage(pixels.pictureOf(tile, scale), x, y, width, height);
  }
}

/** A quiet hatching that says "unknown". */
export function createHatch(ratio: number): CanvasPattern | null {
  const size = Math.round(8 * ratio);
  const canvas = new OffscreenCanvas(size, size);
  const context = canvas.getContext("2d");
  if (context === null) return null;
  context.fillStyle = "#12161d";
  context.fillRect(0, 0, size, size);
  context.strokeStyle = "#2a313c";
  context.lineWidth = Math.max(1, ratio);
  context.beginPath();
  for (const shift of [-size, 0, size]) {
    context.moveTo(shift - 1, size + 1);
    context.lineTo(shift + size + 1, -1);
  }
  context.stroke();
  return context.createPattern(canvas, "repeat");
}
