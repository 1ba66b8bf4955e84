import { addTrade, type Footprint, joinFootprints, startFootprint } from "./footprint.ts";
import { IdRanges } from "./id_ranges.ts";
import { openTimeOf } from "./interval.ts";
import type { Trade } from "./types.ts";

/** A candle and what is certain about it. */
export interface CandleState {
  readonly footprint: Footprint;
  /** Every trade of the interval is in it and no further one can come: ids prove it. */
  readonly complete: boolean;
}

/**
 * Footprint candles of one interval from trades in any order. Each trade counts once, by its id,
 * in the candle of its trade time. Trades that come late or out of order (a repaired hole, history
 * fetched back) end in exactly the candle that an undisturbed feed would have made.
 */
export class CandleSeries {
  readonly intervalMs: number;
  readonly #maxCandles: number;
  /** Per candle its parts in id order; more than one only while ids between them are missing. */
  readonly #parts = new Map<number, Footprint[]>();
  readonly #ids = new IdRanges();
  /** Open times, ascending. */
  readonly #times: number[] = [];

  constructor(intervalMs: number, maxCandles: number) {
    this.intervalMs = intervalMs;
    this.#maxCandles = maxCandles;
  }

  get firstTime(): number | null {
    return this.#times[0] ?? null;
  }

  get lastTime(): number | null {
    return this.#times.at(-1) ?? null;
  }

  /** Whether every id from `from` to `to` is held, or known to be no trade. */
  holds(from: number, to: number): boolean {
    return this.#ids.covers(from, to);
  }

  get lastId(): number | null {
    return this.#ids.ranges.at(-1)?.to ?? null;
  }

  /** Adds a trade; returns the open time of its candle, or null when its id was held already. */
  add(trade: Trade): number | null {
    if (!this.#ids.add(trade.id)) return null;
    const openTime = openTimeOf(trade.tradeTime, this.intervalMs);
    let parts = this.#parts.get(openTime);
    if (parts === undefined) {
      parts = [];
      this.#parts.set(openTime, parts);
      this.#insertTime(openTime);
    }
    const last = parts.at(-1);
    if (last !== undefined && trade.id > last.lastId && this.#allHeld(last.lastId, trade.id)) {
      addTrade(last, trade);
    } else {
      const at = parts.findIndex((part) => part.firstId > trade.id);
      parts.splice(at < 0 ? parts.length : at, 0, startFootprint(openTime, trade));
    }
    if (parts.length > 1) this.#joinParts(parts);
    return openTime;
  }

  /** Ids that are no trades; returns the open times of the candles between or beside them. */
  addVoid(fromId: number, toId: number): number[] {
    this.#ids.addRange(fromId, toId);
    return this.#times.filter((time) => {
      const parts = this.#parts.get(time) ?? [];
      const last = parts.at(-1);
      if (last === undefined || parts[0].firstId > toId + 1 || last.lastId < fromId - 1) {
        return false;
      }
      this.#joinParts(parts);
      return true;
    });
  }

  /** The candle that opens at a time, or null where nothing traded. */
  at(openTime: number): CandleState | null {
    const parts = this.#parts.get(openTime);
    if (parts === undefined) return null;
    const footprint = parts.reduce(joinFootprints);
    // Not by its parts: what was missing between them may belong to another candle.
    const complete = this.#ids.covers(footprint.firstId - 1, footprint.lastId + 1);
    return { footprint, complete };
  }

  /** Open time of the candle before a time, or null. */
  timeBefore(openTime: number): number | null {
    return this.#times.findLast((time) => time < openTime) ?? null;
  }

  /** Open time of the candle after a time, or null. */
  timeAfter(openTime: number): number | null {
    return this.#times.find((time) => time > openTime) ?? null;
  }

  /** Candles whose open time lies in [from, to), ascending. */
  between(from: number, to: number): CandleState[] {
    const found: CandleState[] = [];
    for (const time of this.#times) {
      if (time < from || time >= to) continue;
      const candle = this.at(time);
      if (candle !== null) found.push(candle);
    }
    return found;
  }

  #allHeld(afterId: number, beforeId: number): boolean {
    return this.#ids.covers(afterId + 1, beforeId - 1);
  }

  /** Parts meet as soon as every id between them is held. */
  #joinParts(parts: Footprint[]): void {
    for (let i = parts.length - 1; i > 0; i--) {
      if (this.#allHeld(parts[i - 1].lastId, parts[i].firstId)) {
        parts.splice(i - 1, 2, joinFootprints(parts[i - 1], parts[i]));
      }
    }
  }

  #insertTime(openTime: number): void {
    const at = this.#times.findLastIndex((time) => time < openTime) + 1;
    this.#times.splice(at, 0, openTime);
    if (this.#times.length > this.#maxCandles) {
      const oldest = this.#times.shift();
      if (oldest !== undefined) this.#parts.delete(oldest);
    }
  }
}
