import type { FairPrice } from "./fair_price.ts";
import type { Instrument } from "./instrument.ts";
import type { Side } from "./level_changes.ts";
import type { OrderBook } from "./order_book.ts";
import type { Random } from "./random.ts";

/** The model moves on this grid, so that nobody's clock has a say in what happens. */
export const STEP_MS = 10;
export const STEP_SECONDS = STEP_MS / 1000;

/** What the participants of one market share. */
export interface Scene {
  readonly instrument: Instrument;
  readonly random: Random;
  readonly book: OrderBook;
  readonly fair: FairPrice;
  /** Start of the step, exchange time in UTC ms. */
  time: number;
}

/** While the book is being filled its middle says nothing yet. */
export function isSettled({ book, instrument }: Scene): boolean {
  return book.bestAsk - book.bestBid < 20 * instrument.basisPointTicks + 20;
}

/** Best price of a side. */
export function touchOf({ book }: Scene, side: Side): number {
  return side === 1 ? book.bestBid : book.bestAsk;
}

/** A size thought of in BTC -> steps, at least one. */
export function stepsOf({ instrument }: Scene, size: number): number {
  return Math.max(1, Math.round(size * instrument.unitSteps));
}

/** The tick at a distance behind the middle; `roundness` multiplies the grid of round prices. */
export function tickBehind(scene: Scene, side: Side, basisPoints: number, roundness = 0): number {
  const { instrument, book, fair } = scene;
  const centre = isSettled(scene) ? book.middle : fair.ticks;
  const tick = Math.round(centre - side * basisPoints * instrument.basisPointTicks);
  const grid = Math.max(1, roundness * instrument.roundTicks);
  return Math.max(1, Math.round(tick / grid) * grid);
}
