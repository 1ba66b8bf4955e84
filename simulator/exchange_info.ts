import type { MarketRules } from "./market_rules.ts";
import type { Query } from "./query.ts";
import { badParameter, invalidSymbol } from "./rest_error.ts";
import type { MarketSource, SymbolInfo } from "./source.ts";

/** Symbols and limits of a market, as far as a recorder needs them. */
export function exchangeInfo(source: MarketSource, rules: MarketRules, query: Query) {
  const symbols = rules.exchangeInfo.filters ? askedSymbols(source, query) : source.symbols;
  return {
    timezone: "UTC",
    serverTime: source.now(),
    rateLimits: [{
      rateLimitType: "REQUEST_WEIGHT",
      interval: "MINUTE",
      intervalNum: 1,
      limit: rules.weightLimit,
    }],
    exchangeFilters: [],
    symbols: symbols.map(symbolInfo),
  };
}

/** The symbol that a request must name. */
export function symbolOf(source: MarketSource, query: Query): SymbolInfo {
  return named(source, query.required("symbol"));
}

function askedSymbols(source: MarketSource, query: Query): readonly SymbolInfo[] {
  const list = query.text("symbols");
  if (query.text("symbol") !== null) return [symbolOf(source, query)];
  if (list === null) return source.symbols;
  let names: unknown;
  try {
    names = JSON.parse(list);
  } catch {
    throw badParameter("symbols");
  }
  if (!Array.isArray(names)) throw badParameter("symbols");
  return names.map((name) => named(source, name));
}

function named(source: MarketSource, name: string): SymbolInfo {
  const info = source.symbols.find(({ symbol }) => symbol === name);
  if (info === undefined) throw invalidSymbol();
  return info;
}

function symbolInfo(info: SymbolInfo) {
  return {
    symbol: info.symbol,
    status: "TRADING",
    baseAsset: info.baseAsset,
    baseAssetPrecision: 8,
    quoteAsset: info.quoteAsset,
    quotePrecision: 8,
    isSpotTradingAllowed: true,
    filters: [
      {
        filterType: "PRICE_FILTER",
        minPrice: info.tickSize,
        maxPrice: "1000000.00000000",
        tickSize: info.tickSize,
      },
      {
        filterType: "LOT_SIZE",
        minQty: info.stepSize,
        maxQty: "9000.00000000",
        stepSize: info.stepSize,
      },
    ],
  };
}
