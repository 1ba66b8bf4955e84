import { parseScale, toUnits, unitsText } from "../market/scale.ts";

/** Binance prints eight decimals; in these units every price and quantity is an exact integer. */
const WIRE = parseScale("0.00000001");
const FIRST_CAPACITY = 4096;
/** Columns of one trade: id, price, quantity, first and last trade id, time, buyer is maker. */
const COLUMNS = 7;

/** One aggTrade in the letters of Binance's REST interface. */
export interface RestAggTrade {
  readonly a: number;
  readonly p: string;
  readonly q: string;
  readonly f: number;
  readonly l: number;
  readonly T: number;
  readonly m: boolean;
  readonly M: boolean;
}

/** Wire text -> units of 1e-8. */
export function wireUnits(text: string): number {
  return toUnits(WIRE, text);
}

/** Units of 1e-8 -> text with eight decimals, as Binance writes it. */
export function wireText(units: number): string {
  return unitsText(WIRE, units, 8);
}

/** aggTrades of one symbol, ids and times ascending, compact and bounded. */
export class TradeLog {
  readonly #maxTrades: number;
  #rows = new Float64Array(FIRST_CAPACITY * COLUMNS);
  #length = 0;

  constructor(maxTrades: number) {
    this.#maxTrades = maxTrades;
  }

  get length(): number {
    return this.#length;
  }

  /** Prices and quantities in units of 1e-8. */
  add(
    id: number,
    price: number,
    quantity: number,
    firstId: number,
    lastId: number,
    time: number,
    isBuyerMaker: boolean,
  ): void {
    if (this.#length === this.#maxTrades) this.#dropOldest();
    if (this.#length * COLUMNS === this.#rows.length) {
      const rows = new Float64Array(this.#rows.length * 2);
      rows.set(this.#rows);
      this.#rows = rows;
    }
    const at = this.#length++ * COLUMNS;
    this.#rows[at] = id;
    this.#rows[at + 1] = price;
    this.#rows[at + 2] = quantity;
    this.#rows[at + 3] = firstId;
    this.#rows[at + 4] = lastId;
    this.#rows[at + 5] = time;
    this.#rows[at + 6] = isBuyerMaker ? 1 : 0;
  }

  at(index: number): RestAggTrade {
    const row = this.#rows.subarray(index * COLUMNS, (index + 1) * COLUMNS);
    return {
      a: row[0],
      p: wireText(row[1]),
      q: wireText(row[2]),
      f: row[3],
      l: row[4],
      T: row[5],
      m: row[6] === 1,
      M: true,
    };
  }

  /** Index of the first trade with at least this id. */
  indexOfId(id: number): number {
    return this.#firstAtLeast(0, id);
  }

  /** Index of the first trade at or after a time. */
  indexOfTime(time: number): number {
    return this.#firstAtLeast(5, time);
  }

  slice(from: number, to: number): RestAggTrade[] {
    const trades: RestAggTrade[] = [];
    for (let i = Math.max(0, from); i < Math.min(to, this.#length); i++) trades.push(this.at(i));
    return trades;
  }

  #firstAtLeast(column: number, value: number): number {
    let low = 0;
    let high = this.#length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#rows[middle * COLUMNS + column] < value) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #dropOldest(): void {
    const dropped = Math.ceil(this.#maxTrades / 8);
    this.#rows.copyWithin(0, dropped * COLUMNS, this.#length * COLUMNS);
    this.#length -= dropped;
  }
}
