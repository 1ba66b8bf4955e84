import type { Context2d } from "./draw_items.ts";
import type { Layout } from "./layout.ts";

const WIDTH_PX = 22;

/** Darkens the plot's left edge where more lies beyond it, so that a cut candle looks cut. */
export function drawLeftEdge(context: Context2d, { plot, ratio }: Layout): void {
  const width = WIDTH_PX * ratio;
  const fade = context.createLinearGradient(0, 0, width, 0);
  fade.addColorStop(0, "rgba(10,13,18,0.85)");
  fade.addColorStop(1, "rgba(10,13,18,0)");
  context.fillStyle = fade;
  context.fillRect(0, 0, width, plot.height);
}
