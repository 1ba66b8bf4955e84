import { backoffMs } from "./backoff.ts";

/** A book that lasted for so long was begun well. */
const SETTLED_MS = 10_000;
/** Asked for without a pause: the first may be a moment older than the stream. */
const WITHOUT_PAUSE = 2;

/**
 * How long to wait before another snapshot is asked for. One costs a twentieth of what Binance
 * allows in a minute, and a book may need another at once, again and again: snapshots may be older
 * than the stream, or contradict it.
 */
export class SnapshotPace {
  readonly #random: () => number;
  #inARow = 0;
  #newestTime = -Infinity;

  constructor(random: () => number = Math.random) {
    this.#random = random;
  }

  /** The pause before a snapshot that is needed at `time`, in ms. Asking counts as taken up. */
  pauseMs(time: number): number {
    if (time - this.#newestTime > SETTLED_MS) this.#inARow = 0;
    const paused = ++this.#inARow - WITHOUT_PAUSE;
    const pauseMs = paused > 0 ? backoffMs(paused, this.#random) : 0;
    this.#newestTime = time + pauseMs;
    return pauseMs;
  }
}
