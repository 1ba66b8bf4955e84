import type { MarketParameters } from "./parameters.ts";
import type { Random } from "./random.ts";

/** Volatility of quiet times, in basis points over the square root of a second. */
const QUIET_VOLATILITY = 0.55;
/** Pull back to the base price, per second: days stay within a sane range. */
const REVERSION = 2e-6;

type Regime = "range" | "trend" | "burst";

const MEAN_LENGTH_S: Readonly<Record<Regime, number>> = { range: 240, trend: 150, burst: 14 };
const VOLATILITY: Readonly<Record<Regime, number>> = { range: 0.8, trend: 1.1, burst: 4.2 };

/** Where informed traders think the price should be: ranges, trends, bursts, clustered volatility. */
export class PricePath {
  /** In ticks; the market follows it by trading. */
  fair: number;
  readonly #parameters: MarketParameters;
  readonly #random: Random;
  #regime: Regime = "range";
  #leftS = 60;
  /** Basis points a second. */
  #drift = 0;
  #heat = 1;

  constructor(parameters: MarketParameters, random: Random) {
    this.#parameters = parameters;
    this.#random = random;
    this.fair = parameters.basePriceTicks;
  }

  /** How lively the market is, about 1 in quiet times. */
  get activity(): number {
    return this.#heat * VOLATILITY[this.#regime];
  }

  /** Direction in which impatient traders lean, from -1 to 1. */
  get lean(): number {
    return Math.max(-0.5, Math.min(0.5, this.#drift * 3));
  }

  step(stepMs: number, middle: number): void {
    const { basisPointTicks, basePriceTicks } = this.#parameters;
    const seconds = stepMs / 1000;
    this.#leftS -= seconds;
    if (this.#leftS <= 0) this.#nextRegime();
    // The logarithm of the heat wanders around 0: volatile times cluster.
    const noise = 0.12 * Math.sqrt(seconds) * this.#random.normal();
    this.#heat = Math.exp(Math.log(this.#heat) * (1 - 0.02 * seconds) + noise);
    const sigma = QUIET_VOLATILITY * this.activity * Math.sqrt(seconds) * basisPointTicks;
    const reversion = (basePriceTicks - this.fair) * REVERSION * seconds;
    const drift = this.#drift * seconds * basisPointTicks;
    this.fair += sigma * this.#random.normal() + drift + reversion;
    // The opinion gives in to a market that does not follow it: walls can hold.
    this.fair += (middle - this.fair) * Math.min(1, 0.35 * seconds);
  }

  #nextRegime(): void {
    const roll = this.#random.next();
    this.#regime = roll < 0.5 ? "range" : roll < 0.82 ? "trend" : "burst";
    this.#leftS = 2 + this.#random.exponential(MEAN_LENGTH_S[this.#regime]);
    const strength = { range: 0, trend: 0.06, burst: 0.35 }[this.#regime];
    this.#drift = strength * this.#random.normal();
  }
}
