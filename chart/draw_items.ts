import type { RectItems, TextItems } from "./items.ts";
import type { CanvasText } from "./text_styles.ts";
import { FILL_STYLES } from "./theme.ts";

export type Context2d = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;

/** Fills rectangles; styles change only where the items' fill changes. */
export function drawRects(context: Context2d, items: RectItems): void {
  const { x, y, width, height, fill, length } = items;
  let current = -1;
  for (let i = 0; i < length; i++) {
    if (fill[i] !== current) {
      current = fill[i];
      context.fillStyle = FILL_STYLES[current];
    }
    context.fillRect(x[i], y[i], width[i], height[i]);
  }
}

/** Draws texts on their baselines; styles change only where the items' style changes. */
export function drawTexts(
  context: Context2d,
  items: TextItems,
  styles: readonly CanvasText[],
): void {
  const { x, y, style, text, length } = items;
  let current = -1;
  context.textBaseline = "alphabetic";
  for (let i = 0; i < length; i++) {
    if (style[i] !== current) {
      current = style[i];
      const { font, fill, align } = styles[current];
      context.font = font;
      context.fillStyle = fill;
      context.textAlign = align;
    }
    context.fillText(text[i], x[i], y[i]);
  }
}
