import type { Instrument } from "../market/instrument.ts";
import { nearestUnits } from "../market/scale.ts";
import type { Wall } from "../market/wall.ts";
import type { ApiGet, ApiWall, ApiWalls } from "./api.ts";
import { RequestQueue } from "./request_queue.ts";
import type { WallStore } from "./wall_store.ts";

/** Walls come in chunks of whole hours. */
const CHUNK_MS = 3_600_000;
const RETRY_MS = 5_000;
/** More than these are held only where they are looked at. */
const MOST_WALLS = 20_000;

/** Fetches the walls of the past where they are looked at, each hour once; frames tell the rest. */
export class WallHistory {
  readonly #symbol: string;
  readonly #store: WallStore;
  readonly #get: ApiGet;
  readonly #changed: () => void;
  readonly #signal: AbortSignal;
  /** By hour: not to be asked for before this moment (performance.now()). */
  readonly #notBefore = new Map<number, number>();
  readonly #queue = new RequestQueue(1, 16);
  /** Answers to what was asked before it rose are older than what is held. */
  #generation = 0;

  constructor(
    symbol: string,
    store: WallStore,
    get: ApiGet,
    changed: () => void,
    signal: AbortSignal,
  ) {
    this.#symbol = symbol;
    this.#store = store;
    this.#get = get;
    this.#changed = changed;
    this.#signal = signal;
  }

  want(instrument: Instrument, from: number, to: number, nowMs: number): void {
    const first = Math.max(0, Math.floor(from / CHUNK_MS));
    const end = Math.ceil(to / CHUNK_MS);
    if (this.#store.walls.length > MOST_WALLS) this.#forgetOthers(first, end);
    for (let index = first; index < end; index++) {
      if ((this.#notBefore.get(index) ?? -Infinity) > nowMs) continue;
      this.#notBefore.set(index, Infinity);
      this.#queue.add(
        () => this.#fetch(instrument, index),
        () => this.#notBefore.delete(index),
      );
    }
  }

  /** Frames were missed: walls may have come and gone meanwhile. */
  forgetAll(): void {
    this.#generation++;
    this.#notBefore.clear();
  }

  #forgetOthers(first: number, end: number): void {
    let isForgotten = false;
    for (const index of this.#notBefore.keys()) {
      if (index >= first && index < end) continue;
      this.#notBefore.delete(index);
      isForgotten = true;
    }
    if (isForgotten) this.#store.keepBetween(first * CHUNK_MS, end * CHUNK_MS);
  }

  async #fetch(instrument: Instrument, index: number): Promise<void> {
    const generation = this.#generation;
    try {
      const { walls } = await this.#get<ApiWalls>("/api/walls", {
        symbol: this.#symbol,
        from: index * CHUNK_MS,
        to: (index + 1) * CHUNK_MS,
      }, this.#signal);
      this.#store.addHistory(walls.map((wall) => storedWall(instrument, wall)));
      this.#changed();
    } catch (error) {
      if (this.#signal.aborted) return;
      console.warn(`walls of ${this.#symbol} could not be fetched:`, error);
      if (generation === this.#generation) {
        this.#notBefore.set(index, performance.now() + RETRY_MS);
      }
    }
  }
}

/** Decimals of the answer -> integers, which the answer's numbers stand for exactly. */
export function storedWall({ priceScale, qtyScale }: Instrument, wall: ApiWall): Wall {
  const { side, price, born, died, peak, quantity, traded, ended } = wall;
  return {
    side,
    row: nearestUnits(priceScale, price),
    born,
    died,
    peakLots: nearestUnits(qtyScale, peak),
    lots: nearestUnits(qtyScale, quantity),
    tradedLots: nearestUnits(qtyScale, traded),
    ended,
  };
}
