import type { MarketKind } from "../market/types.ts";

/** Where the trades of a market lie inside the data folder; markets share names of symbols. */
export const TRADES_FOLDERS = {
  spot: "trades",
  usdm: "trades_usdm",
} as const satisfies Record<MarketKind, string>;
