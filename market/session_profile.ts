import { addLevels, type FootprintRow, type SidedLevel } from "./footprint.ts";
import { type ValueArea, valueArea } from "./volume_profile.ts";

/** What traded at each price row over some time. */
export interface Profile {
  /** Ascending; only rows in which something traded. */
  readonly rows: readonly FootprintRow[];
  /** Null when nothing traded. */
  readonly area: ValueArea | null;
  readonly buyLots: number;
  readonly sellLots: number;
  readonly trades: number;
}

/** The profile of any levels or rows, grouped to `groupTicks`; what lies on one row is added up. */
export function profileOf(
  parts: Iterable<Iterable<readonly [number, Readonly<SidedLevel>]>>,
  groupTicks: number,
): Profile {
  const levels = new Map<number, SidedLevel>();
  for (const part of parts) addLevels(levels, part, groupTicks);
  const rows = rowsOf(levels);
  let [buyLots, sellLots, trades] = [0, 0, 0];
  for (const row of rows) {
    buyLots += row.buyLots;
    sellLots += row.sellLots;
    trades += row.trades;
  }
  return { rows, area: valueArea(rows, groupTicks), buyLots, sellLots, trades };
}

/** Rows by their lower edge -> a list, ascending. */
export function rowsOf(levels: ReadonlyMap<number, Readonly<SidedLevel>>): FootprintRow[] {
  return [...levels].sort(([a], [b]) => a - b)
    .map(([row, { sellLots, buyLots, trades }]) => ({ row, sellLots, buyLots, trades }));
}
