import type { Ladder } from "./ladder.ts";
import type { MarketParameters } from "./parameters.ts";
import type { Random } from "./random.ts";

/** A large resting order: it holds its price until it is filled, pulled, or its time is over. */
export interface Wall {
  readonly tick: number;
  /** 1 bid, -1 ask. */
  readonly side: 1 | -1;
  readonly endTime: number;
  /** It is withdrawn when the price comes this near, in ticks; 0 stays and is filled. */
  readonly shyTicks: number;
}

/** A resting order that shows little of itself and refills after each fill. */
export interface Iceberg {
  readonly tick: number;
  readonly side: 1 | -1;
  readonly shownSteps: number;
  readonly endTime: number;
  hiddenSteps: number;
}

/** How the large orders of a market have ended, for statistics. */
export interface LargeOrderCounts {
  filled: number;
  pulled: number;
  refilled: number;
}

const WALL_EVERY_MS = 14_000;
const ICEBERG_EVERY_MS = 40_000;
const MAX_WALLS = 40;

/** Large orders of one market: placed, pulled, refilled. */
export class LargeOrders {
  readonly counts: LargeOrderCounts = { filled: 0, pulled: 0, refilled: 0 };
  readonly #parameters: MarketParameters;
  readonly #random: Random;
  readonly #walls: Wall[] = [];
  #icebergs: Iceberg[] = [];
  readonly #ticks = new Set<number>();

  constructor(parameters: MarketParameters, random: Random) {
    this.#parameters = parameters;
    this.#random = random;
  }

  /** Whether a tick belongs to a large order, which nobody else changes. */
  has(tick: number): boolean {
    return this.#ticks.has(tick);
  }

  step(ladder: Ladder, time: number, stepMs: number): void {
    if (this.#walls.length < MAX_WALLS && this.#random.chance(stepMs / WALL_EVERY_MS)) {
      this.#placeWall(ladder, time);
    }
    if (this.#random.chance(stepMs / ICEBERG_EVERY_MS)) this.#placeIceberg(ladder, time);
    for (let i = this.#walls.length - 1; i >= 0; i--) this.#watchWall(ladder, i, time);
    this.#refill(ladder, time);
  }

  #placeWall(ladder: Ladder, time: number): void {
    const { basisPointTicks, orderSteps } = this.#parameters;
    const side = this.#random.chance(0.5) ? 1 : -1;
    const distance = (4 + this.#random.exponential(14)) * basisPointTicks;
    const tick = roundTick(this.#from(ladder, side, distance), basisPointTicks, this.#random);
    if (this.#ticks.has(tick)) return;
    const steps = Math.round(orderSteps * this.#random.logNormal(50, 0.7));
    ladder.set(tick, side * steps);
    if (ladder.at(tick) !== side * steps) return;
    const shy = this.#random.chance(0.45);
    this.#walls.push({
      tick,
      side,
      endTime: time + Math.min(3_600_000, 45_000 + this.#random.exponential(400_000)),
      shyTicks: shy ? (0.3 + this.#random.exponential(1.2)) * basisPointTicks : 0,
    });
    this.#ticks.add(tick);
  }

  #watchWall(ladder: Ladder, index: number, time: number): void {
    const { tick, side, endTime, shyTicks } = this.#walls[index];
    const isGone = ladder.at(tick) * side <= 0;
    const touch = side === 1 ? ladder.bestAsk : ladder.bestBid;
    const isShy = shyTicks > 0 && Math.abs(touch - tick) < shyTicks;
    if (!isGone && !isShy && time < endTime) return;
    if (isGone) this.counts.filled++;
    else {
      this.counts.pulled++;
      ladder.set(tick, 0);
    }
    this.#walls.splice(index, 1);
    this.#ticks.delete(tick);
  }

  #placeIceberg(ladder: Ladder, time: number): void {
    const { basisPointTicks, orderSteps } = this.#parameters;
    const side = this.#random.chance(0.5) ? 1 : -1;
    const tick = this.#from(ladder, side, this.#random.exponential(1.5) * basisPointTicks);
    if (this.#ticks.has(tick)) return;
    const shownSteps = Math.max(1, Math.round(orderSteps * this.#random.logNormal(0.6, 0.4)));
    ladder.set(tick, side * shownSteps);
    if (ladder.at(tick) !== side * shownSteps) return;
    const hiddenSteps = Math.round(shownSteps * (8 + this.#random.exponential(25)));
    const endTime = time + 20_000 + this.#random.exponential(90_000);
    this.#icebergs.push({ tick, side, shownSteps, endTime, hiddenSteps });
    this.#ticks.add(tick);
  }

  /** An iceberg that was hit shows its usual size again, while it has something left. */
  #refill(ladder: Ladder, time: number): void {
    if (this.#icebergs.length === 0) return;
    this.#icebergs = this.#icebergs.filter((iceberg) => {
      const { tick, side, shownSteps } = iceberg;
      const shown = Math.max(0, ladder.at(tick) * side);
      const refill = Math.min(iceberg.hiddenSteps, shownSteps - shown);
      if (refill > 0) {
        ladder.set(tick, side * (shown + refill));
        // The price may have gone through: then the rest of it is withdrawn.
        if (ladder.at(tick) !== side * (shown + refill)) iceberg.hiddenSteps = 0;
        else {
          iceberg.hiddenSteps -= refill;
          this.counts.refilled++;
        }
      }
      const stays = iceberg.hiddenSteps > 0 && time < iceberg.endTime;
      if (!stays) this.#ticks.delete(tick);
      return stays;
    });
  }

  /** A tick at a distance behind the touch of a side. */
  #from(ladder: Ladder, side: 1 | -1, distance: number): number {
    const touch = side === 1 ? ladder.bestBid : ladder.bestAsk;
    return Math.max(1, touch - side * Math.round(distance));
  }
}

/** People place large orders at round prices: multiples of about 1, 2 or 5 basis points. */
export function roundTick(tick: number, basisPointTicks: number, random: Random): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, basisPointTicks)));
  const size = Math.max(1, power * [1, 2, 5, 10][random.integer(0, 3)]);
  return Math.max(1, Math.round(tick / size) * size);
}
