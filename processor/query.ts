import type {
  BookAnswer,
  BookQuery,
  CandleAnswer,
  CandlesAnswer,
  CandlesQuery,
  GapsAnswer,
  GapsQuery,
  SymbolAnswer,
  SymbolHealth,
} from "../bus/queries.ts";
import { QueryError } from "../bus/query_error.ts";
import type { CandleState } from "../market/candle_series.ts";
import { deltaOf, groupLevels } from "../market/footprint.ts";
import type { Instrument } from "../market/instrument.ts";
import { INTERVALS, isInterval } from "../market/interval.ts";
import { fromUnits, type Scale, toUnits } from "../market/scale.ts";
import type { FlatLevels } from "../market/types.ts";
import { valueArea } from "../market/volume_profile.ts";
import type { SymbolState } from "./symbol_state.ts";

const MAX_CANDLES_AN_ANSWER = 10_000;

export function answerCandles(state: SymbolState, query: CandlesQuery): CandlesAnswer {
  if (!isInterval(query.interval)) {
    const known = Object.keys(INTERVALS).join(", ");
    throw new QueryError(
      "bad_request",
      `interval must be one of ${known}, received "${query.interval}"`,
    );
  }
  if (INTERVALS[query.interval] !== state.candles.intervalMs) {
    throw new QueryError(
      "bad_request",
      `interval ${query.interval} is not recorded yet, only 1m is`,
    );
  }
  const instrument = instrumentOf(state);
  const groupTicks = groupOf(instrument, query.group, 1);
  const candles = state.candles.between(query.from, query.to);
  if (candles.length > MAX_CANDLES_AN_ANSWER) {
    throw new QueryError(
      "too_large",
      `from ${query.from} to ${query.to} holds ${candles.length} candles, at most ` +
        `${MAX_CANDLES_AN_ANSWER} are given at once`,
    );
  }
  return {
    symbol: state.symbol,
    interval: query.interval,
    group: fromUnits(instrument.priceScale, groupTicks),
    candles: candles.map((candle) => candleAnswer(instrument, candle, groupTicks)),
  };
}

function candleAnswer(
  { priceScale, qtyScale }: Instrument,
  { footprint, complete }: CandleState,
  groupTicks: number,
): CandleAnswer {
  const price = (ticks: number) => fromUnits(priceScale, ticks);
  const quantity = (lots: number) => fromUnits(qtyScale, lots);
  const rows = groupLevels(footprint.levels, groupTicks);
  const area = valueArea(rows, groupTicks);
  if (area === null) throw new Error(`Candle ${footprint.openTime} has no trade`);
  return {
    time: footprint.openTime,
    open: price(footprint.open),
    high: price(footprint.high),
    low: price(footprint.low),
    close: price(footprint.close),
    volume: quantity(footprint.buyLots + footprint.sellLots),
    buyVolume: quantity(footprint.buyLots),
    sellVolume: quantity(footprint.sellLots),
    delta: quantity(deltaOf(footprint)),
    minDelta: quantity(footprint.minDelta),
    maxDelta: quantity(footprint.maxDelta),
    trades: footprint.trades,
    poc: price(area.poc),
    vah: price(area.vah),
    val: price(area.val),
    complete,
    levels: rows.map((row) => [
      price(row.row),
      quantity(row.sellLots),
      quantity(row.buyLots),
      row.trades,
    ]),
  };
}

export function answerBook(state: SymbolState, query: BookQuery): BookAnswer {
  const instrument = instrumentOf(state);
  const { book } = state;
  const groupTicks = query.group === null ? null : groupOf(instrument, query.group, 1);
  const side = (
    levels: { levels(limit: number): FlatLevels; rows(g: number, l: number): FlatLevels },
  ) =>
    decimalPairs(
      instrument,
      groupTicks === null ? levels.levels(query.levels) : levels.rows(groupTicks, query.levels),
    );
  return {
    symbol: state.symbol,
    lastUpdateId: book.lastUpdateId,
    eventTime: book.eventTime,
    knownRange: book.known === null ? null : [
      fromUnits(instrument.priceScale, book.known[0]),
      fromUnits(instrument.priceScale, book.known[1]),
    ],
    bids: side(book.bids),
    asks: side(book.asks),
  };
}

export function answerGaps(state: SymbolState, { from, to }: GapsQuery): GapsAnswer {
  const gaps = state.gaps.between(from, to);
  return {
    symbol: state.symbol,
    gaps: gaps.map(({ kind, from, to, reason, repaired, ids }) => ({
      kind,
      from,
      to,
      reason,
      repaired,
      ...(ids === null ? {} : { fromId: ids.from, toId: ids.to }),
    })),
  };
}

export function answerHealth(state: SymbolState): SymbolHealth {
  return {
    symbol: state.symbol,
    market: state.instrument?.market ?? "spot",
    connected: state.status?.connected ?? false,
    book: state.bookState,
    lastAggTradeId: state.candles.lastId,
    lastEventTime: state.lastEventTime,
    lagMs: state.status?.lagMs ?? null,
    openGaps: state.gaps.open,
    repairedGaps: state.gaps.repaired,
    state: state.status?.state ?? "connecting",
    message: state.status?.message ?? "",
    backfill: state.status?.backfill ?? null,
    recording: state.status?.recording ?? null,
  };
}

export function answerSymbol(state: SymbolState): SymbolAnswer | null {
  const { instrument, baseTicks } = state;
  if (instrument === null) return null;
  return {
    symbol: state.symbol,
    market: instrument.market,
    tickSize: fromUnits(instrument.priceScale, 1),
    stepSize: instrument.stepSize,
    baseGroup: baseTicks === null ? null : fromUnits(instrument.priceScale, baseTicks),
  };
}

export function instrumentOf(state: SymbolState): Instrument {
  if (state.instrument !== null) return state.instrument;
  throw new QueryError(
    "unavailable",
    `Nothing is known of ${state.symbol} yet: ${
      state.status?.message ?? "the exchange has not answered"
    }`,
  );
}

/** A row size from a query, in ticks: a multiple of `multipleOf` ticks, which is the default. */
export function groupOf(instrument: Instrument, group: string | null, multipleOf: number): number {
  if (group === null) return multipleOf;
  const unit = fromUnits(instrument.priceScale, multipleOf);
  const refusal = new QueryError(
    "bad_request",
    `group must be a positive multiple of ${unit} for ${instrument.symbol}, received "${group}"`,
  );
  try {
    const ticks = toUnits(instrument.priceScale, group);
    if (ticks < 1 || ticks % multipleOf !== 0) throw refusal;
    return ticks;
  } catch {
    throw refusal;
  }
}

export function priceOf(scale: Scale, name: string, text: string | null): number | null {
  if (text === null) return null;
  try {
    return toUnits(scale, text);
  } catch (error) {
    throw new QueryError("bad_request", `${name} is no price: ${(error as Error).message}`);
  }
}

function decimalPairs({ priceScale, qtyScale }: Instrument, flat: FlatLevels): [number, number][] {
  const pairs: [number, number][] = [];
  for (let i = 0; i < flat.length; i += 2) {
    pairs.push([fromUnits(priceScale, flat[i]), fromUnits(qtyScale, flat[i + 1])]);
  }
  return pairs;
}
