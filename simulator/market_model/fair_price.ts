import type { Instrument } from "./instrument.ts";
import type { Random } from "./random.ts";

type Regime = "range" | "trend" | "burst";

/** Volatility in basis points over the square root of a second, drift in basis points a second. */
const REGIMES = {
  range: { meanMs: 420_000, volatility: 0.5, drift: 0, haste: 1 },
  trend: { meanMs: 260_000, volatility: 0.56, drift: 0.032, haste: 1.5 },
  burst: { meanMs: 9_000, volatility: 1.5, drift: 0.4, haste: 7 },
} as const satisfies Record<Regime, unknown>;

/** The anchor wanders with these periods (hours) and amplitudes (share of the price). */
const WAVES = [[5.3, 0.003], [13.7, 0.006], [53, 0.012], [217, 0.02]] as const;
const HOUR_MS = 3_600_000;
const ANCHOR_PULL_MS = 2 * HOUR_MS;
/** A market that does not follow, because a wall holds, changes minds in this time. */
const SURRENDER_MS = 12_000;
/** Pull to the middle of a range. */
const RANGE_PULL_MS = 90_000;

/** What informed traders take for the right price: ranges, trends, bursts, clustered volatility. */
export class FairPrice {
  ticks: number;
  readonly #instrument: Instrument;
  readonly #random: Random;
  readonly #phases: readonly number[];
  #regime: Regime = "range";
  #regimeEnd = 0;
  #drift = 0;
  #rangeTicks: number;
  /** Logarithm of a factor on the volatility; wanders around 0. */
  #heat = 0;
  /** 0 to 1: how much of a burst is still felt. */
  #aftershock = 0;

  constructor(instrument: Instrument, random: Random, time: number) {
    this.#instrument = instrument;
    this.#random = random;
    this.#phases = WAVES.map(() => random.between(0, 2 * Math.PI));
    this.ticks = this.#anchorTicks(time);
    this.#rangeTicks = this.ticks;
  }

  /** Pace of the market: 1 in a quiet range, several times that in a burst. */
  get haste(): number {
    const { haste } = REGIMES[this.#regime];
    return (haste + 2 * this.#aftershock) * Math.exp(0.8 * this.#heat);
  }

  /** From 0 (calm) to 1: how much makers shy away from quoting. */
  get fear(): number {
    return this.#regime === "burst" ? 1 : this.#aftershock;
  }

  step(time: number, stepMs: number, middle: number): void {
    if (time >= this.#regimeEnd) this.#enterNextRegime(time);
    const { basisPointTicks } = this.#instrument;
    const { volatility } = REGIMES[this.#regime];
    const seconds = stepMs / 1000;
    const root = Math.sqrt(seconds);
    this.#heat += -this.#heat * (seconds / 500) + 0.025 * root * this.#random.normal();
    this.#aftershock *= 1 - seconds / 40;
    const sigma = volatility * Math.exp(this.#heat) * (1 + 0.8 * this.#aftershock);
    this.ticks += basisPointTicks * (sigma * root * this.#random.normal() + this.#drift * seconds);
    this.ticks += (this.#anchorTicks(time) - this.ticks) * (stepMs / ANCHOR_PULL_MS);
    this.ticks += (middle - this.ticks) * (stepMs / SURRENDER_MS);
    if (this.#regime === "range") {
      this.ticks += (this.#rangeTicks - this.ticks) * (stepMs / RANGE_PULL_MS);
    }
  }

  /** Trades move minds a little for good. */
  press(ticks: number): void {
    this.ticks += ticks;
  }

  #enterNextRegime(time: number): void {
    const roll = this.#random.next();
    if (this.#regime === "burst") this.#aftershock = 1;
    if (this.#regime !== "burst" && roll < 0.3) this.#regime = "burst";
    else this.#regime = roll < 0.68 ? "range" : "trend";
    const { meanMs, drift } = REGIMES[this.#regime];
    this.#regimeEnd = time + 1500 + this.#random.exponential(meanMs);
    this.#drift = drift * this.#random.sign() * this.#random.between(0.5, 1.6);
    this.#rangeTicks = this.ticks;
  }

  /** Depends on the hour alone: a market that is started anew goes on near where it was. */
  #anchorTicks(time: number): number {
    let share = 1;
    for (let i = 0; i < WAVES.length; i++) {
      const [hours, amplitude] = WAVES[i];
      share += amplitude * Math.sin((2 * Math.PI * time) / (hours * HOUR_MS) + this.#phases[i]);
    }
    return this.#instrument.baseTicks * share;
  }
}
