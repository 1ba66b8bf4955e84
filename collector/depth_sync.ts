import type { BookLostEvent, DepthDiffEvent, DepthSnapshotEvent } from "../bus/messages.ts";
import type { DepthDiff, DepthSnapshot } from "../market/types.ts";

/** Diffs kept while a snapshot is on its way; more means that it will never come in time. */
const MAX_BUFFERED_DIFFS = 10_000;

export type BookEvent = DepthSnapshotEvent | DepthDiffEvent | BookLostEvent;

export interface DepthSyncOutput {
  emit(event: BookEvent): void;
  /** Fetch a snapshot and hand it to `takeSnapshot`; called again when that one was no good. */
  requestSnapshot(reason: string): void;
}

/**
 * Spot book synchronisation of one symbol: which snapshot and which diffs make a gapless book.
 *
 * The first diff after a snapshot L must hold U <= L + 1 <= u (Binance's documentation asks for
 * L within [U, u], which refuses the most common start U = L + 1); then U = previous u + 1.
 */
export class DepthSync {
  readonly #symbol: string;
  readonly #output: DepthSyncOutput;
  #buffer: DepthDiff[] = [];
  #snapshot: DepthSnapshot | null = null;
  #awaiting = false;
  /** Last applied diff; null while the book is unknown. */
  #last: DepthDiff | null = null;

  constructor(symbol: string, output: DepthSyncOutput) {
    this.#symbol = symbol;
    this.#output = output;
  }

  get isSynced(): boolean {
    return this.#last !== null;
  }

  takeDiff(diff: DepthDiff): void {
    if (this.#last !== null) {
      if (diff.lastUpdateId <= this.#last.lastUpdateId) return;
      if (diff.firstUpdateId <= this.#last.lastUpdateId + 1) return this.#apply(diff);
      this.lose(`depth diff ${diff.firstUpdateId} does not follow ${this.#last.lastUpdateId}`);
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
    if (this.#last !== null) return;
    this.#snapshot = snapshot;
    this.#tryStart();
  }

  /** The snapshot could not be fetched: the next diff asks again. */
  snapshotFailed(): void {
    this.#awaiting = false;
  }

  /** The book is unknown from its last diff on; the next diffs begin it anew. */
  lose(reason: string): void {
    const last = this.#last;
    this.#last = null;
    this.#buffer = [];
    this.#snapshot = null;
    if (last === null) return;
    const eventTime = last.eventTime;
    this.#output.emit({ type: "bookLost", symbol: this.#symbol, eventTime, reason });
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
    const next = snapshot.lastUpdateId + 1;
    this.#buffer = this.#buffer.filter(({ lastUpdateId }) => lastUpdateId >= next);
    const first = this.#buffer[0];
    if (first === undefined) return;
    if (first.firstUpdateId > next) {
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
  }
}
