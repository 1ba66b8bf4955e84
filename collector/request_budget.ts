import { delay } from "./delay.ts";

/** What a request is for: books of the moment come before what can wait. */
export type Urgency = "live" | "background";

export interface RequestBudgetOptions {
  /** Weight that the exchange allows an address in a minute. */
  readonly limit: number;
  /** Local clock: the exchange counts by minutes. */
  readonly now?: () => number;
  /** A clock in ms that nobody sets, for how long the exchange is left alone. */
  readonly steady?: () => number;
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<void>;
}

const NEVER = new AbortController().signal;
const MINUTE_MS = 60_000;
/** The exchange's minute may turn a little after ours. */
const TURN_MS = 500;
/** Other programs of the same address need something too, and our count may be a little behind. */
const SHARES = { live: 0.9, background: 0.6 } as const satisfies Record<Urgency, number>;

/**
 * Keeps the requests to one exchange within its weight per minute, as its answers tell it, and
 * lets nobody ask while it wants to be left alone: whoever goes on after a 429 is banned.
 */
export class RequestBudget {
  readonly #limit: number;
  readonly #now: () => number;
  readonly #steady: () => number;
  readonly #wait: (ms: number, signal: AbortSignal) => Promise<void>;
  #minute = -1;
  /** Weight of the current minute: asked by us, or told by the exchange if that is more. */
  #used = 0;
  /** By the steady clock. */
  #heldUntil = -Infinity;

  constructor(
    { limit, now = Date.now, steady = () => performance.now(), wait = delay }: RequestBudgetOptions,
  ) {
    this.#limit = limit;
    this.#now = now;
    this.#steady = steady;
    this.#wait = wait;
  }

  /**
   * Resolves when a request of this weight may be made; it counts from then on. Callers of one
   * urgency come one after the other: here nobody waits behind another.
   *
   * @returns the time of the request, for `observe`
   */
  async enter(weight: number, urgency: Urgency, signal = NEVER): Promise<number> {
    for (let ms = this.#pauseMs(weight, urgency); ms > 0; ms = this.#pauseMs(weight, urgency)) {
      await this.#wait(ms, signal);
    }
    signal.throwIfAborted();
    this.#used += weight;
    return this.#now();
  }

  /** An answer to what was asked at `askedTime` told the weight that was used up by then. */
  observe(usedWeight: number, askedTime: number): void {
    this.#turn();
    // What was used of the minute before says nothing about this one.
    if (minuteOf(askedTime) === this.#minute) this.#used = Math.max(this.#used, usedWeight);
  }

  /** The exchange wants to be left alone. */
  hold(ms: number): void {
    this.#heldUntil = Math.max(this.#heldUntil, this.#steady() + ms);
  }

  #pauseMs(weight: number, urgency: Urgency): number {
    this.#turn();
    const heldMs = this.#heldUntil - this.#steady();
    if (heldMs > 0) return heldMs;
    const fits = this.#used + weight <= this.#limit * SHARES[urgency];
    // A request that would never fit goes when nothing else was asked.
    if (fits || this.#used === 0) return 0;
    return (this.#minute + 1) * MINUTE_MS + TURN_MS - this.#now();
  }

  /** A new minute begins with nothing used; the exchange may know better. */
  #turn(): void {
    const minute = minuteOf(this.#now());
    if (minute === this.#minute) return;
    this.#minute = minute;
    this.#used = 0;
  }
}

function minuteOf(time: number): number {
  return Math.floor((time - TURN_MS) / MINUTE_MS);
}
