import type {
  BookAnswer,
  BookQuery,
  GapsAnswer,
  GapsQuery,
  SymbolAnswer,
  SymbolHealth,
} from "../bus/queries.ts";
import { QueryError } from "../bus/query_error.ts";
import type { Instrument } from "../market/instrument.ts";
import { fromUnits, type Scale, toUnits } from "../market/scale.ts";
import type { FlatLevels } from "../market/types.ts";
import type { SymbolState } from "./symbol_state.ts";

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
