import { exchangeInfo, symbolOf } from "./exchange_info.ts";
import { klinesOf } from "./klines.ts";
import type { MarketRules } from "./market_rules.ts";
import { Query } from "./query.ts";
import { RestError } from "./rest_error.ts";
import type { MarketSource } from "./source.ts";
import type { WeightLimit } from "./weight_limit.ts";

const MAX_TRADES = 1000;

/** Answers Binance's public REST interface of a market from a source. */
export function restApi(
  source: MarketSource,
  rules: MarketRules,
  weights: WeightLimit,
  stop: AbortSignal,
) {
  const answers: Record<string, (query: Query) => unknown> = {
    ping: () => spend(1, {}),
    time: () => spend(1, { serverTime: source.now() }),
    exchangeInfo: (query) => spend(rules.exchangeInfo.weight, exchangeInfo(source, rules, query)),
    depth,
    aggTrades(query) {
      weights.spend(rules.aggTrades.weight);
      return aggTrades(source, rules, query);
    },
    klines,
  };

  function spend<T>(weight: number, answer: T): T {
    weights.spend(weight);
    return answer;
  }

  async function depth(query: Query): Promise<unknown> {
    const { defaultLimit, maxLimit, limits, weight, hasTimes } = rules.depth;
    const limit = limitOf(query, rules, maxLimit) ?? defaultLimit;
    weights.spend(weight(limit));
    if (limits !== null && !limits.includes(limit)) {
      throw new RestError(-4021, `${limit} is not valid depth limit`);
    }
    const { symbol } = symbolOf(source, query);
    const depth = await source.depth(symbol, limit, stop);
    const { lastUpdateId, E = source.now(), T = source.now(), bids, asks } = depth;
    return hasTimes ? { lastUpdateId, E, T, bids, asks } : { lastUpdateId, bids, asks };
  }

  function klines(query: Query) {
    const { maxLimit, hasSeconds, weight } = rules.klines;
    const limit = limitOf(query, rules, maxLimit) ?? 500;
    weights.spend(weight(limit));
    const { symbol } = symbolOf(source, query);
    const interval = query.required("interval");
    if (interval === "1s" && !hasSeconds) throw new RestError(-1120, "Invalid interval.");
    return klinesOf(source.trades(symbol), {
      interval,
      startTime: query.integer("startTime", 0, Infinity),
      endTime: query.integer("endTime", 0, Infinity),
      limit,
    });
  }

  return async (request: Request): Promise<Response> => {
    const url = new URL(request.url);
    const used = () => ({ "X-MBX-USED-WEIGHT-1M": String(weights.used) });
    const prefix = `${rules.restPrefix}/`;
    const name = url.pathname.startsWith(prefix) ? url.pathname.slice(prefix.length) : "";
    if (!Object.hasOwn(answers, name)) {
      return new Response("Not Found", { status: 404, headers: used() });
    }
    try {
      const body = await answers[name](new Query(url.searchParams));
      return Response.json(body, { headers: used() });
    } catch (error) {
      if (!(error instanceof RestError)) throw error;
      const response = error.toResponse();
      response.headers.set("X-MBX-USED-WEIGHT-1M", String(weights.used));
      return response;
    }
  };
}

function limitOf(query: Query, rules: MarketRules, largest: number): number | null {
  const limit = query.integer("limit", 1, rules.refusesLargeLimits ? largest : Infinity);
  return limit === null ? null : Math.min(limit, largest);
}

function aggTrades(source: MarketSource, rules: MarketRules, query: Query) {
  const { maxAgeMs, maxSpanMs, hasBestMatch } = rules.aggTrades;
  const log = source.trades(symbolOf(source, query).symbol);
  const limit = limitOf(query, rules, MAX_TRADES) ?? 500;
  const fromId = query.integer("fromId", 0, Infinity);
  const startTime = query.integer("startTime", 0, Infinity);
  const endTime = query.integer("endTime", 0, Infinity);
  if (fromId !== null && (startTime !== null || endTime !== null)) {
    throw new RestError(-1128, "Combination of optional parameters invalid.");
  }
  if (startTime !== null && endTime !== null && endTime - startTime >= maxSpanMs) {
    throw new RestError(-1127, "More than 1 hours between startTime and endTime.");
  }
  // Binance does not say how it answers for older trades: they are as if they were not there.
  const oldest = maxAgeMs === Infinity ? 0 : log.indexOfTime(source.now() - maxAgeMs);
  const slice = (from: number, to: number) => {
    const trades = log.slice(Math.max(from, oldest), to);
    return hasBestMatch ? trades : trades.map(({ M: _, ...trade }) => trade);
  };
  // Both times are inclusive; with a start the oldest come first, else the newest are given.
  if (fromId !== null) {
    const first = Math.max(oldest, log.indexOfId(fromId));
    return slice(first, first + limit);
  }
  const end = endTime === null ? log.length : log.indexOfTime(endTime + 1);
  if (startTime === null) return slice(end - limit, end);
  const first = Math.max(oldest, log.indexOfTime(startTime));
  return slice(first, Math.min(end, first + limit));
}
