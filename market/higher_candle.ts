import type { CandleSeries, CandleState } from "./candle_series.ts";
import {
  addLevels,
  type CandleHead,
  type Footprint,
  joinHeads,
  type SidedLevel,
} from "./footprint.ts";
import { openTimeOf } from "./interval.ts";

/** What is certain about a candle, or about a part of one. */
export interface Certainty {
  /** Every trade is in it and no further one can come: ids prove it. */
  readonly complete: boolean;
  /** Ids inside it, or right before or after it, never came: it may lack their trades. */
  readonly hasGap: boolean;
  /** False where `minDelta` and `maxDelta` can only be had from the trades themselves. */
  readonly exact: boolean;
}

/** A candle without its levels, and what is certain about it. */
export interface HeadPart extends Certainty {
  readonly head: Readonly<CandleHead>;
}

/** Rows by their lower edge in ticks. */
export type Rows = Map<number, SidedLevel>;

/** A candle of any length in rows of one size. */
export interface GroupedCandle extends HeadPart {
  readonly rows: Rows;
}

/** Ids of the trades right before and right after some time; infinite where nobody tells any. */
export interface IdsBeside {
  readonly before: number;
  readonly after: number;
}

/** Whether every id from one to another is held, or null when nobody knows. */
export type HeldIds = (from: number, to: number) => boolean | null;

const UNKNOWN: HeldIds = () => null;

/**
 * Joins the parts of one candle, as its minutes are, in the order of their ids.
 *
 * A trade with a later id may have an earlier trade time. Then the ids of two parts overlap, and
 * the running delta in id order cannot be told from theirs: all but its extremes is right, and the
 * candle is marked as not exact.
 *
 * @param openTime of the whole candle
 * @param parts at least one, in any order
 * @param held knows the ids between the parts; without it the parts' own certainty must do
 */
export function joinParts(
  openTime: number,
  parts: readonly HeadPart[],
  held: HeldIds = UNKNOWN,
): HeadPart {
  const [first, ...others] = parts.toSorted((a, b) => a.head.firstId - b.head.firstId);
  let { complete, hasGap, exact } = first;
  let head: CandleHead = { ...first.head, openTime };
  let last = first;
  for (const part of others) {
    const between = idsBetween(last, part, held);
    complete &&= part.complete && between === true;
    hasGap ||= part.hasGap || between === false;
    exact &&= part.exact && part.head.firstId > head.lastId && between !== null;
    const isLater = part.head.lastId > head.lastId;
    const { close, lastId } = isLater ? part.head : head;
    head = { ...joinHeads(head, part.head), close, lastId };
    if (isLater) last = part;
  }
  return { head, complete, hasGap, exact };
}

/** Whether all ids between two parts are held. */
function idsBetween(last: HeadPart, next: HeadPart, held: HeldIds): boolean | null {
  const from = last.head.lastId + 1;
  const to = next.head.firstId - 1;
  if (to < from) return true;
  const known = held(from, to);
  if (known !== null) return known;
  if (!last.complete || !next.complete) return false;
  // The ids right after and right before complete parts are held; they are of another candle.
  return to - from < 2 ? true : null;
}

/**
 * Joins grouped candles of one size of rows that belong to the same candle.
 *
 * @param parts at least one, their rows `groupTicks` high or smaller
 */
export function joinCandles(
  openTime: number,
  parts: readonly (HeadPart & { readonly rows: Iterable<readonly [number, SidedLevel]> })[],
  groupTicks: number,
  held: HeldIds = UNKNOWN,
): GroupedCandle {
  const rows: Rows = new Map();
  for (const part of parts) addLevels(rows, part.rows, groupTicks);
  return { ...joinParts(openTime, parts, held), rows };
}

/**
 * Takes back what ids alone do not prove: that a candle has all its trades when those beside it are
 * held, though by none of its neighbours. They may be of minutes of its own that nobody has told.
 *
 * @param candles ascending
 * @param held knows ids that are no trades
 */
export function doubtUnjoined<T extends HeadPart>(
  candles: readonly T[],
  { before, after }: IdsBeside,
  held: HeldIds = UNKNOWN,
): T[] {
  const meet = (last: number, next: number) =>
    next <= last + 1 || held(last + 1, next - 1) === true;
  return candles.map((candle, i) => {
    const { complete, hasGap, head } = candle;
    const follows = meet(candles[i - 1]?.head.lastId ?? before, head.firstId);
    // Of one that is open nobody says that it has everything.
    const leadsOn = !complete || meet(head.lastId, candles[i + 1]?.head.firstId ?? after);
    if (hasGap || (follows && leadsOn)) return candle;
    return { ...candle, complete: false, hasGap: true, exact: false };
  });
}

/** The candles of `intervalMs` which minutes of a series, that opened in [from, to), make up. */
export function higherCandles(
  series: CandleSeries,
  intervalMs: number,
  from: number,
  to: number,
  groupTicks: number,
): GroupedCandle[] {
  const held = (fromId: number, toId: number) => series.holds(fromId, toId);
  const parts = new Map<number, ReturnType<typeof partOf>[]>();
  for (const minute of series.between(from, to)) {
    const openTime = openTimeOf(minute.footprint.openTime, intervalMs);
    const part = partOf(series, minute);
    const others = parts.get(openTime);
    if (others === undefined) parts.set(openTime, [part]);
    else others.push(part);
  }
  return [...parts].map(([time, minutes]) => joinCandles(time, minutes, groupTicks, held));
}

/** A candle of a series as a part of a higher one. */
export function partOf(
  series: CandleSeries,
  { footprint, complete }: CandleState,
): HeadPart & { readonly rows: Footprint["levels"] } {
  const { levels, ...head } = footprint;
  const { firstId, lastId } = head;
  // After the newest id nothing is missing yet.
  const isNewest = lastId === series.lastId;
  const hasGap = !series.holds(firstId - 1, isNewest ? lastId : lastId + 1);
  return { head, rows: levels, complete, hasGap, exact: true };
}
