import { errorText } from "../bus/error_text.ts";
import { type Instrument, lotScale } from "../market/instrument.ts";
import { parseScale, toUnits } from "../market/scale.ts";
import type { DepthDiff, DepthSnapshot, MarketKind, Trade } from "../market/types.ts";
import type { AggTradeRecord, StreamMessage } from "./exchange_adapter.ts";

const EXCERPT = 80;
/** In the year 2286. Microseconds, which Binance tells where it is asked to, are beyond it. */
const LATEST_TIME = 10_000_000_000_000;

/**
 * One text frame of spot or USD-M, combined or raw -> our words.
 *
 * @throws RangeError that quotes the frame when it is no JSON or lacks what its event must have.
 */
export function mapFrame(
  text: string,
  instrumentOf: (symbol: string) => Instrument | undefined,
): StreamMessage {
  let frame: unknown;
  try {
    frame = JSON.parse(text);
  } catch {
    throw new RangeError(`a frame is not JSON: ${excerpt(text)}`);
  }
  if (!isRecord(frame)) throw new RangeError(`a frame is not an object: ${excerpt(text)}`);
  const data = isRecord(frame.data) ? frame.data : frame;
  try {
    return mapEvent(data, frame, text, instrumentOf);
  } catch (error) {
    const reason = `a frame is broken (${errorText(error)}): ${excerpt(text)}`;
    const { e, s: symbol, u: lastUpdateId } = data;
    if (e === "depthUpdate" && typeof symbol === "string" && typeof lastUpdateId === "number") {
      return { type: "brokenDepth", symbol, lastUpdateId, reason };
    }
    throw new RangeError(reason);
  }
}

function mapEvent(
  data: Record<string, unknown>,
  frame: Record<string, unknown>,
  text: string,
  instrumentOf: (symbol: string) => Instrument | undefined,
): StreamMessage {
  switch (data.e) {
    case "depthUpdate": {
      const instrument = instrumentOf(textOf(data, "s"));
      if (instrument === undefined) return { type: "unknown", what: `symbol ${data.s}` };
      return { type: "depth", symbol: instrument.symbol, diff: mapDepth(data, instrument) };
    }
    case "aggTrade": {
      const instrument = instrumentOf(textOf(data, "s"));
      if (instrument === undefined) return { type: "unknown", what: `symbol ${data.s}` };
      return {
        type: "aggTrade",
        symbol: instrument.symbol,
        eventTime: timeOf(data, "E"),
        trade: mapAggTrade(data, instrument),
      };
    }
    case "serverShutdown":
      return { type: "shutdown" };
    case undefined:
      return mapReply(frame, text);
    default:
      return { type: "unknown", what: `event ${excerpt(String(data.e))}` };
  }
}

/** An answer to one of our own requests, or something without an event name. */
function mapReply(frame: Record<string, unknown>, text: string): StreamMessage {
  const error = isRecord(frame.error) ? frame.error : frame;
  if (typeof error.code === "number") {
    return { type: "refusal", code: error.code, message: String(error.msg ?? "") };
  }
  if ("result" in frame && "id" in frame) return { type: "ack" };
  return { type: "unknown", what: excerpt(text) };
}

function mapDepth(data: Record<string, unknown>, instrument: Instrument): DepthDiff {
  const diff = {
    firstUpdateId: integerOf(data, "U"),
    lastUpdateId: integerOf(data, "u"),
    eventTime: timeOf(data, "E"),
    bids: mapLevels(data.b, instrument),
    asks: mapLevels(data.a, instrument),
  };
  // USD-M alone says which diff came before: U is not the previous u + 1 there.
  if (instrument.market === "spot") return diff;
  return { ...diff, previousUpdateId: integerOf(data, "pu") };
}

/** An aggTrade of the stream or of REST: both use the same letters. */
export function mapAggTrade(data: Record<string, unknown>, instrument: Instrument): Trade {
  if (typeof data.m !== "boolean") throw new RangeError(`m must be true or false, not ${data.m}`);
  return {
    id: idOf(data),
    priceTicks: toUnits(instrument.priceScale, textOf(data, "p")),
    qtyLots: toUnits(instrument.qtyScale, textOf(data, "q")),
    firstTradeId: integerOf(data, "f"),
    lastTradeId: integerOf(data, "l"),
    tradeTime: timeOf(data, "T"),
    isBuyerMaker: data.m,
  };
}

/** An aggTrade of REST. Binance's audit of 2022 marked duplicates with f = l = -1: they are no trades. */
export function mapAggTradeRecord(
  data: Record<string, unknown>,
  instrument: Instrument,
): AggTradeRecord {
  const id = idOf(data);
  return { id, trade: data.f === -1 ? null : mapAggTrade(data, instrument) };
}

/**
 * REST depth -> a snapshot.
 *
 * @throws RangeError that names what is wrong with it.
 */
export function mapDepthSnapshot(body: unknown, instrument: Instrument): DepthSnapshot {
  if (!isRecord(body)) {
    throw new RangeError(`a depth snapshot is no object: ${excerpt(String(body))}`);
  }
  return {
    lastUpdateId: integerOf(body, "lastUpdateId"),
    bids: mapLevels(body.bids, instrument),
    asks: mapLevels(body.asks, instrument),
  };
}

function mapLevels(levels: unknown, { priceScale, qtyScale }: Instrument): number[] {
  if (!Array.isArray(levels)) throw new RangeError(`levels must be a list, not ${levels}`);
  const flat: number[] = new Array(levels.length * 2);
  for (let i = 0; i < levels.length; i++) {
    flat[i * 2] = toUnits(priceScale, levels[i][0]);
    flat[i * 2 + 1] = toUnits(qtyScale, levels[i][1]);
  }
  return flat;
}

/**
 * One symbol of exchangeInfo -> its scales.
 *
 * @throws RangeError that names the symbol and the missing filter.
 */
export function mapInstrument(data: unknown, market: MarketKind = "spot"): Instrument {
  if (!isRecord(data)) throw new RangeError(`a symbol of exchangeInfo is no object: ${data}`);
  const symbol = textOf(data, "symbol");
  const filters: unknown[] = Array.isArray(data.filters) ? data.filters : [];
  const filter = (type: string): Record<string, unknown> => {
    const found = filters.find((one) => isRecord(one) && one.filterType === type);
    if (!isRecord(found)) throw new RangeError(`exchangeInfo of ${symbol} has no ${type} filter`);
    return found;
  };
  const stepSize = textOf(filter("LOT_SIZE"), "stepSize");
  return {
    symbol,
    market,
    priceScale: parseScale(textOf(filter("PRICE_FILTER"), "tickSize")),
    qtyScale: lotScale(stepSize, textOf(filter("LOT_SIZE"), "maxQty")),
    stepSize: Number(stepSize),
    baseAsset: textOf(data, "baseAsset"),
    quoteAsset: textOf(data, "quoteAsset"),
  };
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function integerOf(data: Record<string, unknown>, key: string): number {
  const value = data[key];
  if (Number.isSafeInteger(value)) return value as number;
  throw new RangeError(`${key} must be a whole number, not ${JSON.stringify(value)}`);
}

/** Folders and files of trades are named by their times and ids. */
function timeOf(data: Record<string, unknown>, key: string): number {
  const time = integerOf(data, key);
  if (time >= 0 && time < LATEST_TIME) return time;
  throw new RangeError(`${key} must be a time in ms, not ${time}`);
}

function idOf(data: Record<string, unknown>): number {
  const id = integerOf(data, "a");
  if (id >= 0) return id;
  throw new RangeError(`a must be an id, not ${id}`);
}

function textOf(data: Record<string, unknown>, key: string): string {
  const value = data[key];
  if (typeof value === "string") return value;
  throw new RangeError(`${key} must be a text, not ${JSON.stringify(value)}`);
}

function excerpt(text: string): string {
  return JSON.stringify(text.length > EXCERPT ? `${text.slice(0, EXCERPT)}...` : text);
}
