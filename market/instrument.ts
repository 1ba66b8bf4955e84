import { parseScale, type Scale, toUnits } from "./scale.ts";
import type { MarketKind } from "./types.ts";

/** What is known of one traded symbol: its scales turn decimals into ticks and lots and back. */
export interface Instrument {
  readonly symbol: string;
  readonly market: MarketKind;
  /** Unit of `priceTicks`: the exchange's tick size. */
  readonly priceScale: Scale;
  /** Unit of `qtyLots`: at most the exchange's step size, often finer (see `lotScale`). */
  readonly qtyScale: Scale;
  /** The exchange's own step size; new orders are multiples of it, old ones need not be. */
  readonly stepSize: number;
  readonly baseAsset: string;
  readonly quoteAsset: string;
}

/** Decimals that Binance prints; nothing on the wire is finer. */
const WIRE_DECIMALS = 8;
/** So many orders of the largest allowed size must fit into one exact sum. */
const LARGEST_ORDERS_IN_A_SUM = 10_000;

/**
 * The unit for quantities: the finest power of ten in which sums stay exact integers.
 *
 * The step size alone is not enough: orders placed before the exchange made it coarser still rest
 * in the book (real BTCUSDT captures hold 25.426189 at 200000 with a step of 0.00001).
 *
 * @param stepSize decimal text of LOT_SIZE.stepSize
 * @param maxQty decimal text of LOT_SIZE.maxQty
 */
export function lotScale(stepSize: string, maxQty: string): Scale {
  const step = parseScale(stepSize);
  const largestSum = Number(maxQty) * LARGEST_ORDERS_IN_A_SUM;
  if (!(largestSum > 0)) {
    throw new RangeError(`maxQty must be a positive decimal number, received "${maxQty}"`);
  }
  for (let decimals = WIRE_DECIMALS; decimals > step.decimals; decimals--) {
    if (largestSum * 10 ** decimals <= Number.MAX_SAFE_INTEGER) return { decimals, step: 1 };
  }
  return step;
}

/** Base row sizes aim at this share of the price: 0.2 basis points. */
const BASE_ROW_SHARE = 0.2e-4;

/**
 * The row size, in ticks, at which liquidity is kept: about 0.2 basis points of the price, rounded
 * to 1, 2 or 5 times a power of ten ticks (1 USD for BTC at 60,000).
 */
export function baseGroupTicks(priceTicks: number): number {
  const target = priceTicks * BASE_ROW_SHARE;
  if (target <= 1) return 1;
  const power = 10 ** Math.floor(Math.log10(target));
  const candidates = [1, 2, 5, 10].map((factor) => factor * power);
  return candidates.reduce((best, size) =>
    Math.abs(Math.log(size / target)) < Math.abs(Math.log(best / target)) ? size : best
  );
}

/**
 * A row size in price units -> ticks.
 *
 * @throws RangeError if it is not a positive multiple of the tick.
 */
export function groupTicks(instrument: Instrument, group: string): number {
  const ticks = toUnits(instrument.priceScale, group);
  if (ticks < 1) throw new RangeError(`A row size must be positive, received "${group}"`);
  return ticks;
}
