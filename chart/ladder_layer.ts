import { type Context2d, drawRects, drawTexts } from "./draw_items.ts";
import { RectItems, TextItems } from "./items.ts";
import type { KnownRows } from "./known_rows.ts";
import { addLadder, addLadderHead, ladderGroup, ladderRows } from "./ladder_items.ts";
import type { ChartSource } from "./model.ts";
import type { Scene } from "./scene.ts";
import { addTape } from "./tape_items.ts";
import { type CanvasText, Text } from "./text_styles.ts";
import { Fill, FILL_STYLES } from "./theme.ts";
import { priceToY } from "./view.ts";

/** Draws the order book beside the chart, on the chart's own price axis, and the last trades. */
export class LadderLayer {
  readonly #rects = new RectItems();
  readonly #front = new RectItems();
  readonly #texts = new TextItems();
  readonly #frontTexts = new TextItems();
  #group: number | null = null;
  /** Rows with a size in the last picture. */
  rows = 0;

  draw(
    context: Context2d,
    scene: Scene,
    source: ChartSource,
    styles: readonly CanvasText[],
    hatch: CanvasPattern | null,
    width: number,
  ): void {
    const { book } = source;
    const { layout } = scene;
    this.#rects.clear();
    this.#front.clear();
    this.#texts.clear();
    this.#frontTexts.clear();
    this.#group = ladderGroup(scene, this.#group);
    const ladder = ladderRows(scene, book, this.#group);
    this.rows = (ladder.bids.length + ladder.asks.length) / 2;
    addLadder(this.#rects, this.#texts, scene, book, ladder, width);
    addLadderHead(this.#front, this.#frontTexts, scene, book, this.#group, width);
    addTape(this.#front, this.#frontTexts, scene, source.tape, width);
    if (book.known === null) {
      const y = Math.round(layout.plot.height / 2);
      const half = Math.round(75 * layout.ratio);
      const middle = Math.round(width / 2);
      const top = y - Math.round(16 * layout.ratio);
      this.#front.add(middle - half, top, 2 * half, Math.round(24 * layout.ratio), Fill.raised);
      this.#frontTexts.add(middle, y, "order book unknown", Text.nameCentre);
    }

    context.fillStyle = FILL_STYLES[Fill.background];
    context.fillRect(0, 0, width, layout.height);
    drawUnknown(context, scene, ladder.known, hatch, width);
    drawRects(context, this.#rects);
    drawTexts(context, this.#texts, styles);
    drawRects(context, this.#front);
    drawTexts(context, this.#frontTexts, styles);
  }
}

/** Hatches the rows that are not known in full. */
function drawUnknown(
  context: Context2d,
  scene: Scene,
  known: KnownRows | null,
  hatch: CanvasPattern | null,
  width: number,
): void {
  const { height } = scene.layout.plot;
  if (hatch === null) return;
  context.fillStyle = hatch;
  if (known === null) {
    context.fillRect(0, 0, width, height);
    return;
  }
  const top = Math.min(height, Math.round(priceToY(scene.view, known.end)));
  const bottom = Math.max(0, Math.round(priceToY(scene.view, known.low)));
  if (top > 0) context.fillRect(0, 0, width, top);
  if (bottom < height) context.fillRect(0, bottom, width, height - bottom);
}
