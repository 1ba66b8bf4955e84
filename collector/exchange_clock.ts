/** One answer of the exchange's clock is trusted for this long. */
const MEASURE_EVERY_MS = 60_000;
/** A request that waited its turn says little: half its time is the error of the clock. */
const LONGEST_TRIP_MS = 2_000;

/**
 * The exchange's clock as seen from here. Local clocks run seconds beside it (1.27 s in our real
 * captures), so lag must not be measured against the local one.
 */
export class ExchangeClock {
  readonly #now: () => number;
  #offsetMs: number | null = null;
  #measuredTime = -Infinity;

  constructor(now: () => number) {
    this.#now = now;
  }

  get isDue(): boolean {
    return this.#now() - this.#measuredTime >= MEASURE_EVERY_MS;
  }

  /** Asks for the exchange's time; half the round trip is taken for the way back. */
  async measure(exchangeTime: () => Promise<number>): Promise<void> {
    const sentTime = this.#now();
    this.#measuredTime = sentTime;
    const answer = await exchangeTime();
    const receivedTime = this.#now();
    if (receivedTime - sentTime > LONGEST_TRIP_MS) return;
    this.#offsetMs = answer - (sentTime + receivedTime) / 2;
  }

  /** How long ago, by the exchange's clock, an event happened; null before the first measurement. */
  ageMs(eventTime: number): number | null {
    if (this.#offsetMs === null) return null;
    return Math.max(0, Math.round(this.#now() + this.#offsetMs - eventTime));
  }
}
