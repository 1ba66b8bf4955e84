/** Words shared by every part. Prices are integer ticks, quantities integer lots, times UTC ms. */

export type MarketKind = "spot" | "usdm";

export type Side = "bid" | "ask";

/** One aggregated trade of the exchange. */
export interface Trade {
  readonly id: number;
  readonly priceTicks: number;
  readonly qtyLots: number;
  readonly firstTradeId: number;
  readonly lastTradeId: number;
  /** Trade time T: decides the candle. */
  readonly tradeTime: number;
  /** The buyer was resting, so the aggressor sold. */
  readonly isBuyerMaker: boolean;
}

/** Price levels as a flat list: priceTicks, qtyLots, priceTicks, qtyLots, ... */
export type FlatLevels = readonly number[];

/** Every level of the book as the exchange's REST interface gave it, best prices first. */
export interface DepthSnapshot {
  readonly lastUpdateId: number;
  readonly bids: FlatLevels;
  readonly asks: FlatLevels;
}

/** Absolute quantities of the levels that changed; 0 removes a level. */
export interface DepthDiff {
  readonly firstUpdateId: number;
  readonly lastUpdateId: number;
  /** Last update id of the diff before, where the exchange tells it (USD-M). */
  readonly previousUpdateId?: number;
  readonly eventTime: number;
  readonly bids: FlatLevels;
  readonly asks: FlatLevels;
}
