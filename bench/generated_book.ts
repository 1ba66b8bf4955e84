import type { LiquidityBin, LiquidityCell } from "../market/liquidity.ts";
import type { KnownRange } from "../market/order_book.ts";
import type { Random } from "../simulator/market_model/random.ts";
import type { BinShape, CapturedMarket, ChangedRows, RestingShape } from "./captured_market.ts";

export interface GeneratedBookOptions {
  readonly binMs: number;
  readonly baseTicks: number;
  /** Base rows in one of its rows. */
  readonly baseRows: number;
  /** All resting rows are listed so often, as the live path does. */
  readonly keyframeBins: number;
  readonly resting: CapturedMarket["resting"];
  readonly random: Random;
}

/** Captured prices at another price: exactly on its rows, upside down or not. */
export interface Place {
  readonly isMirrored: boolean;
  /** Added to a price, or what a mirrored one is taken from; a multiple of the row. */
  readonly ticks: number;
}

/** Where a captured price comes to lie about at another. */
export function placeAt(
  captured: number,
  at: number,
  rowTicks: number,
  isMirrored: boolean,
): Place {
  const ticks = isMirrored ? at + captured : at - captured;
  return { isMirrored, ticks: Math.round(ticks / rowTicks) * rowTicks };
}

export function placed(priceTicks: number, { isMirrored, ticks }: Place): number {
  return isMirrored ? ticks - priceTicks : ticks + priceTicks;
}

/** Quantities of so many rows at about the same distance are drawn from. */
const NEIGHBOURS = 20;
/** Rows on the wrong side of a new price are looked for so far beyond its way. */
const PASSED_ROWS = 30;

/** An order book in rows, in which changes of the captures happen again at other prices. */
export class GeneratedBook {
  readonly #options: GeneratedBookOptions & { readonly rowTicks: number };
  readonly #lots: Record<"bids" | "asks", Float64Array>;
  #known: KnownRange | null = null;
  #binsSinceKeyframe = Infinity;

  /** @param maxTicks no price is as high */
  constructor(maxTicks: number, options: GeneratedBookOptions) {
    const rowTicks = options.baseTicks * options.baseRows;
    this.#options = { ...options, rowTicks };
    const rows = Math.ceil(maxTicks / rowTicks);
    this.#lots = { bids: new Float64Array(rows), asks: new Float64Array(rows) };
  }

  /** Begins anew, as after a lost connection: what rests is not known yet. */
  drop(): void {
    this.#known = null;
    this.#lots.bids.fill(0);
    this.#lots.asks.fill(0);
  }

  /** A snapshot tells the prices within `rangeTicks`: rows that were not known are filled. */
  snapshot(midTicks: number, rangeTicks: number): void {
    const { rowTicks, resting } = this.#options;
    const mid = Math.floor(midTicks / rowTicks);
    const range = Math.floor(rangeTicks / rowTicks);
    const before = this.#known;
    const low = Math.min(before?.[0] ?? Infinity, (mid - range) * rowTicks);
    const high = Math.max(before?.[1] ?? 0, (mid + range + 1) * rowTicks - 1);
    for (let row = low / rowTicks; row * rowTicks < high; row++) {
      if (before !== null && row * rowTicks >= before[0] && row * rowTicks < before[1]) continue;
      const side = row < mid ? "bids" : "asks";
      this.#lots[side][row] ||= this.#restingLots(resting[side], Math.abs(row - mid));
    }
    this.#known = [low, high];
    if (this.#known[0] !== before?.[0] || this.#known[1] !== before[1]) {
      this.#binsSinceKeyframe = Infinity;
    }
  }

  /**
   * The changes of a captured bin at another place.
   *
   * @param way of the price, in ticks: what it has passed is gone
   */
  bin(time: number, shape: BinShape, place: Place, way: readonly [number, number]): LiquidityBin {
    const { rowTicks, keyframeBins } = this.#options;
    const [mid, end] = way.map((ticks) => Math.floor(ticks / rowTicks));
    const reach = Math.abs(end - mid) + PASSED_ROWS;
    const sides = place.isMirrored ? { bids: shape.asks, asks: shape.bids } : shape;
    const bids = this.#change("bids", sides.bids, place);
    const asks = this.#change("asks", sides.asks, place);
    this.#empty("bids", bids, end + 1, end + 1 + reach);
    this.#empty("asks", asks, end - reach, end);
    const keyframe = ++this.#binsSinceKeyframe >= keyframeBins;
    if (keyframe) {
      this.#binsSinceKeyframe = 0;
      this.#listResting("bids", bids);
      this.#listResting("asks", asks);
    }
    return { time, known: this.#known, keyframe, bids, asks };
  }

  #change(
    side: "bids" | "asks",
    { rows, lotMs, closeLots }: ChangedRows,
    place: Place,
  ): LiquidityCell[] {
    const { rowTicks } = this.#options;
    const lots = this.#lots[side];
    const cells: LiquidityCell[] = [];
    for (let i = 0; i < rows.length; i++) {
      // The lower edge of a mirrored row is its upper one.
      const row = placed(rows[i], place) - (place.isMirrored ? rowTicks : 0);
      const at = row / rowTicks;
      if (at < 0 || at >= lots.length) continue;
      cells.push({ row, lotMs: lotMs[i], closeLots: closeLots[i] });
      lots[at] = closeLots[i];
    }
    return cells;
  }

  /** Nothing rests in [first, end) any more. */
  #empty(side: "bids" | "asks", cells: LiquidityCell[], first: number, end: number): void {
    const { rowTicks, binMs } = this.#options;
    const lots = this.#lots[side];
    for (let row = first; row < end; row++) {
      if (lots[row] === 0) continue;
      const at = cells.findIndex((cell) => cell.row === row * rowTicks);
      const lotMs = at >= 0 ? cells[at].lotMs : lots[row] * binMs;
      cells.splice(at >= 0 ? at : cells.length, 1, { row: row * rowTicks, lotMs, closeLots: 0 });
      lots[row] = 0;
    }
  }

  #listResting(side: "bids" | "asks", cells: LiquidityCell[]): void {
    const { rowTicks, binMs } = this.#options;
    const lots = this.#lots[side];
    const [low, high] = this.#known ?? [0, -1];
    const listed = new Set(cells.map(({ row }) => row));
    for (let edge = low; edge < high; edge += rowTicks) {
      const resting = lots[edge / rowTicks];
      if (resting === 0 || listed.has(edge)) continue;
      cells.push({ row: edge, lotMs: resting * binMs, closeLots: resting });
    }
  }

  /** For every base row any of the captured ones that are about as far away. */
  #restingLots(resting: RestingShape, distance: number): number {
    const { baseRows, random } = this.#options;
    const at = firstAtOrAfter(resting, distance * baseRows) - NEIGHBOURS / 2;
    let lots = 0;
    for (let i = 0; i < baseRows; i++) {
      const neighbour = at + random.below(NEIGHBOURS);
      lots += resting[Math.min(resting.length - 1, Math.max(0, neighbour))][1];
    }
    return lots;
  }
}

function firstAtOrAfter(resting: RestingShape, distance: number): number {
  let low = 0;
  let high = resting.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (resting[middle][0] < distance) low = middle + 1;
    else high = middle;
  }
  return low;
}
