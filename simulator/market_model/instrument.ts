import { assetsOf } from "../capture_scan.ts";
import type { SymbolInfo } from "../source.ts";
import { wireText } from "../trade_log.ts";
import { hashOf } from "./random.ts";

/** What makes one simulated symbol differ from another; prices in ticks, quantities in steps. */
export interface Instrument {
  readonly info: SymbolInfo;
  /** One tick and one step in units of 1e-8. */
  readonly tickUnits: number;
  readonly stepUnits: number;
  readonly baseTicks: number;
  /** Ticks of one basis point of the price: distances are thought of in basis points. */
  readonly basisPointTicks: number;
  /** Round prices are multiples of this, of 10, 50 and 100 times this. */
  readonly roundTicks: number;
  /** Sizes are thought of in BTC of BTCUSDT; so many steps weigh as much here. */
  readonly unitSteps: number;
  /** Pace of trading against BTCUSDT. */
  readonly activity: number;
}

interface Listing {
  readonly price: number;
  /** Powers of ten of tick and step. */
  readonly tick: number;
  readonly step: number;
  /** Resting value and pace of trading against BTCUSDT. */
  readonly liquidity: number;
  readonly activity: number;
}

const BITCOIN_PRICE = 61_800;
const LISTED: Readonly<Record<string, Listing>> = {
  BTCUSDT: { price: BITCOIN_PRICE, tick: -2, step: -5, liquidity: 1, activity: 1 },
  ETHUSDT: { price: 2_680, tick: -2, step: -4, liquidity: 0.45, activity: 0.8 },
  SOLUSDT: { price: 155, tick: -2, step: -3, liquidity: 0.15, activity: 0.5 },
};

export function instrumentOf(symbol: string): Instrument {
  const listing = Object.hasOwn(LISTED, symbol) ? LISTED[symbol] : derivedListing(symbol);
  const { price, tick, step, liquidity, activity } = listing;
  const tickUnits = 10 ** (8 + tick);
  const stepUnits = 10 ** (8 + step);
  const baseTicks = Math.round(price / 10 ** tick);
  return {
    info: {
      symbol,
      ...assetsOf(symbol),
      tickSize: wireText(tickUnits),
      stepSize: wireText(stepUnits),
    },
    tickUnits,
    stepUnits,
    baseTicks,
    basisPointTicks: baseTicks / 10_000,
    roundTicks: 10 ** Math.max(0, Math.floor(Math.log10(baseTicks / 10_000))),
    unitSteps: Math.max(20, Math.round((BITCOIN_PRICE * liquidity) / price / 10 ** step)),
    activity,
  };
}

/** A price from 0.1 to 1000 in five digits, with steps worth about a cent. */
function derivedListing(symbol: string): Listing {
  const share = (hashOf(symbol) >>> 0) / 2 ** 32;
  const price = 10 ** (share * 4 - 1);
  const magnitude = Math.floor(Math.log10(price));
  const step = Math.min(0, Math.max(-5, -magnitude - 2));
  return { price, tick: magnitude - 4, step, liquidity: 0.05, activity: 0.3 };
}
