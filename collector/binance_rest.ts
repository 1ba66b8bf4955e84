import { errorText } from "../bus/error_text.ts";
import type { Instrument } from "../market/instrument.ts";
import type { DepthSnapshot, MarketKind, Trade } from "../market/types.ts";
import type { AggTradeRecord, ExchangeRest } from "./exchange_adapter.ts";
import { BinanceRestError, refusalOf } from "./binance_rest_error.ts";
import { RequestBudget, type Urgency } from "./request_budget.ts";
import { RestGate } from "./rest_gate.ts";
import { isRecord, mapAggTradeRecord, mapDepthSnapshot, mapInstrument } from "./binance_map.ts";

export { BinanceRestError } from "./binance_rest_error.ts";

/** Weight of each request, in the exchange's own count. */
type Weights = Readonly<Record<"depth" | "aggTrades" | "exchangeInfo" | "time", number>>;

/** How the REST interfaces of Binance's markets differ. */
interface RestRules {
  /** Path before the name of a request. */
  readonly prefix: string;
  /** Weight that an address may use a minute. */
  readonly weightLimit: number;
  readonly weights: Weights;
  /** Most levels a side of one depth answer. */
  readonly depthLimit: number;
  /** exchangeInfo answers for one symbol alone; else it lists all of them, whatever was asked. */
  readonly answersForOneSymbol: boolean;
  /** How aggTrades can be asked by time: how far back, and how much time at once. */
  readonly byTime: { readonly maxAgeMs: number; readonly windowMs: number } | null;
}

const HOUR_MS = 3_600_000;

const RULES = {
  spot: {
    prefix: "/api/v3",
    weightLimit: 6000,
    weights: { depth: 250, aggTrades: 4, exchangeInfo: 20, time: 1 },
    depthLimit: 5000,
    answersForOneSymbol: true,
    byTime: null,
  },
  usdm: {
    prefix: "/fapi/v1",
    weightLimit: 2400,
    weights: { depth: 20, aggTrades: 20, exchangeInfo: 1, time: 1 },
    depthLimit: 1000,
    answersForOneSymbol: false,
    // Trades of the last 24 hours; a minute less, because both clocks go on meanwhile.
    byTime: { maxAgeMs: 24 * HOUR_MS - 60_000, windowMs: HOUR_MS },
  },
} satisfies Record<MarketKind, RestRules>;

const TIMEOUT_MS = 10_000;
const INVALID_SYMBOL = -1121;
/** Most records of one aggTrades answer. */
export const AGG_TRADES_LIMIT = 1000;
/** Symbols loaded one after the other share one list of all symbols; it is 1 MB. */
const LIST_VALID_MS = 60_000;

/** Binance's public REST interface of one market, as far as the collector needs it. */
export class BinanceRest implements ExchangeRest {
  readonly #baseUrl: string;
  readonly #market: MarketKind;
  readonly #rules: RestRules;
  readonly #budget: RequestBudget;
  readonly #gate: RestGate;
  /** Told of every depth answer as it was received, before it is used. */
  onDepthBody: ((symbol: string, text: string) => void) | null = null;
  #listed: { readonly symbols: readonly unknown[]; readonly takenAt: number } | null = null;

  constructor(baseUrl: string, market: MarketKind = "spot", budget: RequestBudget | null = null) {
    this.#baseUrl = baseUrl.replace(/\/+$/, "");
    this.#market = market;
    this.#rules = RULES[market];
    this.#budget = budget ?? new RequestBudget({ limit: this.#rules.weightLimit });
    this.#gate = new RestGate(this.#budget);
  }

  /** Exchange time; the cheapest way to learn whether Binance can be reached. */
  async time(signal?: AbortSignal): Promise<number> {
    const body = await this.#get("time", {}, signal);
    if (isRecord(body) && typeof body.serverTime === "number") return body.serverTime;
    throw new BinanceRestError(`${this.#rules.prefix}/time gave ${JSON.stringify(body)}`, 200);
  }

  /** @returns null when Binance does not list the symbol. */
  async instrument(symbol: string, signal?: AbortSignal): Promise<Instrument | null> {
    const data = this.#rules.answersForOneSymbol
      ? await this.#askedSymbol(symbol, signal)
      : (await this.#allSymbols(signal)).find((one) => isRecord(one) && one.symbol === symbol);
    return data === undefined ? null : mapInstrument(data, this.#market);
  }

  async depth(instrument: Instrument, signal?: AbortSignal): Promise<DepthSnapshot> {
    const { symbol } = instrument;
    const { depthLimit: limit } = this.#rules;
    const body = await this.#get("depth", { symbol, limit }, signal);
    return mapDepthSnapshot(body, instrument);
  }

  async newestAggTrade(instrument: Instrument, signal?: AbortSignal): Promise<Trade | null> {
    // Without an id or a time the newest come.
    const records = await this.#aggTrades(instrument, { limit: 1 }, signal, "live");
    return records.at(-1)?.trade ?? null;
  }

  /** Up to 1000 aggTrades from an id on, ascending. */
  aggTradesFrom(
    instrument: Instrument,
    fromId: number,
    signal?: AbortSignal,
  ): Promise<AggTradeRecord[]> {
    return this.#aggTrades(instrument, { fromId, limit: AGG_TRADES_LIMIT }, signal);
  }

  /** Id of the first aggTrade at or after a time that Binance still tells; null when none is. */
  async firstAggTradeId(
    instrument: Instrument,
    startTime: number,
    signal?: AbortSignal,
  ): Promise<number | null> {
    // With a start the oldest come first; ids and times are never combined.
    const { byTime } = this.#rules;
    if (byTime === null) {
      const records = await this.#aggTrades(instrument, { startTime, limit: 1 }, signal);
      return records[0]?.id ?? null;
    }
    const now = await this.time(signal);
    let start = Math.max(startTime, now - byTime.maxAgeMs);
    for (; start <= now; start += byTime.windowMs) {
      // Both times are inclusive, and must be less than the window apart.
      const window = { startTime: start, endTime: start + byTime.windowMs - 1, limit: 1 };
      const records = await this.#aggTrades(instrument, window, signal);
      if (records.length > 0) return records[0].id;
    }
    return null;
  }

  /** A symbol of exchangeInfo, or undefined when it is not listed. */
  async #askedSymbol(symbol: string, signal?: AbortSignal): Promise<unknown> {
    try {
      const body = await this.#get("exchangeInfo", { symbol }, signal);
      return symbolsOf(body)[0];
    } catch (error) {
      if (error instanceof BinanceRestError && error.code === INVALID_SYMBOL) return undefined;
      throw error;
    }
  }

  async #allSymbols(signal?: AbortSignal): Promise<readonly unknown[]> {
    const now = performance.now();
    if (this.#listed === null || now - this.#listed.takenAt > LIST_VALID_MS) {
      const symbols = symbolsOf(await this.#get("exchangeInfo", {}, signal));
      this.#listed = { symbols, takenAt: now };
    }
    return this.#listed.symbols;
  }

  async #aggTrades(
    instrument: Instrument,
    params: Record<string, number>,
    signal?: AbortSignal,
    urgency: Urgency = "background",
  ): Promise<AggTradeRecord[]> {
    const { symbol } = instrument;
    const body = await this.#get("aggTrades", { symbol, ...params }, signal, urgency);
    if (!Array.isArray(body)) {
      const { prefix } = this.#rules;
      throw new BinanceRestError(`${prefix}/aggTrades gave no list for ${symbol}`, 200);
    }
    return body.map((record) => mapAggTradeRecord(record, instrument));
  }

  async #get(
    name: keyof Weights,
    params: Record<string, string | number>,
    signal?: AbortSignal,
    urgency: Urgency = "live",
  ): Promise<unknown> {
    const url = new URL(`${this.#baseUrl}${this.#rules.prefix}/${name}`);
    for (const [key, value] of Object.entries(params)) url.searchParams.set(key, String(value));
    const text = await this.#gate.pass(
      this.#rules.weights[name],
      urgency,
      signal,
      (askedTime) => this.#fetch(url, askedTime, signal),
    );
    if (name === "depth") this.onDepthBody?.(String(params.symbol), text);
    try {
      return JSON.parse(text);
    } catch {
      throw new BinanceRestError(`${url} answered with something that is not JSON`, 200);
    }
  }

  /** Text of a good answer. The budget learns from every answer before anyone else may ask. */
  async #fetch(url: URL, askedTime: number, signal?: AbortSignal): Promise<string> {
    const { response, text } = await fetchText(url, signal);
    const used = Number(response.headers.get("X-MBX-USED-WEIGHT-1M") ?? NaN);
    if (Number.isFinite(used)) this.#budget.observe(used, askedTime);
    if (response.ok) return text;
    const error = refusalOf(url, response, text);
    if (error.isBusy) this.#budget.hold(error.retryAfterMs ?? 0);
    throw error;
  }
}

/** @throws BinanceRestError when there is no whole answer. */
async function fetchText(
  url: URL,
  signal?: AbortSignal,
): Promise<{ response: Response; text: string }> {
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  const limit = signal === undefined ? timeout : AbortSignal.any([signal, timeout]);
  try {
    const response = await fetch(url, { signal: limit });
    return { response, text: await response.text() };
  } catch (error) {
    signal?.throwIfAborted();
    throw new BinanceRestError(`${url} could not be reached: ${errorText(error)}`, 0);
  }
}

/** @throws BinanceRestError when exchangeInfo lists no symbol at all. */
function symbolsOf(body: unknown): readonly unknown[] {
  if (isRecord(body) && Array.isArray(body.symbols) && body.symbols.length > 0) {
    return body.symbols;
  }
  throw new BinanceRestError("exchangeInfo lists no symbols", 200);
}
