import { klinesOf } from "./klines.ts";
import { badParameter, invalidSymbol, RestError } from "./rest_error.ts";
import type { MarketSource, SymbolInfo } from "./source.ts";
import type { WeightLimit } from "./weight_limit.ts";

const MAX_DEPTH = 5000;
const MAX_RECORDS = 1000;

/** Answers Binance's public REST interface from a source. */
export function restApi(source: MarketSource, weights: WeightLimit, stop: AbortSignal) {
  const answers: Record<string, (query: Query) => unknown> = {
    "/api/v3/ping": () => spend(1, {}),
    "/api/v3/time": () => spend(1, { serverTime: source.now() }),
    "/api/v3/exchangeInfo": (query) => spend(20, exchangeInfo(source, query)),
    "/api/v3/depth": (query) => depth(query),
    "/api/v3/aggTrades": (query) => {
      weights.spend(4);
      return aggTrades(source, query);
    },
    "/api/v3/klines": (query) => {
      weights.spend(2);
      return klines(source, query);
    },
  };

  function spend<T>(weight: number, answer: T): T {
    weights.spend(weight);
    return answer;
  }

  function depth(query: Query): unknown {
    const limit = query.integer("limit", 1, Infinity) ?? 100;
    weights.spend(limit <= 100 ? 5 : limit <= 500 ? 25 : limit <= 1000 ? 50 : 250);
    return source.depth(symbolOf(source, query).symbol, Math.min(limit, MAX_DEPTH), stop);
  }

  return async (request: Request): Promise<Response> => {
    const url = new URL(request.url);
    const answer = answers[url.pathname];
    const used = () => ({ "X-MBX-USED-WEIGHT-1M": String(weights.used) });
    if (answer === undefined) return new Response("Not Found", { status: 404, headers: used() });
    try {
      const body = await answer(new Query(url.searchParams));
      return Response.json(body, { headers: used() });
    } catch (error) {
      if (!(error instanceof RestError)) throw error;
      const response = error.toResponse();
      response.headers.set("X-MBX-USED-WEIGHT-1M", String(weights.used));
      return response;
    }
  };
}

/** Parameters of a request, refused in Binance's words. */
class Query {
  readonly #params: URLSearchParams;

  constructor(params: URLSearchParams) {
    this.#params = params;
  }

  text(name: string): string | null {
    return this.#params.get(name);
  }

  required(name: string): string {
    const value = this.text(name);
    if (value !== null && value !== "") return value;
    throw new RestError(
      -1102,
      `Mandatory parameter '${name}' was not sent, was empty/null, or malformed.`,
    );
  }

  integer(name: string, min: number, max: number): number | null {
    const text = this.text(name);
    if (text === null) return null;
    if (!/^\d{1,16}$/.test(text)) throw badParameter(name);
    const value = Number(text);
    if (value >= min && value <= max) return value;
    throw new RestError(-1130, `Data sent for parameter '${name}' is not valid.`);
  }
}

function symbolOf(source: MarketSource, query: Query): SymbolInfo {
  const name = query.required("symbol");
  const info = source.symbols.find(({ symbol }) => symbol === name);
  if (info === undefined) throw invalidSymbol();
  return info;
}

function exchangeInfo(source: MarketSource, query: Query) {
  return {
    timezone: "UTC",
    serverTime: source.now(),
    rateLimits: [
      { rateLimitType: "REQUEST_WEIGHT", interval: "MINUTE", intervalNum: 1, limit: 6000 },
    ],
    exchangeFilters: [],
    symbols: askedSymbols(source, query).map((info) => ({
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
    })),
  };
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
  return names.map((name) => {
    const info = source.symbols.find(({ symbol }) => symbol === name);
    if (info === undefined) throw invalidSymbol();
    return info;
  });
}

function aggTrades(source: MarketSource, query: Query) {
  const log = source.trades(symbolOf(source, query).symbol);
  const limit = Math.min(query.integer("limit", 1, Infinity) ?? 500, MAX_RECORDS);
  const fromId = query.integer("fromId", 0, Infinity);
  const startTime = query.integer("startTime", 0, Infinity);
  const endTime = query.integer("endTime", 0, Infinity);
  if (fromId !== null && (startTime !== null || endTime !== null)) {
    throw new RestError(-1128, "Combination of optional parameters invalid.");
  }
  // Both times are inclusive; with a start the oldest come first, else the newest are given.
  if (fromId !== null) {
    const first = log.indexOfId(fromId);
    return log.slice(first, first + limit);
  }
  const end = endTime === null ? log.length : log.indexOfTime(endTime + 1);
  if (startTime === null) return log.slice(end - limit, end);
  const first = log.indexOfTime(startTime);
  return log.slice(first, Math.min(end, first + limit));
}

function klines(source: MarketSource, query: Query) {
  const log = source.trades(symbolOf(source, query).symbol);
  return klinesOf(log, {
    interval: query.required("interval"),
    startTime: query.integer("startTime", 0, Infinity),
    endTime: query.integer("endTime", 0, Infinity),
    limit: Math.min(query.integer("limit", 1, Infinity) ?? 500, MAX_RECORDS),
  });
}
