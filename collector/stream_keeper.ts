import { AttemptLimit } from "./attempt_limit.ts";
import { backoffMs } from "./backoff.ts";
import { type Connection, openConnection } from "./connection.ts";
import { delay } from "./delay.ts";

export interface StreamHandlers {
  onOpen(): void;
  onFrame(text: string): void;
  /** The connection ended, or could not be made; another attempt follows in `retryMs`. */
  onDown(reason: string, retryMs: number): void;
}

export interface StreamLimits {
  /** A connection without a frame for so long is replaced. */
  readonly idleMs: number;
  /** Binance ends a connection after 24 h: it is renewed before. */
  readonly maxAgeMs: number;
  /** So long the old and the new connection run side by side. */
  readonly overlapMs: number;
}

export const STREAM_LIMITS: StreamLimits = {
  idleMs: 60_000,
  maxAgeMs: 23 * 3_600_000,
  overlapMs: 3_000,
};

/** Keeps one stream of frames going, over as many connections as that takes. */
export class StreamKeeper {
  readonly #url: string;
  readonly #handlers: StreamHandlers;
  readonly #limits: StreamLimits;
  readonly #attempts: AttemptLimit;
  #renewal = Promise.withResolvers<void>();
  /** Frames that went on. */
  #delivered = 0;

  /** @param attempts shared by all connections to the same exchange */
  constructor(
    url: string,
    handlers: StreamHandlers,
    limits: StreamLimits = STREAM_LIMITS,
    attempts = new AttemptLimit(),
  ) {
    this.#url = url;
    this.#handlers = handlers;
    this.#limits = limits;
    this.#attempts = attempts;
  }

  /** Replaces the connection by a new one as soon as that is open; no frame is lost between. */
  renew(): void {
    this.#renewal.resolve();
  }

  /** Runs until the signal aborts, reconnecting with growing pauses. */
  async run(signal: AbortSignal): Promise<void> {
    for (let failures = 0; !signal.aborted;) {
      await this.#pause(signal);
      if (signal.aborted) return;
      const connection = this.#open(signal, (text) => {
        failures = 0;
        this.#deliver(text);
      });
      if (await connection.opened) this.#handlers.onOpen();
      const reason = await this.#hold(connection, signal);
      if (signal.aborted) return;
      const retryMs = backoffMs(++failures);
      this.#handlers.onDown(reason, retryMs);
      await delay(retryMs, signal).catch(() => {});
    }
  }

  /** A server that lets us in and out again must not be asked hundreds of times. */
  async #pause(signal: AbortSignal): Promise<void> {
    const pauseMs = this.#attempts.pauseMs(performance.now());
    if (pauseMs > 0) await delay(pauseMs, signal).catch(() => {});
  }

  /** A connection that ends with the signal, and that the signal forgets when it has ended. */
  #open(signal: AbortSignal, onFrame: (text: string) => void): Connection {
    const connection = openConnection(this.#url, this.#limits.idleMs, onFrame);
    signal.addEventListener("abort", connection.close);
    void connection.ended.then(() => signal.removeEventListener("abort", connection.close));
    return connection;
  }

  #deliver(text: string): void {
    this.#delivered++;
    this.#handlers.onFrame(text);
  }

  /** Holds a connection, and those that replace it, until one ends unexpectedly. */
  async #hold(first: Connection, signal: AbortSignal): Promise<string> {
    let current = first;
    let failures = 0;
    this.#renewal = Promise.withResolvers();
    while (true) {
      // After a renewal that failed the next is due soon: the old connection will not last.
      const dueMs = failures === 0 ? this.#limits.maxAgeMs : backoffMs(failures);
      const due = setTimeout(this.#renewal.resolve, dueMs);
      const ended = await Promise.race([current.ended, this.#renewal.promise]);
      clearTimeout(due);
      if (typeof ended === "string") return ended;
      const next = await this.#replace(current, signal);
      if (next !== null) [current, failures] = [next, 0];
      else {
        failures++;
        this.#renewal = Promise.withResolvers();
      }
    }
  }

  /** Opens the successor of a connection; null when that failed and the old one goes on. */
  async #replace(old: Connection, signal: AbortSignal): Promise<Connection | null> {
    // Frames of the new connection wait until the old one is closed: in the overlap both carry the
    // same events, and one that came early would look like a gap.
    let held: string[] | null = [];
    await this.#pause(signal);
    if (signal.aborted) return null;
    const next = this.#open(signal, (text) => {
      if (held === null) this.#deliver(text);
      else held.push(text);
    });
    if (!await next.opened) return null;
    const deliveredBefore = this.#delivered;
    const overlap = new AbortController();
    const outcome = await Promise.race([
      delay(this.#limits.overlapMs, overlap.signal).then(() => "over", () => "over"),
      old.ended.then(() => "old ended"),
      next.ended.then(() => "new ended"),
    ]);
    overlap.abort();
    if (signal.aborted) return null;
    // A successor that is silent while the old one speaks is none, unless it is all there is.
    const isSilent = held.length === 0 && this.#delivered > deliveredBefore;
    if (outcome === "new ended" || (outcome === "over" && isSilent)) {
      next.close();
      return null;
    }
    old.close();
    // What the old connection asked for is done; the new one may ask for the same.
    this.#renewal = Promise.withResolvers();
    const waiting = held;
    held = null;
    for (const text of waiting) this.#deliver(text);
    return next;
  }
}
