import type { GroupedCandle } from "../../market/higher_candle.ts";
import { INTERVALS, MINUTE_MS } from "../../market/interval.ts";
import type { RollupStore } from "./rollup_store.ts";
import type { RollupSymbol } from "./rollup_symbols.ts";

/** Minutes of [from, to) in the symbol's rows, from the archive's trades, ascending. */
export type ArchivedMinutes = (from: number, to: number) => Promise<readonly GroupedCandle[]>;

const DAY_MS = INTERVALS["1d"];

/**
 * Writes minutes that the archive has and the rollup has not: after a stop, the minute that was
 * open then and those whose trades were recorded since.
 *
 * @param from the time from which the rollup is doubtful
 * @param until the first minute that the live recorder tells
 * @returns the number of minutes that were read
 */
export async function fillRollup(
  store: RollupStore,
  symbol: RollupSymbol,
  minutes: ArchivedMinutes,
  from: number,
  until: number,
): Promise<number> {
  let count = 0;
  for (let start = from; start < until; start += DAY_MS) {
    const end = Math.min(start + DAY_MS, until);
    const found = await minutes(start, end);
    count += found.length;
    const newest = await store.newestMinute(symbol) ?? -Infinity;
    // Of the last minute of all nobody knows whether it is over.
    const last = found.at(-1)?.head.openTime ?? -Infinity;
    const closedBefore = Math.max(Math.min(end, last), newest + MINUTE_MS);
    await store.write(symbol, found, closedBefore);
  }
  return count;
}
