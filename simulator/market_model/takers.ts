import type { Side } from "./level_changes.ts";
import { type Scene, STEP_SECONDS, stepsOf, touchOf } from "./scene.ts";

/** Sends an aggressive order; returns the steps that found nobody. */
export type SendTaker = (side: Side, steps: number, limitTick: number) => number;

/** Orders a second that nothing has caused, in a quiet range. */
const BASE_RATE = 2.6;
/** Every order causes others: so many soon, so many over the next minute. */
const QUICK = { caused: 0.45, decay: 4 };
const SLOW = { caused: 0.27, decay: 0.05 };
const MAX_RATE = 220;
const ROUND_SIZES = [
  0.0001,
  0.0002,
  0.0005,
  0.001,
  0.001,
  0.002,
  0.005,
  0.01,
  0.02,
  0.05,
  0.1,
  0.5,
];

/** A large order that its owner works through in small pieces. */
interface ParentOrder {
  readonly side: Side;
  readonly pieceSize: number;
  readonly rate: number;
  leftSize: number;
}

/** Everybody who trades at once: small fry, parents in pieces, and those who know better. */
export class Takers {
  #quickRate = 0;
  #slowRate = 0;
  #parent: ParentOrder | null = null;
  readonly #send: SendTaker;

  constructor(send: SendTaker) {
    this.#send = send;
  }

  step(scene: Scene): void {
    const { random, fair, instrument } = scene;
    this.#quickRate *= 1 - QUICK.decay * STEP_SECONDS;
    this.#slowRate *= 1 - SLOW.decay * STEP_SECONDS;
    const base = BASE_RATE * instrument.activity * fair.haste;
    const rate = Math.min(MAX_RATE, base + this.#quickRate + this.#slowRate);
    const orders = random.poisson(rate * STEP_SECONDS);
    for (let i = 0; i < orders; i++) this.#sendSmall(scene);
    this.#quickRate += orders * QUICK.caused * QUICK.decay;
    this.#slowRate += orders * SLOW.caused * SLOW.decay;
    this.#workParent(scene);
  }

  /** Makers have given way: what is left up to the fair price is bought or sold at once. */
  sweep(scene: Scene, side: Side): void {
    const { random, fair } = scene;
    if (!random.chance(0.5)) return;
    const steps = stepsOf(scene, Math.min(12, random.logNormal(0.2 + 0.5 * fair.fear, 1.1)));
    this.#send(side, steps, Math.round(fair.ticks));
    this.#quickRate += QUICK.decay * 0.2;
  }

  #sendSmall(scene: Scene): void {
    const { random, fair, book, instrument } = scene;
    const lead = (fair.ticks - book.middle) / (0.6 * instrument.basisPointTicks + 1);
    const lean = 0.15 * Math.tanh(lead) + 0.06 * (this.#parent?.side ?? 0);
    const side: Side = random.chance(0.5 + lean) ? 1 : -1;
    const size = random.chance(0.1)
      ? ROUND_SIZES[random.below(ROUND_SIZES.length)]
      : Math.min(9, random.logNormal(0.0011, 2.1));
    const reach = random.chance(0.75) ? 0 : random.exponential(0.35) * instrument.basisPointTicks;
    const limit = touchOf(scene, side === 1 ? -1 : 1) + side * Math.round(reach);
    this.#send(side, stepsOf(scene, size), limit);
  }

  #workParent(scene: Scene): void {
    const { random, instrument, fair } = scene;
    if (this.#parent === null) {
      if (!random.chance(STEP_SECONDS / 150)) return;
      this.#parent = {
        side: random.sign(),
        pieceSize: random.logNormal(0.06, 0.7),
        rate: random.between(0.4, 2.5),
        leftSize: random.logNormal(9, 0.8),
      };
    }
    const { side, pieceSize, rate } = this.#parent;
    if (!random.chance(rate * STEP_SECONDS)) return;
    const size = pieceSize * random.between(0.6, 1.4);
    const limit = touchOf(scene, side === 1 ? -1 : 1) +
      side * Math.round(0.1 * instrument.basisPointTicks);
    this.#send(side, stepsOf(scene, size), limit);
    fair.press(side * size * 0.12 * instrument.basisPointTicks);
    this.#parent.leftSize -= size;
    if (this.#parent.leftSize <= 0) this.#parent = null;
  }
}
