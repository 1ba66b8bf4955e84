import type { Wall } from "../../market/wall.ts";
import type { SymbolState } from "../symbol_state.ts";
import type { Walls } from "../walls.ts";
import type { FrameBody, Topic } from "./topic.ts";

/**
 * Large resting orders. A change is told as the wall then stands, so one that a full frame in
 * between has told already is told once more and does no harm.
 */
export class WallsTopic implements Topic<"walls"> {
  readonly kind = "walls";
  readonly mustBeFull = false;
  #changed: readonly Wall[] = [];
  #thresholdLots: number | null = null;
  #toldThresholdLots: number | null = null;

  get isDirty(): boolean {
    return this.#changed.length > 0 || this.#thresholdLots !== this.#toldThresholdLots;
  }

  /** Takes what has changed since the last frame: once for each, also while nobody watches. */
  collect(walls: Walls): void {
    this.#changed = walls.takeChanged();
    this.#thresholdLots = wholeLots(walls);
  }

  body({ baseTicks, walls }: SymbolState, _context: unknown, full: boolean): FrameBody<"walls"> {
    return {
      baseGroup: baseTicks ?? 1,
      thresholdLots: wholeLots(walls),
      walls: full ? walls.visible() : this.#changed,
    };
  }

  clear(): void {
    this.#changed = [];
    this.#toldThresholdLots = this.#thresholdLots;
  }
}

/** The least that is a wall: rows hold whole lots. */
function wholeLots({ thresholdLots }: Walls): number | null {
  return thresholdLots === null ? null : Math.ceil(thresholdLots);
}
