import { RestError } from "./rest_error.ts";

const MINUTE_MS = 60_000;
/** Refused calls in one minute after which the caller is banned. */
const PATIENCE = 50;
const BAN_SECONDS = 120;

/** Request weight a minute, as Binance counts it by address: 429 over the limit, then 418. */
export class WeightLimit {
  readonly #limit: number;
  readonly #now: () => number;
  #minute = -1;
  #used = 0;
  #refused = 0;
  #bannedUntil = 0;

  constructor(limit: number, now: () => number) {
    this.#limit = limit;
    this.#now = now;
  }

  /** Weight used in this minute, for the header X-MBX-USED-WEIGHT-1M. */
  get used(): number {
    return this.#used;
  }

  /** @throws RestError 429 or 418 with Retry-After. */
  spend(weight: number): void {
    const now = this.#now();
    if (now < this.#bannedUntil) throw this.#refusal(418, this.#bannedUntil - now);
    const minute = Math.floor(now / MINUTE_MS);
    if (minute !== this.#minute) {
      this.#minute = minute;
      this.#used = 0;
      this.#refused = 0;
    }
    this.#used += weight;
    if (this.#used <= this.#limit) return;
    if (++this.#refused > PATIENCE) this.#bannedUntil = now + BAN_SECONDS * 1000;
    throw this.#refusal(429, (minute + 1) * MINUTE_MS - now);
  }

  #refusal(status: 418 | 429, waitMs: number): RestError {
    const seconds = Math.max(1, Math.ceil(waitMs / 1000));
    const message =
      `Too much request weight used; current limit is ${this.#limit} request weight ` +
      "per 1 MINUTE. Please use WebSocket Streams for live updates to avoid polling the API.";
    return new RestError(-1003, message, status, { "Retry-After": String(seconds) });
  }
}
