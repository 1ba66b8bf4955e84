import { follows, isOlder } from "../market/depth_rule.ts";
import type { DepthDiff } from "../market/types.ts";
import type { CaptureEvent } from "./capture_frame.ts";
import type { RestDepth } from "./source.ts";
import { TextBook } from "./text_book.ts";
import { aborted, paused } from "./waiting.ts";

export type DepthEvent = Extract<CaptureEvent, { type: "depth" }>;

/** Diffs kept for a snapshot that is older than they are: REST answers take 10 s at most. */
const MAX_RECENT_DIFFS = 1000;

/**
 * The order book of one symbol as a capture tells it: known from a snapshot on, unknown again where
 * a diff is missing, until the next snapshot. Requests wait while it is unknown.
 */
export class CaptureBook {
  readonly #book = new TextBook();
  #recent: DepthEvent[] = [];
  /** Where the book stands; null while it is unknown. */
  #last: { readonly id: number; readonly isSnapshot: boolean } | null = null;
  #known = Promise.withResolvers<void>();
  #asked = Promise.withResolvers<void>();
  #wasKnown = false;
  #wasAsked = false;

  /** Whether anybody has ever asked for this book. */
  get wasAsked(): boolean {
    return this.#wasAsked;
  }

  async depth(limit: number, signal: AbortSignal): Promise<RestDepth> {
    this.#wasAsked = true;
    this.#asked.resolve();
    await Promise.race([this.#known.promise, aborted(signal)]);
    signal.throwIfAborted();
    return this.#book.depth(limit);
  }

  takeDiff(diff: DepthEvent): void {
    const previous = this.#recent.at(-1);
    if (previous !== undefined && !follows(idsOf(diff), previous.lastUpdateId, false)) {
      this.#recent = [];
    }
    this.#recent.push(diff);
    if (this.#recent.length > MAX_RECENT_DIFFS) this.#recent.shift();
    if (this.#last === null || isOlder(idsOf(diff), this.#last.id, this.#last.isSnapshot)) return;
    if (follows(idsOf(diff), this.#last.id, this.#last.isSnapshot)) return this.#apply(diff);
    this.#last = null;
    this.#known = Promise.withResolvers();
    this.#asked = Promise.withResolvers();
  }

  /** @param hold waits for somebody who asks for a book that was unknown until now, or lost */
  async takeSnapshot(
    depth: RestDepth,
    hold: (asked: Promise<void>, wasLost: boolean) => Promise<void>,
    signal: AbortSignal,
  ): Promise<void> {
    // The answer to a request arrives later than the stream's events of the same moment.
    const newer = this.#recent.filter((diff) => !isOlder(idsOf(diff), depth.lastUpdateId, true));
    const first = newer.at(0);
    if (first !== undefined && !follows(idsOf(first), depth.lastUpdateId, true)) return;
    const isKnown = this.#last !== null;
    this.#book.applySnapshot(depth);
    this.#last = { id: depth.lastUpdateId, isSnapshot: true };
    if (!isKnown) {
      await hold(this.#asked.promise, this.#wasKnown);
      this.#wasKnown = true;
      this.#known.resolve();
      // Those who wait get this snapshot before the next event changes the book.
      await paused(0, signal);
    }
    for (const diff of newer) this.#apply(diff);
  }

  #apply({ lastUpdateId, bids, asks }: DepthEvent): void {
    this.#book.applyDiff(lastUpdateId, bids, asks);
    this.#last = { id: lastUpdateId, isSnapshot: false };
  }
}

/** A diff as the rule of ids takes it. */
function idsOf(
  { firstUpdateId, lastUpdateId, previousUpdateId, eventTime }: DepthEvent,
): DepthDiff {
  return { firstUpdateId, lastUpdateId, previousUpdateId, eventTime, bids: [], asks: [] };
}
