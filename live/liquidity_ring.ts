import type { LiquidityColumn, LiquidityFrame } from "../bus/messages.ts";

/** One closed time bin, row by row. */
export interface DenseColumn {
  readonly time: number;
  /** Lower edge of the first row, in ticks. */
  readonly low: number;
  /** Bids and asks together, in lots x ms; null when the bin is unknown. */
  readonly lotMs: Float64Array | null;
}

/** Rows kept on each side of the middle of the book. */
const REACH_ROWS = 1500;
/** Columns kept: two minutes of 250 ms, enough to fill the open column of any 1 min tile. */
const KEPT = 480;

/** The newest columns of resting liquidity, made dense from the sparse ones of the stream. */
export class LiquidityRing {
  readonly columns: DenseColumn[] = [];
  baseGroup = 1;
  stepMs = 250;
  readonly #bids = new Map<number, number>();
  readonly #asks = new Map<number, number>();
  /** What is carried is complete since the last keyframe. */
  #carries = false;
  #nextTime: number | null = null;

  /** End of the newest column, or null before the first. */
  get end(): number | null {
    const last = this.columns.at(-1);
    return last === undefined ? null : last.time + this.stepMs;
  }

  /** @returns the columns that are new. */
  applyFrame(frame: LiquidityFrame): readonly DenseColumn[] {
    this.baseGroup = frame.baseGroup;
    this.stepMs = frame.stepMs;
    const added: DenseColumn[] = [];
    for (const column of frame.columns) {
      const end = this.end;
      if (end !== null && column.time < end) {
        // A full frame repeats the newest column, only to carry on from.
        if (column.keyframe) this.#take(column);
        continue;
      }
      added.push(this.#take(column));
    }
    this.columns.push(...added);
    if (this.columns.length > KEPT) this.columns.splice(0, this.columns.length - KEPT);
    return added;
  }

  #take(column: LiquidityColumn): DenseColumn {
    const { time, known, keyframe } = column;
    const follows = this.#nextTime === time;
    this.#nextTime = time + this.stepMs;
    if (keyframe || known === null || !follows) {
      this.#bids.clear();
      this.#asks.clear();
      this.#carries = keyframe && known !== null;
    }
    if (!this.#carries || known === null) return { time, low: 0, lotMs: null };
    const low = Math.max(known[0], this.#lowestKept(column));
    const first = Math.ceil(low / this.baseGroup) * this.baseGroup;
    const top = Math.min(known[1] + 1, first + 2 * REACH_ROWS * this.baseGroup);
    const rows = Math.max(0, Math.floor((top - first) / this.baseGroup));
    const lotMs = new Float64Array(rows);
    this.#fill(lotMs, first, this.#bids, column.bids, keyframe);
    this.#fill(lotMs, first, this.#asks, column.asks, keyframe);
    return { time, low: first, lotMs };
  }

  /** Rests carried over, replaced by the listed sums of the rows that changed. */
  #fill(
    lotMs: Float64Array,
    first: number,
    resting: Map<number, number>,
    changes: readonly number[],
    keyframe: boolean,
  ): void {
    const { baseGroup, stepMs } = this;
    const add = (row: number, sum: number) => {
      const index = (row - first) / baseGroup;
      if (index >= 0 && index < lotMs.length) lotMs[index] += sum;
    };
    for (const [row, lots] of resting) add(row, lots * stepMs);
    for (let i = 0; i < changes.length; i += 3) {
      const row = changes[i];
      const before = keyframe ? 0 : resting.get(row) ?? 0;
      add(row, changes[i + 1] - before * stepMs);
      if (changes[i + 2] === 0) resting.delete(row);
      else resting.set(row, changes[i + 2]);
    }
  }

  #lowestKept(column: LiquidityColumn): number {
    const bids = this.#bids.size > 0
      ? this.#bids.keys()
      : column.bids.filter((_, i) => i % 3 === 0);
    let best = -Infinity;
    for (const row of bids) best = Math.max(best, row);
    return best === -Infinity ? -Infinity : best - REACH_ROWS * this.baseGroup;
  }
}
