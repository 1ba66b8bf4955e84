import type { WallsFrame } from "../bus/messages.ts";
import { type Wall, wallKey } from "../market/wall.ts";

/** Large resting orders: those that rest, and those that have ended, each once. */
export class WallStore {
  /** In no order. */
  readonly walls: Wall[] = [];
  /** What a row must hold to be a wall, or null while that is unknown. */
  thresholdLots: number | null = null;
  /** Size of the rows in ticks. */
  rowTicks = 1;
  /** Another number whenever anything above changed. */
  version = 0;
  readonly #places = new Map<string, number>();

  applyFrame(frame: WallsFrame): void {
    this.version++;
    this.thresholdLots = frame.thresholdLots;
    this.rowTicks = frame.baseGroup;
    // What rests and is not told any more has ended unseen; how others have ended stays true.
    if (frame.full) this.#keep(({ ended }) => ended !== null);
    for (const wall of frame.walls) this.#put(wall);
  }

  /** Adds walls that have ended; what rests comes from the frames alone. */
  addHistory(walls: readonly Wall[]): void {
    this.version++;
    for (const wall of walls) if (wall.ended !== null) this.#put(wall);
  }

  /** Forgets walls that had ended before `from` or were born at or after `to`. */
  keepBetween(from: number, to: number): void {
    this.version++;
    this.#keep(({ born, died }) => died === null || (died >= from && born < to));
  }

  #put(wall: Wall): void {
    const key = wallKey(wall);
    const place = this.#places.get(key);
    if (place !== undefined) {
      this.walls[place] = wall;
      return;
    }
    this.#places.set(key, this.walls.length);
    this.walls.push(wall);
  }

  #keep(isKept: (wall: Wall) => boolean): void {
    const kept = this.walls.filter(isKept);
    if (kept.length === this.walls.length) return;
    this.walls.length = 0;
    this.#places.clear();
    for (const wall of kept) this.#put(wall);
  }
}
