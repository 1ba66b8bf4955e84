import type { Scale } from "../market/scale.ts";
import { addCandle } from "./candle_items.ts";
import { type Context2d, drawRects, drawTexts } from "./draw_items.ts";
import { addFootprint } from "./footprint_items.ts";
import { groupedCandle } from "./grouped_candle.ts";
import { RectItems, TextItems } from "./items.ts";
import type { ChartCandle } from "./model.ts";
import type { Slot } from "./slot.ts";
import type { CanvasText } from "./text_styles.ts";

/** A candle painted once: panning then costs one image per candle instead of its hundred texts. */
export interface Sprite {
  readonly image: ImageBitmap;
  /** Price at the image's top edge, in ticks. */
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly ticksPerPx: number;
  readonly slot: Slot;
  readonly revision: number;
  readonly group: number;
  readonly fontsVersion: number;
  lastFrame: number;
}

/** Beyond this height an image would cost more memory than drawing costs time. */
export const MAX_SPRITE_HEIGHT = 6000;

export class Sprites {
  readonly #held = new Map<number, Sprite>();
  readonly #rects = new RectItems();
  readonly #texts = new TextItems();
  #canvas: OffscreenCanvas | null = null;
  #context: OffscreenCanvasRenderingContext2D | null = null;

  get(time: number): Sprite | undefined {
    return this.#held.get(time);
  }

  /** Whether a sprite shows the candle as it is now, at this size. */
  static isFresh(
    sprite: Sprite,
    candle: ChartCandle,
    slot: Slot,
    group: number,
    fontsVersion: number,
  ): boolean {
    return sprite.revision === candle.revision && sprite.group === group &&
      sprite.width === slot.width && sprite.ticksPerPx === slot.ticksPerPx &&
      sprite.slot.detail === slot.detail && sprite.slot.ratio === slot.ratio &&
      sprite.slot.look === slot.look &&
      sprite.fontsVersion === fontsVersion;
  }

  paint(
    candle: ChartCandle,
    slot: Slot,
    group: number,
    qtyScale: Scale,
    styles: readonly CanvasText[],
    fontsVersion: number,
  ): Sprite {
    const grouped = groupedCandle(candle, group, qtyScale);
    const { rows } = grouped;
    // The image begins at a row's edge, one outline above it.
    const highest = rows.length > 0 ? rows[rows.length - 1] + grouped.group : candle.high;
    const lowest = rows.length > 0 ? rows[0] : candle.low;
    const margin = Math.ceil(2 * slot.ratio);
    const top = highest + margin * slot.ticksPerPx;
    const height = Math.ceil((highest - lowest) / slot.ticksPerPx) + 2 * margin;
    const context = this.#prepare(slot.width, height);
    this.#rects.clear();
    this.#texts.clear();
    addFootprint(this.#rects, this.#texts, grouped, slot, 0, top);
    addCandle(this.#rects, candle, slot, 0, top);
    drawRects(context, this.#rects);
    drawTexts(context, this.#texts, styles);
    const sprite: Sprite = {
      image: (this.#canvas as OffscreenCanvas).transferToImageBitmap(),
      top,
      width: slot.width,
      height,
      ticksPerPx: slot.ticksPerPx,
      slot,
      revision: candle.revision,
      group,
      fontsVersion,
      lastFrame: 0,
    };
    this.#held.get(candle.time)?.image.close();
    this.#held.set(candle.time, sprite);
    return sprite;
  }

  /** Forgets images that no frame since `frame` has used. */
  sweep(frame: number): void {
    for (const [time, sprite] of this.#held) {
      if (sprite.lastFrame >= frame) continue;
      sprite.image.close();
      this.#held.delete(time);
    }
  }

  #prepare(width: number, height: number): Context2d {
    if (this.#canvas === null || this.#context === null) {
      this.#canvas = new OffscreenCanvas(width, height);
      this.#context = this.#canvas.getContext("2d");
      if (this.#context === null) throw new Error("This browser has no 2D canvas");
    }
    this.#canvas.width = width;
    this.#canvas.height = height;
    return this.#context;
  }
}
