import { groupLevels } from "../market/footprint.ts";
import type { Scale } from "../market/scale.ts";
import { valueArea } from "../market/volume_profile.ts";
import { IMBALANCE_MIN_SHARE, imbalances } from "./imbalance.ts";
import type { ChartCandle } from "./model.ts";
import { commonRowSize } from "./row_size.ts";

/** A candle's rows at one row size, with everything that drawing needs worked out once. */
export interface GroupedCandle {
  readonly revision: number;
  readonly group: number;
  /** Lower edges in ticks, ascending. */
  readonly rows: Float64Array;
  readonly sell: Float64Array;
  readonly buy: Float64Array;
  /** Number of aggTrades. */
  readonly trades: Float64Array;
  readonly qtyScale: Scale;
  /** SELL_IMBALANCE and BUY_IMBALANCE bits. */
  readonly imbalance: Uint8Array;
  /** Index of the POC row, -1 without rows. */
  readonly poc: number;
  /** Lower edges of the value area's highest and lowest row, NaN without rows. */
  readonly vah: number;
  readonly val: number;
  /** Largest quantity on one side of a row. */
  readonly maxSide: number;
  readonly maxVolume: number;
  /** Largest delta of a row, whatever its sign. */
  readonly maxDelta: number;
  readonly maxTrades: number;
}

/**
 * Row size at which a candle can be shown exactly when `groupTicks` is wanted. Never a finer one:
 * numbers would not fit into the rows.
 */
export function effectiveGroup(candle: ChartCandle, groupTicks: number): number {
  if (candle.group >= groupTicks) return candle.group;
  return commonRowSize(candle.group, groupTicks);
}

const cache = new WeakMap<object, GroupedCandle>();

/** The candle's rows of `groupTicks`, or of the next size that its own rows merge into exactly. */
export function groupedCandle(
  candle: ChartCandle,
  groupTicks: number,
  qtyScale: Scale,
): GroupedCandle {
  const group = effectiveGroup(candle, groupTicks);
  const held = cache.get(candle.levels);
  if (held !== undefined && held.group === group && held.revision === candle.revision) return held;
  const grouped = groupCandle(candle, group, qtyScale);
  cache.set(candle.levels, grouped);
  return grouped;
}

function groupCandle(candle: ChartCandle, group: number, qtyScale: Scale): GroupedCandle {
  const levels = groupLevels(candle.levels, group);
  const rows = Float64Array.from(levels, (level) => level.row);
  const sell = Float64Array.from(levels, (level) => level.sellLots);
  const buy = Float64Array.from(levels, (level) => level.buyLots);
  const trades = Float64Array.from(levels, (level) => level.trades);
  const minLots = (candle.sellLots + candle.buyLots) * IMBALANCE_MIN_SHARE;
  const area = valueArea(levels, group);
  let maxSide = 0;
  let maxVolume = 0;
  let maxDelta = 0;
  let maxTrades = 0;
  for (let i = 0; i < rows.length; i++) {
    maxSide = Math.max(maxSide, sell[i], buy[i]);
    maxVolume = Math.max(maxVolume, sell[i] + buy[i]);
    maxDelta = Math.max(maxDelta, Math.abs(buy[i] - sell[i]));
    maxTrades = Math.max(maxTrades, trades[i]);
  }
  return {
    revision: candle.revision,
    group,
    rows,
    sell,
    buy,
    trades,
    qtyScale,
    imbalance: imbalances(rows, sell, buy, group, minLots),
    poc: area === null ? -1 : rows.indexOf(area.poc),
    vah: area?.vah ?? NaN,
    val: area?.val ?? NaN,
    maxSide,
    maxVolume,
    maxDelta,
    maxTrades,
  };
}
