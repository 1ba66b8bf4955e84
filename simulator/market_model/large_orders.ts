import type { Side } from "./level_changes.ts";
import { type Scene, STEP_SECONDS, stepsOf, tickBehind } from "./scene.ts";

const WALLS_A_SIDE = 8;
const ICEBERGS_A_SIDE = 3;
export const LARGE_ORDERS = 2 * (WALLS_A_SIDE + ICEBERGS_A_SIDE);
/** Seconds until an unused order is placed again, on average. */
const WALL_PAUSE_SECONDS = 260;
const ICEBERG_PAUSE_SECONDS = 240;
const MINUTE_MS = 60_000;

interface LargeOrder {
  readonly side: Side;
  readonly isIceberg: boolean;
  isPlaced: boolean;
  endTime: number;
  /** It is pulled when the price comes this near, in ticks; 0 stays to be filled. */
  shyTicks: number;
  placedTime: number;
  /** Without what an iceberg hides. */
  placedSteps: number;
}

/** What has become of one large order: the truth that a watcher of the market has to guess. */
export interface LargeOrderEnd {
  readonly side: Side;
  readonly tick: number;
  readonly isIceberg: boolean;
  readonly placedTime: number;
  /** Start of the model's step in which it was seen to be gone. */
  readonly endTime: number;
  readonly placedSteps: number;
  /** The rest was withdrawn. Null for an iceberg: what it hid is not told. */
  readonly filledSteps: number | null;
}

/** How large orders have ended. */
export interface LargeOrderCounts {
  wallsPlaced: number;
  wallsFilled: number;
  /** Withdrawn because the price came near. */
  wallsPulled: number;
  icebergsPlaced: number;
}

/** Walls that hold a price until they are eaten or pulled, and icebergs that show a small part. */
export class LargeOrders {
  readonly counts: LargeOrderCounts = {
    wallsPlaced: 0,
    wallsFilled: 0,
    wallsPulled: 0,
    icebergsPlaced: 0,
  };
  /** Told of each large order that is gone; nobody listens in the running program. */
  onEnd: ((end: LargeOrderEnd) => void) | null = null;
  readonly #first: number;
  readonly #orders: LargeOrder[] = [];

  constructor(first: number) {
    this.#first = first;
    for (let i = 0; i < LARGE_ORDERS; i++) {
      this.#orders.push({
        side: i % 2 === 0 ? 1 : -1,
        isIceberg: i >= 2 * WALLS_A_SIDE,
        isPlaced: false,
        endTime: 0,
        shyTicks: 0,
        placedTime: 0,
        placedSteps: 0,
      });
    }
  }

  step(scene: Scene): void {
    for (let i = 0; i < this.#orders.length; i++) {
      if (this.#orders[i].isPlaced) this.#watch(scene, this.#first + i, this.#orders[i]);
      else this.#placeSometimes(scene, this.#first + i, this.#orders[i]);
    }
  }

  #placeSometimes(scene: Scene, number: number, order: LargeOrder): void {
    const pause = order.isIceberg ? ICEBERG_PAUSE_SECONDS : WALL_PAUSE_SECONDS;
    if (!scene.random.chance(STEP_SECONDS / pause)) return;
    if (order.isIceberg) this.#placeIceberg(scene, number, order);
    else this.#placeWall(scene, number, order);
    order.isPlaced = scene.book.isLive(number);
    order.placedTime = scene.time;
    order.placedSteps = scene.book.stepsOf(number);
  }

  #placeWall(scene: Scene, number: number, order: LargeOrder): void {
    const { random, book, instrument } = scene;
    const distance = Math.min(60, 4 + random.exponential(15));
    const tick = tickBehind(scene, order.side, distance, [1, 5, 10, 10, 50][random.below(5)]);
    // Some stand a tick before the round price, to be served before the others there.
    const before = random.chance(0.3) ? order.side : 0;
    const size = Math.min(40, Math.max(5, random.logNormal(8, 0.55)));
    book.place(number, order.side, tick + before, stepsOf(scene, size));
    order.endTime = scene.time + Math.min(30, 1 + random.exponential(8)) * MINUTE_MS;
    order.shyTicks = random.chance(0.45)
      ? Math.max(2, random.between(0.4, 2.8) * instrument.basisPointTicks)
      : 0;
    this.counts.wallsPlaced++;
  }

  #placeIceberg(scene: Scene, number: number, order: LargeOrder): void {
    const { random, book } = scene;
    const tick = tickBehind(scene, order.side, 0.3 + random.exponential(3), random.below(3));
    const shown = stepsOf(scene, random.logNormal(0.25, 0.5));
    const hidden = shown * Math.round(4 + random.exponential(14));
    book.place(number, order.side, tick, shown, hidden);
    order.endTime = scene.time + (0.5 + random.exponential(6)) * MINUTE_MS;
    order.shyTicks = 0;
    this.counts.icebergsPlaced++;
  }

  #watch(scene: Scene, number: number, order: LargeOrder): void {
    const { book } = scene;
    if (!book.isLive(number)) {
      order.isPlaced = false;
      if (!order.isIceberg) this.counts.wallsFilled++;
      this.#tellEnd(scene, number, order);
      return;
    }
    const isThreatened = Math.abs(book.tickOf(number) - book.middle) < order.shyTicks;
    if (!isThreatened && scene.time < order.endTime) return;
    if (isThreatened) this.counts.wallsPulled++;
    this.#tellEnd(scene, number, order);
    book.cancel(number);
    order.isPlaced = false;
  }

  #tellEnd({ book, time }: Scene, number: number, order: LargeOrder): void {
    if (this.onEnd === null) return;
    const { side, isIceberg, placedTime, placedSteps } = order;
    const leftSteps = book.stepsOf(number);
    this.onEnd({
      side,
      tick: book.tickOf(number),
      isIceberg,
      placedTime,
      endTime: time,
      placedSteps,
      // An iceberg's hidden part is the book's own secret.
      filledSteps: isIceberg ? null : placedSteps - leftSteps,
    });
  }
}
