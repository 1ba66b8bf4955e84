import { addCandle } from "./candle_items.ts";
import { type Context2d, drawRects } from "./draw_items.ts";
import { RectItems } from "./items.ts";
import type { Scene } from "./scene.ts";
import { Sprites } from "./sprites.ts";
import type { CanvasText } from "./text_styles.ts";
import { priceToY, timeToX } from "./view.ts";

/** Script time that one frame may spend on painting candles anew; the rest waits for the next. */
const PAINT_BUDGET_MS = 4;

/** Draws the visible candles: detailed ones from their images, plain ones as rectangles. */
export class CandleLayer {
  #sprites = new Sprites();
  #slotMs = 0;
  readonly #rects = new RectItems();
  #frame = 0;

  /** @returns whether every candle is drawn sharp; otherwise another frame is needed. */
  draw(
    context: Context2d,
    scene: Scene,
    styles: readonly CanvasText[],
    fontsVersion: number,
  ): boolean {
    if (scene.slot.detail === "candles") {
      this.#drawPlain(context, scene);
      return true;
    }
    const { candles, first, end, view, layout, slot, group, instrument } = scene;
    if (view.slotMs !== this.#slotMs) {
      // Candles of another length may have the same times and revisions.
      this.#sprites = new Sprites();
      this.#slotMs = view.slotMs;
    }
    this.#frame++;
    const deadline = performance.now() + PAINT_BUDGET_MS;
    let finished = true;
    for (let i = first; i < end; i++) {
      const candle = candles[i];
      let sprite = this.#sprites.get(candle.time);
      const fresh = sprite !== undefined &&
        Sprites.isFresh(sprite, candle, slot, group, fontsVersion);
      if (!fresh) {
        // The newest candle never waits; the others stand in, stretched, for a frame or two.
        const late = i !== candles.length - 1 && performance.now() > deadline;
        if (late) finished = false;
        else {
          sprite = this.#sprites.paint(
            candle,
            slot,
            group,
            instrument.qtyScale,
            styles,
            fontsVersion,
          );
        }
      }
      if (sprite === undefined) continue;
      sprite.lastFrame = this.#frame;
      const x = Math.round(timeToX(view, layout.plot, candle.time));
      const y = Math.round(priceToY(view, sprite.top));
      if (sprite.width === slot.width && sprite.ticksPerPx === slot.ticksPerPx) {
        context.drawImage(sprite.image, x, y);
      } else {
        const height = Math.round(sprite.height * (sprite.ticksPerPx / slot.ticksPerPx));
        context.drawImage(sprite.image, x, y, slot.width, height);
      }
    }
    if (this.#frame % 64 === 0) this.#sprites.sweep(this.#frame - 64);
    return finished;
  }

  #drawPlain(context: Context2d, scene: Scene): void {
    const { candles, first, end, view, layout, slot } = scene;
    this.#rects.clear();
    for (let i = first; i < end; i++) {
      const x = Math.round(timeToX(view, layout.plot, candles[i].time));
      addCandle(this.#rects, candles[i], slot, x, view.priceTop);
    }
    drawRects(context, this.#rects);
  }
}
