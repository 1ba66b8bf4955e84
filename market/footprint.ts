import { rowOf } from "./price_row.ts";
import type { Trade } from "./types.ts";

/** What traded at one price or row. sellLots is the bid column, buyLots the ask column. */
export interface FootprintLevel {
  sellLots: number;
  buyLots: number;
  /** Number of aggTrades. */
  trades: number;
}

/** A level that also tells its trades by side. */
export interface SidedLevel extends FootprintLevel {
  /** Of `trades` those whose aggressor bought. */
  buyTrades: number;
}

/** What is said of a candle without its levels. */
export interface CandleHead {
  readonly openTime: number;
  firstId: number;
  lastId: number;
  open: number;
  high: number;
  low: number;
  close: number;
  sellLots: number;
  buyLots: number;
  /** Extremes of the running delta, which starts at 0. */
  minDelta: number;
  maxDelta: number;
  trades: number;
}

/** Trades of one candle in aggTrade id order, by price in ticks. */
export interface Footprint extends CandleHead {
  readonly levels: Map<number, SidedLevel>;
}

export function startFootprint(openTime: number, trade: Trade): Footprint {
  const footprint: Footprint = {
    openTime,
    firstId: trade.id,
    lastId: trade.id,
    open: trade.priceTicks,
    high: trade.priceTicks,
    low: trade.priceTicks,
    close: trade.priceTicks,
    sellLots: 0,
    buyLots: 0,
    minDelta: 0,
    maxDelta: 0,
    trades: 0,
    levels: new Map(),
  };
  addTrade(footprint, trade);
  return footprint;
}

/** Adds the trade that follows the footprint's last one in id order. */
export function addTrade(footprint: Footprint, trade: Trade): void {
  const { priceTicks, qtyLots } = trade;
  let level = footprint.levels.get(priceTicks);
  if (level === undefined) {
    level = { sellLots: 0, buyLots: 0, trades: 0, buyTrades: 0 };
    footprint.levels.set(priceTicks, level);
  }
  if (trade.isBuyerMaker) {
    level.sellLots += qtyLots;
    footprint.sellLots += qtyLots;
  } else {
    level.buyLots += qtyLots;
    level.buyTrades++;
    footprint.buyLots += qtyLots;
  }
  level.trades++;
  footprint.trades++;
  const delta = deltaOf(footprint);
  if (delta < footprint.minDelta) footprint.minDelta = delta;
  if (delta > footprint.maxDelta) footprint.maxDelta = delta;
  if (priceTicks > footprint.high) footprint.high = priceTicks;
  if (priceTicks < footprint.low) footprint.low = priceTicks;
  footprint.close = priceTicks;
  footprint.lastId = trade.id;
}

/** Aggressive buying less aggressive selling, in lots. */
export function deltaOf(totals: { readonly buyLots: number; readonly sellLots: number }): number {
  return totals.buyLots - totals.sellLots;
}

/**
 * The exact footprint of two parts of the same candle, the second holding the later ids. Running
 * extremes join exactly too: the later part's start from the earlier part's delta.
 */
export function joinFootprints(earlier: Footprint, later: Footprint): Footprint {
  const levels = new Map<number, SidedLevel>();
  addLevels(levels, earlier.levels, 1);
  addLevels(levels, later.levels, 1);
  return { ...joinHeads(earlier, later), levels };
}

/** The same for what is said without the levels. */
export function joinHeads(earlier: CandleHead, later: CandleHead): CandleHead {
  const start = deltaOf(earlier);
  return {
    openTime: earlier.openTime,
    firstId: earlier.firstId,
    lastId: later.lastId,
    open: earlier.open,
    high: Math.max(earlier.high, later.high),
    low: Math.min(earlier.low, later.low),
    close: later.close,
    sellLots: earlier.sellLots + later.sellLots,
    buyLots: earlier.buyLots + later.buyLots,
    minDelta: Math.min(earlier.minDelta, start + later.minDelta),
    maxDelta: Math.max(earlier.maxDelta, start + later.maxDelta),
    trades: earlier.trades + later.trades,
  };
}

/** Adds levels to rows of `groupTicks`. */
export function addLevels(
  rows: Map<number, SidedLevel>,
  levels: Iterable<readonly [number, Readonly<SidedLevel>]>,
  groupTicks: number,
): void {
  for (const [ticks, level] of levels) {
    const row = rowOf(ticks, groupTicks);
    const held = rows.get(row);
    if (held === undefined) rows.set(row, { ...level });
    else {
      held.sellLots += level.sellLots;
      held.buyLots += level.buyLots;
      held.trades += level.trades;
      held.buyTrades += level.buyTrades;
    }
  }
}

/** One row of a grouped footprint; `row` is its lower edge in ticks. */
export interface FootprintRow extends FootprintLevel {
  readonly row: number;
}

/** Levels -> rows of `groupTicks`, ascending; only rows in which something traded. */
export function groupLevels(
  levels: ReadonlyMap<number, Readonly<FootprintLevel>>,
  groupTicks: number,
): FootprintRow[] {
  const rows = new Map<number, FootprintLevel>();
  for (const [ticks, { sellLots, buyLots, trades }] of levels) {
    addToLevel(rows, rowOf(ticks, groupTicks), sellLots, buyLots, trades);
  }
  return [...rows].sort(([a], [b]) => a - b).map(([row, totals]) => ({ row, ...totals }));
}

function addToLevel(
  levels: Map<number, FootprintLevel>,
  ticks: number,
  sellLots: number,
  buyLots: number,
  trades: number,
): void {
  const held = levels.get(ticks);
  if (held === undefined) {
    levels.set(ticks, { sellLots, buyLots, trades });
    return;
  }
  held.sellLots += sellLots;
  held.buyLots += buyLots;
  held.trades += trades;
}
