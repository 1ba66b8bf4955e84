import type {
  BookLostEvent,
  DepthDiffEvent,
  DepthSnapshotEvent,
  DepthWidenedEvent,
} from "../bus/messages.ts";
import { follows, isOlder } from "../market/depth_rule.ts";
import { OrderBook, rangeOf } from "../market/order_book.ts";
import type { DepthDiff, DepthSnapshot } from "../market/types.ts";

/** Diffs kept while a snapshot is on its way; more means that it will never come in time. */
const MAX_BUFFERED_DIFFS = 10_000;
/**
 * Diffs without a newer id repeat what is known, unless they are of so much later: then the exchange
 * numbers anew, and the book would stand still for ever.
 */
const STANDSTILL_MS = 5_000;

export type BookEvent = DepthSnapshotEvent | DepthDiffEvent | DepthWidenedEvent | BookLostEvent;

export interface DepthSyncOutput {
  emit(event: BookEvent): void;
  /** Fetch a snapshot and hand it to `takeSnapshot`; called again when that one was no good. */
  requestSnapshot(reason: string): void;
}

/**
 * Book synchronisation of one symbol: which snapshot and which diffs make a gapless book.
 *
 * The first diff after a spot snapshot L must hold U <= L + 1 <= u (Binance's documentation asks for
 * L within [U, u], which refuses the most common start U = L + 1); the rules are in `follows`.
 */
export class DepthSync {
  readonly #symbol: string;
  readonly #output: DepthSyncOutput;
  #buffer: DepthDiff[] = [];
  #snapshot: DepthSnapshot | null = null;
  #awaiting = false;
  /** Last applied diff; null while the book is unknown. */
  #last: DepthDiff | null = null;
  /** Diffs since a wider snapshot was asked for while the book goes on; null when none is. */
  #sinceRefresh: DepthDiff[] | null = null;

  constructor(symbol: string, output: DepthSyncOutput) {
    this.#symbol = symbol;
    this.#output = output;
  }

  get isSynced(): boolean {
    return this.#last !== null;
  }

  takeDiff(diff: DepthDiff): void {
    if (this.#last !== null) {
      const { lastUpdateId, eventTime } = this.#last;
      const isNewer = diff.lastUpdateId > lastUpdateId;
      if (!isNewer && diff.eventTime - eventTime < STANDSTILL_MS) return;
      if (isNewer && follows(diff, lastUpdateId, false)) return this.#apply(diff);
      this.lose(`depth diff ${diff.firstUpdateId} does not follow ${lastUpdateId}`);
    }
    this.#buffer.push(diff);
    if (this.#buffer.length > MAX_BUFFERED_DIFFS) {
      this.#buffer = [diff];
      this.#request(`no snapshot came within ${MAX_BUFFERED_DIFFS} depth diffs`);
      return;
    }
    if (this.#snapshot !== null) this.#tryStart();
    else if (!this.#awaiting) this.#request("the book is not known yet");
  }

  takeSnapshot(snapshot: DepthSnapshot): void {
    this.#awaiting = false;
    this.#snapshot = snapshot;
    if (this.#last === null) this.#tryStart();
    else this.#tryWiden(this.#last);
  }

  /** Asks for a snapshot of the prices around, while the book goes on without a gap. */
  refresh(reason: string): void {
    if (this.#last === null || this.#sinceRefresh !== null) return;
    this.#sinceRefresh = [this.#last];
    this.#snapshot = null;
    this.#output.requestSnapshot(reason);
  }

  /** The snapshot could not be fetched: the next diff asks again. */
  snapshotFailed(): void {
    this.#awaiting = false;
    this.#sinceRefresh = null;
  }

  /** The book is unknown from its last diff on; the next diffs begin it anew. */
  lose(reason: string): void {
    const last = this.#last;
    this.#last = null;
    this.#buffer = [];
    this.#snapshot = null;
    this.#sinceRefresh = null;
    if (last === null) return;
    const eventTime = last.eventTime;
    this.#output.emit({ type: "bookLost", symbol: this.#symbol, eventTime, reason });
  }

  /** A diff up to this id cannot be read; one that was applied before is no loss. */
  loseBefore(lastUpdateId: number, reason: string): void {
    if (this.#last !== null && lastUpdateId > this.#last.lastUpdateId) this.lose(reason);
  }

  #request(reason: string): void {
    this.#awaiting = true;
    this.#snapshot = null;
    this.#output.requestSnapshot(reason);
  }

  /** Joins snapshot and buffered diffs, as soon as a diff proves that nothing lies between them. */
  #tryStart(): void {
    const snapshot = this.#snapshot;
    if (snapshot === null) return;
    this.#buffer = this.#buffer.filter((diff) => !isOlder(diff, snapshot.lastUpdateId, true));
    const first = this.#buffer[0];
    if (first === undefined) return;
    if (!follows(first, snapshot.lastUpdateId, true)) {
      const older =
        `the snapshot ${snapshot.lastUpdateId} is older than diff ${first.firstUpdateId}`;
      return this.#request(older);
    }
    const diffs = this.#buffer;
    this.#buffer = [];
    this.#snapshot = null;
    // The snapshot bears no time: it is certain from the first diff after it.
    const { eventTime } = first;
    this.#output.emit({ type: "depthSnapshot", symbol: this.#symbol, eventTime, snapshot });
    this.#apply(first);
    for (const diff of diffs.slice(1)) this.takeDiff(diff);
  }

  #apply(diff: DepthDiff): void {
    this.#last = diff;
    this.#output.emit({ type: "depthDiff", symbol: this.#symbol, diff });
    if (this.#sinceRefresh === null) return;
    this.#sinceRefresh.push(diff);
    if (this.#sinceRefresh.length > MAX_BUFFERED_DIFFS) this.#sinceRefresh = null;
    else this.#tryWiden(diff);
  }

  /** Brings a snapshot that came while the book went on to the book's own id, and tells it. */
  #tryWiden(last: DepthDiff): void {
    const snapshot = this.#snapshot;
    const diffs = this.#sinceRefresh;
    // A snapshot newer than the book waits for the diffs in between.
    if (snapshot === null || diffs === null || snapshot.lastUpdateId > last.lastUpdateId) return;
    this.#snapshot = null;
    this.#sinceRefresh = null;
    // One older than the diffs that were kept is of no use; the next refresh tries again.
    if (snapshot.lastUpdateId < diffs[0].lastUpdateId) return;
    const range = rangeOf(snapshot);
    if (range === null) return;
    const book = new OrderBook();
    book.applySnapshot(snapshot, last.eventTime);
    for (const diff of diffs) if (diff.lastUpdateId > snapshot.lastUpdateId) book.applyDiff(diff);
    this.#output.emit({
      type: "depthWidened",
      symbol: this.#symbol,
      eventTime: last.eventTime,
      snapshot: {
        lastUpdateId: last.lastUpdateId,
        bids: book.bids.levels(),
        asks: book.asks.levels(),
      },
      range,
    });
  }
}
