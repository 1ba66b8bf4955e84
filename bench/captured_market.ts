import type { Trade } from "../market/types.ts";
import type { LiquidityBin, LiquidityCell } from "../market/liquidity.ts";
import { LiquidityMerger } from "../market/liquidity_merge.ts";
import { MINUTES, SECONDS } from "../processor/store/liquidity_schema.ts";
import { LIVE_BIN_MS } from "../processor/symbol_state.ts";
import { processInto } from "./pipeline.ts";
import { collectEvents, collectorLines } from "./replayed_market.ts";

/** Rows that changed in a bin. */
export interface ChangedRows {
  /** Lower edges in ticks. */
  readonly rows: Int32Array;
  readonly lotMs: Float64Array;
  readonly closeLots: Float64Array;
}

export type BinShape = { readonly bids: ChangedRows; readonly asks: ChangedRows };

/** What happened in one second of the captures. */
export interface CapturedSecond {
  /** Four bins of the live path. */
  readonly bins: readonly BinShape[];
  readonly trades: readonly Trade[];
  /** The mid price before and after. */
  readonly midTicks: number;
  readonly endTicks: number;
}

export interface CapturedMinute {
  readonly bin: BinShape;
  readonly midTicks: number;
}

/** What rests in a row, by its distance from the mid price in rows. */
export type RestingShape = readonly (readonly [distance: number, lots: number])[];

/** The captures in pieces, out of which other times are put together. */
export interface CapturedMarket {
  readonly baseTicks: number;
  /** At the end. */
  readonly midTicks: number;
  /** One after the other. */
  readonly seconds: readonly CapturedSecond[];
  /** In rows of the minute level. */
  readonly minutes: readonly CapturedMinute[];
  readonly resting: { readonly bids: RestingShape; readonly asks: RestingShape };
}

const SIDES = ["bids", "asks"] as const;

/** Sends the captures through the collector's and the processor's parts, and cuts up the result. */
export function captureMarket(captureLines: readonly string[]): CapturedMarket {
  const { state, take } = processInto();
  const mids = new Map<number, number>();
  const trades = new Map<number, Trade[]>();
  collectEvents(collectorLines(captureLines), (event) => {
    take(event);
    if (event.type === "trade") addFill(trades, event.trade);
    const { bestTicks: bid } = state.book.bids;
    const { bestTicks: ask } = state.book.asks;
    if (event.type === "depthDiff" && bid !== null && ask !== null) {
      mids.set(Math.floor(event.diff.eventTime / 1000), (bid + ask) / 2);
    }
  });
  const { baseTicks } = state;
  if (baseTicks === null) throw new Error("The captures hold no order book");
  const bins = state.liquidity.binsFrom(0, Infinity);
  const shapes = Map.groupBy(changedOnly(bins), ({ time }) => Math.floor(time / 1000));
  const seconds: CapturedSecond[] = [];
  for (const [second, own] of shapes) {
    const [midTicks, endTicks] = [mids.get(second - 1), mids.get(second)];
    const isWhole = own.length === SECONDS.binMs / LIVE_BIN_MS;
    if (!isWhole || midTicks === undefined || endTicks === undefined) continue;
    seconds.push({
      bins: own.map(shapeOf),
      trades: trades.get(second) ?? [],
      midTicks,
      endTicks,
    });
  }
  const midTicks = [...mids.values()].at(-1) ?? 0;
  const restingOf = (side: "bids" | "asks"): RestingShape => {
    const flat = state.book[side].rows(baseTicks);
    const found: [number, number][] = [];
    for (let i = 0; i < flat.length; i += 2) {
      found.push([Math.abs(Math.floor((flat[i] - midTicks) / baseTicks)), flat[i + 1]]);
    }
    return found.sort(([a], [b]) => a - b);
  };
  return {
    baseTicks,
    midTicks,
    seconds,
    minutes: minutesOf(bins, mids, baseTicks),
    resting: { bids: restingOf("bids"), asks: restingOf("asks") },
  };
}

/** The captures hold single fills: those of one order at one price are one aggTrade. */
function addFill(trades: Map<number, Trade[]>, fill: Trade): void {
  const second = Math.floor(fill.tradeTime / 1000);
  const own = trades.get(second) ?? [];
  trades.set(second, own);
  const last = own.at(-1);
  const isSame = last?.tradeTime === fill.tradeTime && last.priceTicks === fill.priceTicks &&
    last.isBuyerMaker === fill.isBuyerMaker;
  if (isSame) own[own.length - 1] = { ...last, qtyLots: last.qtyLots + fill.qtyLots };
  else own.push(fill);
}

/** Bins without the rows that a keyframe lists although they did not change. */
function changedOnly(bins: readonly LiquidityBin[]): LiquidityBin[] {
  const lots = { bids: new Map<number, number>(), asks: new Map<number, number>() };
  const changed = (side: "bids" | "asks", cells: readonly LiquidityCell[]) =>
    cells.filter(({ row, lotMs, closeLots }) => {
      const before = lots[side].get(row) ?? 0;
      lots[side].set(row, closeLots);
      return closeLots !== before || lotMs !== before * LIVE_BIN_MS;
    });
  const known = bins.filter((bin) => bin.known !== null);
  // The first one tells what rests, not what changed.
  return known.map((bin) => ({
    ...bin,
    bids: changed("bids", bin.bids),
    asks: changed("asks", bin.asks),
  })).slice(1);
}

function minutesOf(
  bins: readonly LiquidityBin[],
  mids: ReadonlyMap<number, number>,
  baseTicks: number,
): CapturedMinute[] {
  const rowTicks = baseTicks * MINUTES.baseRows;
  const minutes: LiquidityBin[] = [];
  const merger = new LiquidityMerger(
    { fromMs: LIVE_BIN_MS, toMs: MINUTES.binMs, rowTicks, keyframeMs: Infinity },
    (bin) => minutes.push(bin),
  );
  // Prices beyond those that the short snapshot of the captures covered change as well.
  const known = [0, Number.MAX_SAFE_INTEGER] as const;
  for (const bin of bins) merger.add(bin.known === null ? bin : { ...bin, known });
  return minutes.filter(({ keyframe }) => !keyframe).flatMap((bin) => {
    const midTicks = mids.get(bin.time / SECONDS.binMs - 1);
    return midTicks === undefined ? [] : [{ bin: shapeOf(bin), midTicks }];
  });
}

function shapeOf(bin: LiquidityBin): BinShape {
  const [bids, asks] = SIDES.map((side): ChangedRows => ({
    rows: Int32Array.from(bin[side], ({ row }) => row),
    lotMs: Float64Array.from(bin[side], ({ lotMs }) => lotMs),
    closeLots: Float64Array.from(bin[side], ({ closeLots }) => closeLots),
  }));
  return { bids, asks };
}
