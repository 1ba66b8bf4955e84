import type { TradesLostEvent } from "../bus/messages.ts";
import type { LevelChange, OrderBook } from "../market/order_book.ts";
import type { Trade } from "../market/types.ts";
import { type Wall, WALL_FADE_MS, type WallOptions } from "../market/wall.ts";
import { WallTracker } from "../market/wall_tracker.ts";

/** Ended walls that are held, and that wait for the disk; the oldest are forgotten beyond this. */
const MAX_ENDED = 10_000;

/** The ledger of one symbol's walls: those that rest, and the newest of those that have ended. */
export class Walls {
  readonly #options: Partial<WallOptions>;
  #tracker: WallTracker | null = null;
  /** They rest, or have died and are not decided yet. */
  readonly #open = new Set<Wall>();
  /** In the order in which they were decided. */
  #ended: Wall[] = [];
  #unsaved: Wall[] = [];
  #forgotten = 0;
  readonly #changed = new Set<Wall>();
  #time = 0;

  constructor(options: Partial<WallOptions> = {}) {
    this.#options = options;
  }

  /** What a row must hold to be a wall, or null while that is unknown. */
  get thresholdLots(): number | null {
    return this.#tracker?.thresholdLots ?? null;
  }

  /** Ended walls that were forgotten before anybody wrote them. */
  get forgotten(): number {
    return this.#forgotten;
  }

  get isChanged(): boolean {
    return this.#changed.size > 0;
  }

  /** A book has become known at `time`. */
  begin(book: OrderBook, time: number, groupTicks: number): void {
    this.#time = time;
    this.#tracker ??= new WallTracker(groupTicks, (wall) => this.#take(wall), this.#options);
    this.#tracker.begin(book, time);
  }

  /** One depth event was applied to the book and made these changes. */
  apply(book: OrderBook, time: number, changes: readonly Parameters<LevelChange>[]): void {
    if (this.#tracker === null) return;
    this.#time = time;
    this.#tracker.advance(time, book);
    for (const change of changes) this.#tracker.change(...change);
    this.#tracker.commit();
  }

  /** The book is unknown from `time` on. */
  end(time: number): void {
    this.#tracker?.end(time);
  }

  /** Nothing comes any more: what rests has an unknown end. */
  close(): void {
    this.#tracker?.close(this.#time);
  }

  addTrade(trade: Trade): void {
    this.#tracker?.trade(trade);
  }

  loseTrades({ fromTime, toTime, toId }: TradesLostEvent): void {
    this.#tracker?.loseTrades(fromTime, toTime, toId);
  }

  /** Walls that rested at some time of [from, to), by their birth. */
  between(from: number, to: number): Wall[] {
    return [...this.#ended, ...this.#open]
      .filter(({ born, died }) => born < to && (died ?? Infinity) >= from)
      .map(plainWall)
      .sort(byBirth);
  }

  /** What a page must know at first: what rests, and what has not faded yet. */
  visible(): Wall[] {
    return this.between(this.#time - WALL_FADE_MS, Infinity);
  }

  /** Walls that were found or changed since the last call, as they stand now. */
  takeChanged(): Wall[] {
    const walls = [...this.#changed].map(plainWall);
    this.#changed.clear();
    return walls;
  }

  /** Walls that have ended since the last call, for the disk. */
  takeEnded(): Wall[] {
    const walls = this.#unsaved;
    this.#unsaved = [];
    return walls;
  }

  /** What was taken could not be written: it waits for the disk again. */
  giveBack(walls: readonly Wall[]): void {
    const waiting = [...walls, ...this.#unsaved];
    this.#forgotten += Math.max(0, waiting.length - MAX_ENDED);
    this.#unsaved = waiting.slice(-MAX_ENDED);
  }

  #take(wall: Wall): void {
    if (wall.ended === null) {
      this.#open.add(wall);
      this.#changed.add(wall);
      return;
    }
    const plain = plainWall(wall);
    this.#open.delete(wall);
    this.#changed.delete(wall);
    this.#changed.add(plain);
    this.#ended.push(plain);
    this.#unsaved.push(plain);
    if (this.#ended.length > MAX_ENDED * 1.1) this.#ended = this.#ended.slice(-MAX_ENDED);
    if (this.#unsaved.length <= MAX_ENDED) return;
    this.#unsaved.shift();
    this.#forgotten++;
  }
}

/** Without the account behind it: fit for a worker's port, for the disk, and to be kept. */
export function plainWall(wall: Wall): Wall {
  const { side, row, born, died, peakLots, lots, tradedLots, ended } = wall;
  return { side, row, born, died, peakLots, lots, tradedLots, ended };
}

export function byBirth(a: Wall, b: Wall): number {
  return a.born - b.born || a.row - b.row || (a.side < b.side ? -1 : 1);
}
