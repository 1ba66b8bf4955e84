import { BinanceRestError } from "./binance_rest_error.ts";
import type { RequestBudget, Urgency } from "./request_budget.ts";

export interface RestGateOptions {
  /** Requests that are under way at once; those that can wait take half of it at most. */
  readonly maxInFlight?: number;
  /** Requests that wait; one more is refused. */
  readonly maxWaiting?: number;
}

interface Waiter {
  readonly admit: () => void;
}

const NEVER = new AbortController().signal;
const FIRST_TO_LAST = ["live", "background"] as const satisfies readonly Urgency[];

/**
 * Lets the requests to one exchange through: a few at once, each in its turn, those of the moment
 * before those that can wait, and none beyond the budget of weight. Whoever waits here has asked
 * the exchange nothing yet.
 */
export class RestGate {
  readonly #budget: RequestBudget;
  readonly #maxInFlight: Readonly<Record<Urgency, number>>;
  readonly #maxWaiting: number;
  readonly #queues = { live: [] as Waiter[], background: [] as Waiter[] };
  /** Whether one of this urgency is waiting for the budget: the others wait behind it. */
  readonly #atDoor = { live: false, background: false };
  #inFlight = 0;

  constructor(
    budget: RequestBudget,
    { maxInFlight = 20, maxWaiting = 2000 }: RestGateOptions = {},
  ) {
    this.#budget = budget;
    this.#maxInFlight = { live: maxInFlight, background: Math.ceil(maxInFlight / 2) };
    this.#maxWaiting = maxWaiting;
  }

  /** Requests that wait for their turn. */
  get waiting(): number {
    return this.#queues.live.length + this.#queues.background.length;
  }

  /**
   * Makes a request when its turn has come. What its answer says about the budget must be told to
   * that before `ask` resolves: the next request goes right after.
   *
   * @param ask is given the time of the request, for `RequestBudget.observe`
   * @throws BinanceRestError when too many wait already; the signal's reason as soon as it aborts
   */
  async pass<Answer>(
    weight: number,
    urgency: Urgency,
    signal = NEVER,
    ask: (askedTime: number) => Promise<Answer>,
  ): Promise<Answer> {
    await this.#turn(urgency, signal);
    try {
      return await ask(await this.#enter(weight, urgency, signal));
    } finally {
      this.#inFlight--;
      this.#admitNext();
    }
  }

  async #enter(weight: number, urgency: Urgency, signal: AbortSignal): Promise<number> {
    try {
      return await this.#budget.enter(weight, urgency, signal);
    } finally {
      this.#atDoor[urgency] = false;
      this.#admitNext();
    }
  }

  /** Resolves when the request is the first of its urgency and has a place among those in flight. */
  #turn(urgency: Urgency, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.waiting >= this.#maxWaiting) {
      throw new BinanceRestError(`${this.waiting} requests are waiting already`, 0);
    }
    const queue = this.#queues[urgency];
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const abort = () => {
      queue.splice(queue.indexOf(waiter), 1);
      reject(signal.reason);
    };
    const waiter: Waiter = {
      admit: () => {
        signal.removeEventListener("abort", abort);
        resolve();
      },
    };
    signal.addEventListener("abort", abort, { once: true });
    queue.push(waiter);
    this.#admitNext();
    return promise;
  }

  #admitNext(): void {
    for (const urgency of FIRST_TO_LAST) {
      if (this.#atDoor[urgency] || this.#inFlight >= this.#maxInFlight[urgency]) continue;
      const next = this.#queues[urgency].shift();
      if (next === undefined) continue;
      this.#atDoor[urgency] = true;
      this.#inFlight++;
      next.admit();
    }
  }
}
