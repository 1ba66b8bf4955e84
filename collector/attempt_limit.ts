/** Binance allows 300 connection attempts in 5 minutes per address; some are left to others. */
const MAX_ATTEMPTS = 200;
const WINDOW_MS = 5 * 60_000;

/** Keeps all connections of one exchange together below its limit of attempts. */
export class AttemptLimit {
  readonly #maxAttempts: number;
  /** Times of the attempts within the window, ascending; they may lie ahead. */
  readonly #times: number[] = [];

  constructor(maxAttempts = MAX_ATTEMPTS) {
    this.#maxAttempts = maxAttempts;
  }

  /** The pause before an attempt that is wanted at `time`, in ms. Asking counts as taken up. */
  pauseMs(time: number): number {
    while (this.#times.length > 0 && this.#times[0] <= time - WINDOW_MS) this.#times.shift();
    const full = this.#times.length - this.#maxAttempts;
    const at = full < 0 ? time : Math.max(time, this.#times[full] + WINDOW_MS);
    this.#times.push(at);
    return at - time;
  }
}
