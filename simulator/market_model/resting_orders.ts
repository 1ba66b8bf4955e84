import type { Side } from "./level_changes.ts";
import { isSettled, type Scene, STEP_SECONDS, stepsOf, tickBehind } from "./scene.ts";

/** A crowd of makers of one temper; sizes in BTC, distances in basis points from the middle. */
export interface Crowd {
  readonly orders: number;
  readonly lifeSeconds: number;
  readonly nearest: number;
  /** Mean of an exponential distance, or null for an even one up to `farthest`. */
  readonly meanDistance: number | null;
  readonly farthest: number;
  readonly size: number;
  readonly sizeSpread: number;
  /** Share of orders at round prices. */
  readonly roundShare: number;
}

/** Per side. Lives are short at the touch and long far away; together 5000 levels and more. */
export const CROWDS: readonly Crowd[] = [
  {
    orders: 60,
    lifeSeconds: 1.3,
    nearest: 0.02,
    meanDistance: 2.2,
    farthest: 12,
    size: 0.045,
    sizeSpread: 1,
    roundShare: 0.1,
  },
  {
    orders: 260,
    lifeSeconds: 20,
    nearest: 0.1,
    meanDistance: 7,
    farthest: 40,
    size: 0.034,
    sizeSpread: 1.3,
    roundShare: 0.2,
  },
  {
    orders: 820,
    lifeSeconds: 110,
    nearest: 0.8,
    meanDistance: 20,
    farthest: 90,
    size: 0.011,
    sizeSpread: 1.65,
    roundShare: 0.35,
  },
  {
    orders: 6600,
    lifeSeconds: 1100,
    nearest: 5,
    meanDistance: null,
    farthest: 130,
    size: 0.008,
    sizeSpread: 1.7,
    roundShare: 0.4,
  },
];

/** Multiples of the round grid, how often they are chosen, and how much larger orders there are. */
const ROUND_PRICES = [[1, 0.6, 1.2], [10, 0.3, 2], [50, 0.07, 3], [100, 0.03, 4]] as const;
/** Coarse ticks need a wider book to hold as many levels. */
const MIN_FARTHEST_TICKS = 9_000;
const MAX_FARTHEST_SHARE = 0.5;

const RETURNS_A_STEP = 2;

/** One crowd on both sides. An order's place in the book is drawn anew when its life is over. */
export class RestingOrders {
  readonly #crowd: Crowd;
  readonly #first: number;
  readonly #farthest: number;

  /** @param first number of the crowd's first order; bids come before asks */
  constructor(scene: Scene, crowd: Crowd, first: number) {
    const { baseTicks, basisPointTicks } = scene.instrument;
    this.#crowd = crowd;
    this.#first = first;
    const wide = Math.min(MIN_FARTHEST_TICKS, baseTicks * MAX_FARTHEST_SHARE) / basisPointTicks;
    this.#farthest = crowd.meanDistance === null ? Math.max(crowd.farthest, wide) : crowd.farthest;
    for (let i = 0; i < 2 * crowd.orders; i++) this.#place(scene, i);
  }

  step(scene: Scene, haste: number): void {
    const { orders, lifeSeconds } = this.#crowd;
    const renewed = scene.random.poisson((2 * orders * haste * STEP_SECONDS) / lifeSeconds);
    for (let i = 0; i < renewed; i++) this.#place(scene, scene.random.below(2 * orders));
    // Who was filled comes back sooner than who was not.
    for (let i = 0; i < RETURNS_A_STEP; i++) {
      const index = scene.random.below(2 * orders);
      if (!scene.book.isLive(this.#first + index)) this.#place(scene, index);
    }
  }

  /** Withdraws orders of a side that stand in the way of a price, most of the time. */
  fade(scene: Scene, side: Side, beyondTick: number, share: number): void {
    const { orders } = this.#crowd;
    const first = side === 1 ? this.#first : this.#first + orders;
    for (let order = first; order < first + orders; order++) {
      if (!scene.book.isLive(order)) continue;
      if ((scene.book.tickOf(order) - beyondTick) * side < 0) continue;
      if (scene.random.chance(share)) scene.book.cancel(order);
    }
  }

  #place(scene: Scene, index: number): void {
    const { random, book } = scene;
    const { orders, nearest, meanDistance, size, sizeSpread, roundShare } = this.#crowd;
    const side = index < orders ? 1 : -1;
    const drawn = meanDistance === null
      ? random.between(nearest, this.#farthest)
      : nearest + random.exponential(meanDistance);
    const distance = Math.min(drawn, this.#farthest);
    let roundness = 0;
    let factor = 1;
    if (random.chance(roundShare)) {
      let roll = random.next();
      for (const [multiple, share, larger] of ROUND_PRICES) {
        if (roundness > 0) break;
        roll -= share;
        if (roll > 0 && multiple < 100) continue;
        roundness = multiple;
        factor = larger;
      }
    }
    const steps = stepsOf(scene, Math.min(6, factor * random.logNormal(size, sizeSpread)));
    const tick = tickBehind(scene, side, distance, roundness);
    // Closing the spread is not for the crowd; a book that is being filled has none yet.
    const isBehind = side === 1 ? tick <= book.bestBid : tick >= book.bestAsk;
    if (isBehind || !isSettled(scene)) book.place(this.#first + index, side, tick, steps);
    else book.cancel(this.#first + index);
  }
}
