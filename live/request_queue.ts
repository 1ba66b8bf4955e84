interface Waiting {
  /** Must not reject. */
  readonly run: () => Promise<void>;
  readonly dropped: () => void;
}

/** Runs a few requests at a time, the newest wish first, and forgets wishes that grew old. */
export class RequestQueue {
  readonly #atOnce: number;
  readonly #limit: number;
  readonly #waiting: Waiting[] = [];
  #running = 0;

  constructor(atOnce: number, limit: number) {
    this.#atOnce = atOnce;
    this.#limit = limit;
  }

  /**
   * @param run the request; it must not reject
   * @param dropped called instead when the request was forgotten before it began
   */
  add(run: () => Promise<void>, dropped: () => void): void {
    this.#waiting.push({ run, dropped });
    if (this.#waiting.length > this.#limit) this.#waiting.shift()?.dropped();
    this.#next();
  }

  #next(): void {
    if (this.#running >= this.#atOnce) return;
    const next = this.#waiting.pop();
    if (next === undefined) return;
    this.#running++;
    next.run().finally(() => {
      this.#running--;
      this.#next();
    });
  }
}
