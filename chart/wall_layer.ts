import type { Wall } from "../market/wall.ts";
import type { Pointed } from "./crosshair_items.ts";
import { type Context2d, drawRects, drawTexts } from "./draw_items.ts";
import { RectItems, TextItems } from "./items.ts";
import type { ChartSource } from "./model.ts";
import type { ProfileLabel } from "./profile_items.ts";
import type { Scene } from "./scene.ts";
import type { CanvasText } from "./text_styles.ts";
import { timeToX } from "./view.ts";
import { addWallEnds } from "./wall_ends.ts";
import { addWalls } from "./wall_items.ts";
import { addWallLabels } from "./wall_labels.ts";
import { findVisible, type VisibleWalls, type WallPlane } from "./wall_place.ts";
import { wallAt } from "./wall_readout.ts";

/** Fading is slow: what has not changed otherwise is laid out again after so long. */
const FADE_LOOK_MS = 5_000;

/** Lays the marks of walls out when they or the view have changed, and draws them. */
export class WallLayer {
  readonly #lines = new RectItems();
  readonly #ends = new RectItems();
  readonly #plates = new RectItems();
  readonly #texts = new TextItems();
  readonly visible: VisibleWalls = { resting: [], ended: [] };
  /** What the marks were laid out by; null while none are shown. */
  plane: WallPlane | null = null;
  /** Labels in the last picture. */
  labels = 0;
  #key: readonly unknown[] = [];

  /** @param profileLabels texts in the column of the labels */
  layOut(scene: Scene, source: ChartSource, profileLabels: readonly ProfileLabel[]): void {
    const { walls, heatEnd } = source;
    const presentTime = heatEnd ?? scene.now;
    const key = keyOf(scene, source, presentTime, profileLabels);
    const plane = { scene, rowTicks: walls.rowTicks, presentTime };
    const isSame = this.plane !== null && key.every((value, i) => value === this.#key[i]);
    this.plane = plane;
    if (isSame && key.length === this.#key.length) return;
    this.#key = key;
    this.#lines.clear();
    this.#ends.clear();
    this.#plates.clear();
    this.#texts.clear();
    findVisible(this.visible, plane, walls.walls);
    addWalls(this.#lines, plane, this.visible);
    addWallEnds(this.#ends, plane, this.visible.ended);
    const { ratio } = scene.layout;
    const taken = profileLabels.map(({ y }) => ({ top: y - 14 * ratio, bottom: y + 3 * ratio }));
    const { resting } = this.visible;
    this.labels = addWallLabels(this.#lines, this.#plates, this.#texts, plane, resting, taken);
  }

  /** Nothing is shown until the next layout. */
  hide(): void {
    this.plane = null;
    this.labels = 0;
    this.visible.resting.length = 0;
    this.visible.ended.length = 0;
    for (const items of [this.#lines, this.#ends, this.#plates, this.#texts]) items.clear();
  }

  drawBehindCandles(context: Context2d): void {
    drawRects(context, this.#lines);
  }

  drawOverCandles(context: Context2d, styles: readonly CanvasText[]): void {
    drawRects(context, this.#ends);
    drawRects(context, this.#plates);
    drawTexts(context, this.#texts, styles);
  }

  at(pointed: Pointed): Wall | null {
    return this.plane === null ? null : wallAt(this.plane, this.visible, pointed);
  }
}

/** Everything that the layout depends on. */
function keyOf(
  scene: Scene,
  { walls }: ChartSource,
  presentTime: number | null,
  profileLabels: readonly ProfileLabel[],
): unknown[] {
  const { view, layout, now, candles, slot, group } = scene;
  const present = presentTime === null ? null : timeToX(view, layout.plot, presentTime);
  return [
    walls,
    walls.version,
    layout,
    view.timeRight,
    view.msPerPx,
    view.priceTop,
    view.ticksPerPx,
    present === null ? null : Math.round(present),
    now === null ? null : Math.floor(now / FADE_LOOK_MS),
    // Candles come to lie among the labels only while the chart does not follow.
    view.following ? null : candles[candles.length - 1]?.revision,
    view.following ? null : candles.length,
    slot.width,
    group,
    ...profileLabels.map(({ y }) => y),
  ];
}
