import type { GroupedCandle } from "./grouped_candle.ts";
import { BUY_IMBALANCE, SELL_IMBALANCE } from "./imbalance.ts";

export type LevelKind =
  | "stackedSell"
  | "stackedBuy"
  | "unfinishedHigh"
  | "unfinishedLow"
  | "poc";

/** Prices of one candle that matter until they trade again. All in ticks. */
export interface CandleLevel {
  readonly kind: LevelKind;
  /** What is drawn: from `low` up to `high`, which are the same for a line. */
  readonly low: number;
  readonly high: number;
  /** A later trade in [endLow, endHigh) ends it. */
  readonly endLow: number;
  readonly endHigh: number;
}

/** So many imbalances of one side in a row are stacked. */
const STACKED = 3;

/** The levels that a candle leaves behind; the candle must be closed and known whole. */
export function candleLevels(
  grouped: GroupedCandle,
  { high, low }: { readonly high: number; readonly low: number },
): CandleLevel[] {
  const { rows, sell, buy, group, poc } = grouped;
  if (rows.length === 0) return [];
  const levels: CandleLevel[] = [];
  addStacked(levels, grouped, SELL_IMBALANCE, "stackedSell");
  addStacked(levels, grouped, BUY_IMBALANCE, "stackedBuy");
  const last = rows.length - 1;
  if (sell[last] > 0 && buy[last] > 0) {
    const beyond = { endLow: high + 1, endHigh: Infinity };
    levels.push({ kind: "unfinishedHigh", low: high, high, ...beyond });
  }
  if (sell[0] > 0 && buy[0] > 0) {
    levels.push({ kind: "unfinishedLow", low, high: low, endLow: -Infinity, endHigh: low });
  }
  const middle = rows[poc] + group / 2;
  const row = { endLow: rows[poc], endHigh: rows[poc] + group };
  levels.push({ kind: "poc", low: middle, high: middle, ...row });
  return levels;
}

/** Runs of rows that follow one another by price and all have the flag. */
function addStacked(
  levels: CandleLevel[],
  { rows, group, imbalance }: GroupedCandle,
  flag: number,
  kind: LevelKind,
): void {
  let begin = -1;
  for (let i = 0; i <= rows.length; i++) {
    const has = i < rows.length && (imbalance[i] & flag) !== 0;
    const goesOn = has && begin >= 0 && rows[i] === rows[i - 1] + group;
    if (goesOn) continue;
    if (begin >= 0 && i - begin >= STACKED) {
      const low = rows[begin];
      const high = rows[i - 1] + group;
      levels.push({ kind, low, high, endLow: low, endHigh: high });
    }
    begin = has ? i : -1;
  }
}
