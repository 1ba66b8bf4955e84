/** Estimates older than this are given up, so that a clock that was set back is followed. */
const WINDOW_MS = 30_000;

/**
 * Exchange time of this moment, from the times in frames alone: the frame that came fastest tells
 * best, and the local clock's steady count goes on from there.
 */
export class ExchangeClock {
  #offset: number | null = null;
  #setAt = 0;

  /** @param steadyMs a clock that never jumps, e.g. performance.now() */
  observe(eventTime: number, steadyMs: number): void {
    const offset = eventTime - steadyMs;
    const old = steadyMs - this.#setAt > WINDOW_MS;
    if (this.#offset !== null && offset <= this.#offset && !old) return;
    this.#offset = offset;
    this.#setAt = steadyMs;
  }

  now(steadyMs: number): number | null {
    return this.#offset === null ? null : this.#offset + steadyMs;
  }

  reset(): void {
    this.#offset = null;
  }
}
