import type { MarketKind } from "../market/types.ts";

/** What Binance's documentation and answers say of one of its markets. */
export interface MarketRules {
  /** Path before the name of a REST request. */
  readonly restPrefix: string;
  /** Request weight a minute and address. */
  readonly weightLimit: number;
  /** Messages a second that a websocket client may send. */
  readonly clientMessages: number;
  /** A limit above the largest is refused; else it means the largest. */
  readonly refusesLargeLimits: boolean;
  readonly depth: {
    readonly defaultLimit: number;
    readonly maxLimit: number;
    /** The only limits allowed; null = any. */
    readonly limits: readonly number[] | null;
    weight(limit: number): number;
    /** The answer bears event and transaction time. */
    readonly hasTimes: boolean;
  };
  readonly aggTrades: {
    readonly weight: number;
    /** Trades told, and time that a request with start and end may span. */
    readonly maxAgeMs: number;
    readonly maxSpanMs: number;
    /** Records bear M, "best match". */
    readonly hasBestMatch: boolean;
  };
  readonly klines: {
    readonly maxLimit: number;
    readonly hasSeconds: boolean;
    weight(limit: number): number;
  };
  readonly exchangeInfo: {
    readonly weight: number;
    /** It can be asked for some symbols; else all of them come, whatever was asked. */
    readonly filters: boolean;
  };
}

const HOUR_MS = 3_600_000;

export const MARKET_RULES = {
  spot: {
    restPrefix: "/api/v3",
    weightLimit: 6000,
    clientMessages: 5,
    refusesLargeLimits: false,
    depth: {
      defaultLimit: 100,
      maxLimit: 5000,
      limits: null,
      weight: (limit) => limit <= 100 ? 5 : limit <= 500 ? 25 : limit <= 1000 ? 50 : 250,
      hasTimes: false,
    },
    aggTrades: {
      weight: 4,
      maxAgeMs: Infinity,
      maxSpanMs: Infinity,
      hasBestMatch: true,
    },
    klines: { maxLimit: 1000, hasSeconds: true, weight: () => 2 },
    exchangeInfo: { weight: 20, filters: true },
  },
  usdm: {
    restPrefix: "/fapi/v1",
    weightLimit: 2400,
    clientMessages: 10,
    refusesLargeLimits: true,
    depth: {
      defaultLimit: 500,
      maxLimit: 1000,
      limits: [5, 10, 20, 50, 100, 500, 1000],
      weight: (limit) => limit <= 50 ? 2 : limit <= 100 ? 5 : limit <= 500 ? 10 : 20,
      hasTimes: true,
    },
    aggTrades: {
      weight: 20,
      maxAgeMs: 24 * HOUR_MS,
      maxSpanMs: HOUR_MS,
      hasBestMatch: false,
    },
    klines: {
      maxLimit: 1500,
      hasSeconds: false,
      weight: (limit) => limit < 100 ? 1 : limit < 500 ? 2 : limit <= 1000 ? 5 : 10,
    },
    exchangeInfo: { weight: 1, filters: false },
  },
} satisfies Record<MarketKind, MarketRules>;
