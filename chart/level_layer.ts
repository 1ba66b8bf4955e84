import type { StudyOptions } from "./cell_options.ts";
import { type Context2d, drawRects } from "./draw_items.ts";
import { RectItems } from "./items.ts";
import { addLevels, addLevelStarts } from "./level_items.ts";
import { LevelTracker, type TrackedLevel } from "./level_tracker.ts";
import type { Scene } from "./scene.ts";

/** Script time that one frame may spend on candles not looked at before; the rest waits. */
const BUDGET_MS = 2;

/** Lays out and draws the levels that candles leave behind. */
export class LevelLayer {
  readonly #tracker = new LevelTracker();
  readonly #behind = new RectItems();
  readonly #over = new RectItems();

  /** Levels of the last picture. */
  get visible(): readonly TrackedLevel[] {
    return this.#tracker.visible;
  }

  /** @returns whether nothing is left for the next frame */
  layOut(scene: Scene, studies: StudyOptions): boolean {
    this.#behind.clear();
    this.#over.clear();
    const deadline = performance.now() + BUDGET_MS;
    const finished = this.#tracker.find(scene, studies, () => performance.now() > deadline);
    addLevels(this.#behind, scene, this.visible);
    addLevelStarts(this.#over, scene, this.visible);
    return finished;
  }

  drawBehindCandles(context: Context2d): void {
    drawRects(context, this.#behind);
  }

  drawOverCandles(context: Context2d): void {
    drawRects(context, this.#over);
  }
}
