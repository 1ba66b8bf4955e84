import type { Instrument } from "../../market/instrument.ts";
import { type Scale, unitText } from "../../market/scale.ts";
import type { Trade } from "../../market/types.ts";

/** What gives the integers of a file their meaning for ever. */
export type TradeSeries = Pick<Instrument, "symbol" | "market" | "priceScale" | "qtyScale">;

export function seriesOf({ symbol, market, priceScale, qtyScale }: TradeSeries): TradeSeries {
  return { symbol, market, priceScale, qtyScale };
}

export function sameScale(a: Scale, b: Scale): boolean {
  return a.decimals === b.decimals && a.step === b.step;
}

export function sameScales(a: TradeSeries, b: TradeSeries): boolean {
  return sameScale(a.priceScale, b.priceScale) && sameScale(a.qtyScale, b.qtyScale);
}

/** "spot BTCUSDT in ticks of 0.01 and lots of 0.00001". */
export function seriesText({ symbol, market, priceScale, qtyScale }: TradeSeries): string {
  const units = `ticks of ${unitText(priceScale)} and lots of ${unitText(qtyScale)}`;
  return `${market} ${symbol} in ${units}`;
}

/**
 * Turns trades of one series into units of another: the exchange may change a tick size.
 *
 * @throws RangeError where the other unit cannot hold a value exactly.
 */
export function rescaler(from: TradeSeries, to: TradeSeries): (trade: Trade) => Trade {
  if (sameScales(from, to)) return (trade) => trade;
  return (trade) => ({
    ...trade,
    priceTicks: rescale(trade.priceTicks, from.priceScale, to.priceScale, trade.id),
    qtyLots: rescale(trade.qtyLots, from.qtyScale, to.qtyScale, trade.id),
  });
}

function rescale(units: number, from: Scale, to: Scale, id: number): number {
  if (sameScale(from, to)) return units;
  const shared = Math.max(from.decimals, to.decimals);
  const value = BigInt(units) * BigInt(from.step) * 10n ** BigInt(shared - from.decimals);
  const unit = BigInt(to.step) * 10n ** BigInt(shared - to.decimals);
  const result = Number(value / unit);
  if (value % unit !== 0n || !Number.isSafeInteger(result)) {
    throw new RangeError(
      `Trade ${id}: ${units} units of ${unitText(from)} are no whole number of ${unitText(to)}`,
    );
  }
  return result;
}

/**
 * What came out of a file's header or metadata as a series.
 *
 * @throws Error naming the field that is wrong.
 */
export function checkSeries(value: unknown): TradeSeries {
  const { symbol, market, priceScale, qtyScale } = (value ?? {}) as Record<string, unknown>;
  if (typeof symbol !== "string" || symbol === "") {
    throw new Error(`the symbol must be a text, it is ${JSON.stringify(symbol)}`);
  }
  if (market !== "spot" && market !== "usdm") {
    throw new Error(`the market must be "spot" or "usdm", it is ${JSON.stringify(market)}`);
  }
  return {
    symbol,
    market,
    priceScale: checkScale("price", priceScale),
    qtyScale: checkScale("quantity", qtyScale),
  };
}

function checkScale(name: string, value: unknown): Scale {
  const { decimals, step } = (value ?? {}) as Record<string, unknown>;
  if (
    typeof decimals !== "number" || !Number.isInteger(decimals) || decimals < 0 || decimals > 15 ||
    typeof step !== "number" || !Number.isSafeInteger(step) || step < 1
  ) {
    throw new Error(
      `the ${name} scale must have decimals and a step, it is ${JSON.stringify(value)}`,
    );
  }
  return { decimals, step };
}
