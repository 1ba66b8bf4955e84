/** What stands behind the simulated exchange: a simulated market or a capture played back. */

/** Price and quantity texts as the exchange writes them. */
export type TextLevels = readonly (readonly [price: string, quantity: string])[];

export interface SymbolInfo {
  readonly symbol: string;
  readonly baseAsset: string;
  readonly quoteAsset: string;
  /** Decimal texts with eight decimals. */
  readonly tickSize: string;
  readonly stepSize: string;
}

export interface RestDepth {
  readonly lastUpdateId: number;
  readonly bids: TextLevels;
  readonly asks: TextLevels;
  /** Event and transaction time, where the source knows them; USD-M answers bear them. */
  readonly E?: number;
  readonly T?: number;
}

/** Hands an event to every client of its stream; waits while clients cannot keep up. */
export type Publish = (stream: string, data: string) => void | Promise<void>;

export interface MarketSource {
  readonly symbols: readonly SymbolInfo[];
  /** Exchange time, UTC ms. */
  now(): number;
  /** Best `limit` levels a side; may have to wait until the source knows its book. */
  depth(symbol: string, limit: number, signal: AbortSignal): Promise<RestDepth>;
  /** Trades so far. */
  trades(symbol: string): TradeLog;
  /** Publishes events until the source or the signal ends; called once somebody listens. */
  run(publish: Publish, signal: AbortSignal): Promise<void>;
}

import type { TradeLog } from "./trade_log.ts";
