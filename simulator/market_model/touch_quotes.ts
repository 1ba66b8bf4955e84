import type { Side } from "./level_changes.ts";
import type { RestingOrders } from "./resting_orders.ts";
import { type Scene, STEP_SECONDS, stepsOf, touchOf } from "./scene.ts";

const ORDERS_A_SIDE = 20;
export const TOUCH_ORDERS = 2 * ORDERS_A_SIDE;
/** Renewals of one order a second. */
const RENEWAL_RATE = 2.2;
/** How far the fair price leaves the touch, in basis points, before makers give way. */
const PATIENCE = 0.18;
/** Nobody insists for longer. */
const PATIENCE_SECONDS = 4;

/** Makers at the best prices: they queue there, give way to the fair price and close the spread. */
export class TouchQuotes {
  readonly #first: number;
  #patience = PATIENCE;

  constructor(first: number) {
    this.#first = first;
  }

  /** Returns the direction in which makers have just given way, or 0. */
  step(scene: Scene, quick: readonly RestingOrders[]): Side | 0 {
    const gaveWay = this.#giveWay(scene, quick);
    this.#closeSpread(scene);
    this.#renew(scene);
    return gaveWay;
  }

  #giveWay(scene: Scene, quick: readonly RestingOrders[]): Side | 0 {
    const { fair, book, instrument, random } = scene;
    this.#patience *= 1 - STEP_SECONDS / PATIENCE_SECONDS;
    const patience = Math.max(0.6, this.#patience * instrument.basisPointTicks);
    const side = fair.ticks > book.bestAsk + patience
      ? 1
      : fair.ticks < book.bestBid - patience
      ? -1
      : 0;
    if (side === 0) return 0;
    this.#patience = random.exponential(PATIENCE);
    // Quotes of the other side are withdrawn up to the fair price; the slower ones are taken.
    const resting: Side = side === 1 ? -1 : 1;
    this.#fade(scene, resting, 0.9);
    for (const crowd of quick) crowd.fade(scene, resting, Math.round(fair.ticks), 0.8);
    return side;
  }

  #fade(scene: Scene, side: Side, share: number): void {
    const first = side === 1 ? this.#first : this.#first + ORDERS_A_SIDE;
    for (let order = first; order < first + ORDERS_A_SIDE; order++) {
      const isInTheWay = (scene.book.tickOf(order) - scene.fair.ticks) * side > 0;
      if (isInTheWay && scene.random.chance(share)) scene.book.cancel(order);
    }
  }

  /** Makers meet around the fair price, one tick apart; in a burst they take their time. */
  #closeSpread(scene: Scene): void {
    const { book, fair, random } = scene;
    if (book.bestAsk - book.bestBid === 1) return;
    if (!random.chance(0.7 - 0.5 * fair.fear)) return;
    const wanted = Math.round(fair.ticks + random.normal());
    const bid = Math.max(book.bestBid, Math.min(book.bestAsk - 1, wanted));
    // In a burst often only one side dares to come.
    const isShy = random.chance(0.5 * fair.fear);
    const shySide = random.sign();
    if (bid > book.bestBid && !(isShy && shySide === 1)) this.#open(scene, 1, bid);
    if (bid + 1 < book.bestAsk && !(isShy && shySide === -1)) this.#open(scene, -1, bid + 1);
  }

  #open(scene: Scene, side: Side, tick: number): void {
    const size = scene.random.logNormal(0.25, 0.9);
    scene.book.place(this.#oneOf(scene, side), side, tick, stepsOf(scene, size));
  }

  #renew(scene: Scene): void {
    const { random, book } = scene;
    const rate = TOUCH_ORDERS * RENEWAL_RATE * (1 - 0.5 * scene.fair.fear);
    const renewed = random.poisson(rate * STEP_SECONDS);
    for (let i = 0; i < renewed; i++) {
      const side = random.sign();
      const order = this.#oneOf(scene, side);
      const behind = random.chance(0.62) ? 0 : Math.ceil(
        random.exponential(0.05) *
          scene.instrument.basisPointTicks,
      );
      const tick = touchOf(scene, side) - side * behind;
      book.place(order, side, tick, stepsOf(scene, Math.min(8, random.logNormal(0.07, 1.25))));
    }
  }

  #oneOf({ random }: Scene, side: Side): number {
    return this.#first + (side === 1 ? 0 : ORDERS_A_SIDE) + random.below(ORDERS_A_SIDE);
  }
}
