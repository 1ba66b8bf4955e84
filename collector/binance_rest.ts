import { errorText } from "../bus/error_text.ts";
import type { Instrument } from "../market/instrument.ts";
import type { DepthSnapshot, Trade } from "../market/types.ts";
import { isRecord, mapAggTrade, mapDepthSnapshot, mapInstrument } from "./binance_map.ts";

/** A request that Binance refused, or that did not reach it. */
export class BinanceRestError extends Error {
  override readonly name = "BinanceRestError";
  /** HTTP status, or 0 when there was no answer. */
  readonly status: number;
  /** Binance's own code, e.g. -1121 for an invalid symbol. */
  readonly code: number | null;
  /** How long Binance asks to be left alone. */
  readonly retryAfterMs: number | null;

  constructor(
    message: string,
    status: number,
    code: number | null = null,
    retryAfterMs: number | null = null,
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.retryAfterMs = retryAfterMs;
  }
}

const TIMEOUT_MS = 10_000;
const INVALID_SYMBOL = -1121;
/** Most records of one aggTrades answer. */
export const AGG_TRADES_LIMIT = 1000;
const DEPTH_LIMIT = 5000;

/** Binance's public spot REST interface, as far as the collector needs it. */
export class BinanceRest {
  readonly #baseUrl: string;

  constructor(baseUrl: string) {
    this.#baseUrl = baseUrl.replace(/\/+$/, "");
  }

  /** Exchange time; the cheapest way to learn whether Binance can be reached. */
  async time(signal?: AbortSignal): Promise<number> {
    const body = await this.#get("/api/v3/time", {}, signal);
    if (isRecord(body) && typeof body.serverTime === "number") return body.serverTime;
    throw new BinanceRestError(`/api/v3/time gave ${JSON.stringify(body)}`, 200);
  }

  /** @returns null when Binance does not list the symbol. */
  async instrument(symbol: string, signal?: AbortSignal): Promise<Instrument | null> {
    try {
      const body = await this.#get("/api/v3/exchangeInfo", { symbol }, signal);
      const symbols: unknown[] = isRecord(body) && Array.isArray(body.symbols) ? body.symbols : [];
      return mapInstrument(symbols[0]);
    } catch (error) {
      if (error instanceof BinanceRestError && error.code === INVALID_SYMBOL) return null;
      throw error;
    }
  }

  async depth(instrument: Instrument, signal?: AbortSignal): Promise<DepthSnapshot> {
    const { symbol } = instrument;
    const body = await this.#get("/api/v3/depth", { symbol, limit: DEPTH_LIMIT }, signal);
    return mapDepthSnapshot(body, instrument);
  }

  /** Up to 1000 aggTrades from an id on, ascending. */
  aggTradesFrom(instrument: Instrument, fromId: number, signal?: AbortSignal): Promise<Trade[]> {
    return this.#aggTrades(instrument, { fromId, limit: AGG_TRADES_LIMIT }, signal);
  }

  /** Id of the first aggTrade at or after a time; null when there is none. */
  async firstAggTradeId(
    instrument: Instrument,
    startTime: number,
    signal?: AbortSignal,
  ): Promise<number | null> {
    // startTime alone gives the oldest first; ids and times are never combined.
    const trades = await this.#aggTrades(instrument, { startTime, limit: 1 }, signal);
    return trades[0]?.id ?? null;
  }

  async #aggTrades(
    instrument: Instrument,
    params: Record<string, number>,
    signal?: AbortSignal,
  ): Promise<Trade[]> {
    const { symbol } = instrument;
    const body = await this.#get("/api/v3/aggTrades", { symbol, ...params }, signal);
    if (!Array.isArray(body)) {
      throw new BinanceRestError(`/api/v3/aggTrades gave no list for ${symbol}`, 200);
    }
    // Binance's 2022 audit marked duplicates with f = l = -1; they are no trades.
    return body.filter((record) => record.f !== -1).map((record) =>
      mapAggTrade(record, instrument)
    );
  }

  async #get(
    path: string,
    params: Record<string, string | number>,
    signal?: AbortSignal,
  ): Promise<unknown> {
    const url = new URL(this.#baseUrl + path);
    for (const [key, value] of Object.entries(params)) url.searchParams.set(key, String(value));
    const timeout = AbortSignal.timeout(TIMEOUT_MS);
    const limit = signal === undefined ? timeout : AbortSignal.any([signal, timeout]);
    let response: Response;
    let text: string;
    try {
      response = await fetch(url, { signal: limit });
      text = await response.text();
    } catch (error) {
      signal?.throwIfAborted();
      const reason = errorText(error);
      throw new BinanceRestError(`${url} could not be reached: ${reason}`, 0);
    }
    if (!response.ok) throw refusal(url, response, text);
    try {
      return JSON.parse(text);
    } catch {
      throw new BinanceRestError(
        `${url} answered with something that is not JSON`,
        response.status,
      );
    }
  }
}

function refusal(url: URL, response: Response, text: string): BinanceRestError {
  let code: number | null = null;
  let reason = text.slice(0, 120);
  try {
    const body: unknown = JSON.parse(text);
    if (isRecord(body)) {
      if (typeof body.code === "number") code = body.code;
      if (typeof body.msg === "string") reason = body.msg;
    }
  } catch {
    // An error page of a proxy is no JSON; its beginning is all there is to tell.
  }
  const seconds = Number(response.headers.get("Retry-After") ?? NaN);
  return new BinanceRestError(
    `${url.pathname}${url.search} was refused with status ${response.status}: ${reason}`,
    response.status,
    code,
    Number.isFinite(seconds) ? seconds * 1000 : null,
  );
}
