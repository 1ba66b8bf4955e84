import { LargeOrders, roundTick } from "./large_orders.ts";
import { Ladder } from "./ladder.ts";
import type { MarketParameters } from "./parameters.ts";
import { PricePath } from "./price_path.ts";
import { hashText, Random } from "./random.ts";

/** The model moves on a fixed grid of time, so that it does not depend on anybody's clock. */
export const STEP_MS = 50;

/** Told of every trade: one call per price level that an order takes. */
export type OnTrade = (
  tick: number,
  steps: number,
  isBuyerMaker: boolean,
  time: number,
  fills: number,
) => void;

/** The ladder reaches so far on each side of the price. */
const REACH_BASIS_POINTS = 115;
const MAX_REACH_TICKS = 120_000;
/** Changes of resting orders per second in quiet times. */
const QUOTES_PER_SECOND = 150;
/** Small trades per second in quiet times, and how much each one raises the rate of more. */
const TRADES_PER_SECOND = 3.2;
const EXCITATION = 0.62;
const EXCITATION_DECAY_PER_SECOND = 1.6;

/** One symbol's market: a matching book that makers quote in and takers trade against. */
export class MarketModel {
  readonly ladder: Ladder;
  readonly large: LargeOrders;
  readonly #parameters: MarketParameters;
  readonly #random: Random;
  readonly #path: PricePath;
  readonly #reach: number;
  readonly #onTrade: OnTrade;
  /** Extra trades per second that recent trades have caused. */
  #excited = 0;
  #side: 1 | -1 = 1;
  /** Time of the newest trade; ids and times rise together. */
  #tradeTime = 0;

  constructor(parameters: MarketParameters, seed: number, onTrade: OnTrade) {
    this.#parameters = parameters;
    this.#random = new Random(hashText(parameters.info.symbol) ^ Math.imul(seed + 1, 0x9e3779b1));
    this.#onTrade = onTrade;
    this.#path = new PricePath(parameters, this.#random);
    this.large = new LargeOrders(parameters, this.#random);
    const { basePriceTicks, basisPointTicks } = parameters;
    this.#reach = Math.min(MAX_REACH_TICKS, Math.ceil(REACH_BASIS_POINTS * basisPointTicks));
    this.ladder = new Ladder(basePriceTicks, this.#reach, 1_000_000_000);
    for (let tick = this.ladder.low; tick <= this.ladder.high; tick++) this.#seed(tick);
  }

  /** One step of the grid that begins at `time`. */
  step(time: number): void {
    const middle = (this.ladder.bestBid + this.ladder.bestAsk) / 2;
    this.#path.step(STEP_MS, middle);
    this.large.step(this.ladder, time, STEP_MS);
    this.#quote();
    this.#tradeTowardsFair(time);
    this.#tradeNoise(time);
    this.#quoteTouch();
    for (let tick = this.#follow(); tick !== null; tick = this.#follow()) this.#seed(tick);
  }

  #follow(): number | null {
    return this.ladder.follow(Math.round(this.#path.fair), this.#reach);
  }

  /** Fills a tick that has just come onto the ladder as if it had long been there. */
  #seed(tick: number): void {
    const side = tick < this.#path.fair ? 1 : -1;
    if (Math.abs(tick - this.#path.fair) < 1) return;
    this.ladder.set(tick, side * this.#restingSteps(tick));
  }

  /** Makers and investors change orders all over the book, most of them near the touch. */
  #quote(): void {
    const { basisPointTicks } = this.#parameters;
    const rate = QUOTES_PER_SECOND * Math.min(4, 0.5 + 0.5 * this.#path.activity);
    const count = this.#random.poisson((rate * STEP_MS) / 1000);
    for (let i = 0; i < count; i++) {
      const side = this.#random.chance(0.5) ? 1 : -1;
      const mean = [0.4, 2.5, 12, 45][this.#random.integer(0, 3)];
      const distance = this.#random.exponential(mean) * basisPointTicks;
      const touch = side === 1 ? this.ladder.bestBid : this.ladder.bestAsk;
      const near = touch - side * Math.round(distance);
      const isRound = this.#random.chance(0.3);
      const tick = isRound ? roundTick(near, basisPointTicks, this.#random) : near;
      if (tick < 1 || this.large.has(tick)) continue;
      // Never between the quotes of the touch: closing the spread is the makers' own business.
      if (side === 1 ? tick > this.ladder.bestBid : tick < this.ladder.bestAsk) continue;
      this.ladder.set(tick, side * this.#restingSteps(tick));
    }
  }

  /** What rests at a tick, drawn anew: often nothing, more at round prices and away from the touch. */
  #restingSteps(tick: number): number {
    const { basisPointTicks, orderSteps } = this.#parameters;
    const distance = Math.abs(tick - this.#path.fair) / basisPointTicks;
    const roundness = tick % 1000 === 0 ? 5 : tick % 100 === 0 ? 2.4 : tick % 10 === 0 ? 0.5 : 0;
    // About five thousand levels a side, whatever the number of ticks.
    const presence = Math.min(0.95, (1.2 * (1 + 3 * roundness)) / Math.sqrt(basisPointTicks));
    if (!this.#random.chance(presence)) return 0;
    const growth = 0.25 + Math.min(1.6, distance / 12);
    const steps = orderSteps * growth * (0.5 + roundness * 0.6) *
      this.#random.logNormal(0.35, 1.25);
    return Math.max(1, Math.round(steps));
  }

  /** Makers close the spread around the fair price; in bursts they take their time. */
  #quoteTouch(): void {
    const { ladder } = this;
    const { orderSteps } = this.#parameters;
    const patience = Math.min(0.9, 0.08 * this.#path.activity * this.#path.activity);
    for (const side of [1, -1] as const) {
      if (this.#random.chance(patience)) continue;
      const wanted = side === 1
        ? Math.min(Math.floor(this.#path.fair), ladder.bestAsk - 1)
        : Math.max(Math.floor(this.#path.fair) + 1, ladder.bestBid + 1);
      const best = side === 1 ? ladder.bestBid : ladder.bestAsk;
      if ((wanted - best) * side <= 0) continue;
      const size = orderSteps * this.#random.logNormal(0.45, 0.9);
      ladder.set(wanted, side * Math.max(1, Math.round(size)));
      // A few smaller orders line up behind.
      for (let i = 0; i < 3; i++) {
        const tick = wanted - side * Math.ceil(this.#random.exponential(6));
        if (this.large.has(tick) || ladder.at(tick) !== 0) continue;
        ladder.set(tick, side * Math.max(1, Math.round(size * 0.4 * this.#random.next())));
      }
    }
  }

  /** Informed traders take what stands between the market and the fair price, bit by bit. */
  #tradeTowardsFair(time: number): void {
    const { ladder } = this;
    const { basisPointTicks, tradeSteps } = this.#parameters;
    const over = this.#path.fair > ladder.bestAsk
      ? this.#path.fair - ladder.bestAsk
      : Math.min(0, this.#path.fair - ladder.bestBid);
    if (over === 0 || !this.#random.chance(0.6)) return;
    const side = over > 0 ? 1 : -1;
    const urgency = Math.min(6, Math.abs(over) / basisPointTicks);
    const steps = tradeSteps * (4 + 60 * urgency) * this.#random.logNormal(1, 0.8);
    this.#take(side, Math.round(steps), Math.round(this.#path.fair), time);
  }

  /** Everybody else: small orders that bring about more of their kind. */
  #tradeNoise(time: number): void {
    const seconds = STEP_MS / 1000;
    const { tradeSteps } = this.#parameters;
    const rate = TRADES_PER_SECOND * this.#path.activity + this.#excited;
    const count = Math.min(60, this.#random.poisson(rate * seconds));
    this.#excited *= 1 - EXCITATION_DECAY_PER_SECOND * seconds;
    this.#excited = Math.min(180, this.#excited + count * EXCITATION * EXCITATION_DECAY_PER_SECOND);
    for (let i = 0; i < count; i++) {
      // Orders come in runs of one side.
      if (this.#random.chance(0.35)) {
        this.#side = this.#random.chance(0.5 + 0.3 * this.#path.lean) ? 1 : -1;
      }
      const isRound = this.#random.chance(0.12);
      const size = isRound
        ? tradeSteps * [2, 4, 10, 20][this.#random.integer(0, 3)]
        : this.#random.logNormal(tradeSteps * 0.3, 1.75);
      const steps = Math.max(1, Math.round(Math.min(size, tradeSteps * 2500)));
      const slack = Math.ceil(this.#random.exponential(0.25) * this.#parameters.basisPointTicks);
      const limit = this.#side === 1 ? this.ladder.bestAsk + slack : this.ladder.bestBid - slack;
      this.#take(this.#side, steps, limit, time);
    }
  }

  /** A taker's order: fills against the best levels up to its limit; the rest is cancelled. */
  #take(side: 1 | -1, steps: number, limit: number, time: number): void {
    const { ladder } = this;
    const next = Math.max(time, this.#tradeTime) + this.#random.integer(0, 9);
    this.#tradeTime = Math.min(time + STEP_MS - 1, next);
    for (let left = steps; left > 0;) {
      const tick = side === 1 ? ladder.bestAsk : ladder.bestBid;
      if (tick < ladder.low || tick > ladder.high || (tick - limit) * side > 0) return;
      const resting = -ladder.at(tick) * side;
      const filled = Math.min(left, resting);
      ladder.set(tick, -side * (resting - filled));
      const fills = 1 + (filled > 1 ? this.#random.poisson(0.4) : 0);
      this.#onTrade(tick, filled, side === -1, this.#tradeTime, fills);
      left -= filled;
    }
  }
}
