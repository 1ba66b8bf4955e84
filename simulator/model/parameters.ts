import { assetsOf } from "../capture_scan.ts";
import type { SymbolInfo } from "../source.ts";
import { hashText } from "./random.ts";

/** What makes one simulated symbol differ from another. */
export interface MarketParameters {
  readonly info: SymbolInfo;
  /** Price around which the market lives, in ticks. */
  readonly basePriceTicks: number;
  /** Tick and step in units of 1e-8. */
  readonly tickUnits: number;
  readonly stepUnits: number;
  /** A usual small trade and a usual resting order, in steps. */
  readonly tradeSteps: number;
  readonly orderSteps: number;
  /** Ticks of one basis point: the natural measure of distances. */
  readonly basisPointTicks: number;
}

interface Known {
  readonly price: number;
  readonly tick: number;
  readonly step: number;
  /** Value of a usual small trade in quote currency. */
  readonly tradeValue: number;
}

const KNOWN: Readonly<Record<string, Known>> = {
  BTCUSDT: { price: 61_800, tick: 0.01, step: 0.00001, tradeValue: 220 },
  ETHUSDT: { price: 2_680, tick: 0.01, step: 0.0001, tradeValue: 180 },
  SOLUSDT: { price: 155, tick: 0.01, step: 0.001, tradeValue: 120 },
};

const UNIT = 1e8;
/** A usual resting order holds so many times the value of a usual trade. */
const ORDER_PER_TRADE = 22;

/** Parameters of a symbol; names that are not known get plausible ones from a hash of the name. */
export function parametersOf(symbol: string): MarketParameters {
  const { price, tick, step, tradeValue } = KNOWN[symbol] ?? derived(symbol);
  const tradeSteps = tradeValue / price / step;
  return {
    info: {
      symbol,
      ...assetsOf(symbol),
      tickSize: tick.toFixed(8),
      stepSize: step.toFixed(8),
    },
    basePriceTicks: Math.round(price / tick),
    tickUnits: Math.round(tick * UNIT),
    stepUnits: Math.round(step * UNIT),
    tradeSteps,
    orderSteps: tradeSteps * ORDER_PER_TRADE,
    basisPointTicks: price / tick / 10_000,
  };
}

/** A price from 0.1 to 1000 with four to five digits, and a step worth about a tenth of a cent. */
function derived(symbol: string): Known {
  const share = hashText(symbol) / 2 ** 32;
  const price = 10 ** (share * 4 - 1);
  const power = Math.floor(Math.log10(price));
  const tick = 10 ** Math.max(-8, power - 4);
  const step = 10 ** Math.min(0, Math.max(-5, -power - 3));
  return { price, tick, step, tradeValue: 90 };
}
