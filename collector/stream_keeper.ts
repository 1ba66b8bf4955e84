import { aborted } from "../bus/aborted.ts";
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
  #renewal = Promise.withResolvers<void>();

  constructor(url: string, handlers: StreamHandlers, limits: StreamLimits = STREAM_LIMITS) {
    this.#url = url;
    this.#handlers = handlers;
    this.#limits = limits;
  }

  /** Replaces the connection by a new one as soon as that is open; no frame is lost between. */
  renew(): void {
    this.#renewal.resolve();
  }

  /** Runs until the signal aborts, reconnecting with growing pauses. */
  async run(signal: AbortSignal): Promise<void> {
    for (let failures = 0; !signal.aborted;) {
      const connection = this.#open((text) => {
        failures = 0;
        this.#handlers.onFrame(text);
      });
      const stopped = aborted(signal).then(() => connection.close());
      if (await connection.opened) this.#handlers.onOpen();
      const reason = await this.#hold(connection, signal);
      void stopped;
      if (signal.aborted) return;
      const retryMs = backoffMs(++failures);
      this.#handlers.onDown(reason, retryMs);
      await delay(retryMs, signal).catch(() => {});
    }
  }

  #open(onFrame: (text: string) => void): Connection {
    return openConnection(this.#url, this.#limits.idleMs, onFrame);
  }

  /** Holds a connection, and those that replace it, until one ends unexpectedly. */
  async #hold(first: Connection, signal: AbortSignal): Promise<string> {
    let current = first;
    while (true) {
      this.#renewal = Promise.withResolvers();
      const age = setTimeout(this.#renewal.resolve, this.#limits.maxAgeMs);
      const ended = await Promise.race([current.ended, this.#renewal.promise]);
      clearTimeout(age);
      if (typeof ended === "string") return ended;
      const next = await this.#replace(current, signal);
      if (next !== null) current = next;
    }
  }

  /** Opens the successor of a connection; null when that failed and the old one goes on. */
  async #replace(old: Connection, signal: AbortSignal): Promise<Connection | null> {
    // Frames of the new connection wait until the old one is closed: in the overlap both carry the
    // same events, and one that came early would look like a gap.
    let held: string[] | null = [];
    const next = this.#open((text) => {
      if (held === null) this.#handlers.onFrame(text);
      else held.push(text);
    });
    void aborted(signal).then(() => next.close());
    if (!await next.opened) return null;
    const overlap = new AbortController();
    await Promise.race([
      delay(this.#limits.overlapMs, AbortSignal.any([signal, overlap.signal])).catch(() => {}),
      old.ended,
    ]);
    overlap.abort();
    old.close();
    const waiting = held;
    held = null;
    for (const text of waiting) this.#handlers.onFrame(text);
    return next;
  }
}
