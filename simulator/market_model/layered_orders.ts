import type { Side } from "./level_changes.ts";
import { type Scene, STEP_SECONDS, stepsOf } from "./scene.ts";

const GROUPS = 10;
const ORDERS_A_GROUP = 18;
export const LAYERED_ORDERS = GROUPS * ORDERS_A_GROUP;
const PAUSE_SECONDS = 45;

interface Group {
  isPlaced: boolean;
  side: Side;
  orders: number;
  steps: number;
  /** Ticks between two orders, and from the middle to the first. */
  spacing: number;
  distance: number;
  endTime: number;
  /** Middle at which it was placed; null when it does not follow the price. */
  placedAt: number | null;
}

/** Programs that rest equal orders at equal distances, and take them all away together. */
export class LayeredOrders {
  readonly #first: number;
  readonly #groups: Group[] = [];

  constructor(first: number) {
    this.#first = first;
    for (let i = 0; i < GROUPS; i++) {
      this.#groups.push({
        isPlaced: false,
        side: 1,
        orders: 0,
        steps: 0,
        spacing: 1,
        distance: 0,
        endTime: 0,
        placedAt: null,
      });
    }
  }

  step(scene: Scene): void {
    for (let i = 0; i < GROUPS; i++) {
      const group = this.#groups[i];
      if (!group.isPlaced) {
        if (scene.random.chance(STEP_SECONDS / PAUSE_SECONDS)) this.#begin(scene, i, group);
      } else if (scene.time >= group.endTime) this.#end(scene, i, group);
      else if (this.#isLeftBehind(scene, group)) this.#place(scene, i, group);
    }
  }

  #begin(scene: Scene, index: number, group: Group): void {
    const { random, instrument } = scene;
    const { basisPointTicks, roundTicks } = instrument;
    group.isPlaced = true;
    group.side = random.sign();
    group.orders = 4 + random.below(ORDERS_A_GROUP - 3);
    group.steps = stepsOf(scene, Math.min(2.5, random.logNormal(0.3, 0.8)));
    const spacing = random.between(0.25, 2) * basisPointTicks;
    group.spacing = Math.max(1, Math.round(spacing / roundTicks) * roundTicks);
    group.distance = (0.4 + random.exponential(7)) * basisPointTicks;
    group.endTime = scene.time + 12_000 + random.exponential(110_000);
    group.placedAt = random.chance(0.4) ? scene.book.middle : null;
    this.#place(scene, index, group);
  }

  #place(scene: Scene, index: number, group: Group): void {
    const { side, spacing, distance } = group;
    const { middle } = scene.book;
    if (group.placedAt !== null) group.placedAt = middle;
    const first = Math.round((middle - side * distance) / spacing) * spacing;
    for (let i = 0; i < group.orders; i++) {
      const tick = first - side * i * spacing;
      const steps = Math.max(1, Math.round(group.steps * scene.random.between(0.97, 1.03)));
      scene.book.place(this.#first + index * ORDERS_A_GROUP + i, side, tick, steps);
    }
  }

  #end(scene: Scene, index: number, group: Group): void {
    group.isPlaced = false;
    for (let i = 0; i < group.orders; i++) {
      scene.book.cancel(this.#first + index * ORDERS_A_GROUP + i);
    }
  }

  #isLeftBehind({ book }: Scene, { placedAt, spacing }: Group): boolean {
    return placedAt !== null && Math.abs(book.middle - placedAt) > spacing;
  }
}
