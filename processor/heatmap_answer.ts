import type { HeatmapAnswer, HeatmapQuery } from "../bus/queries.ts";
import { QueryError } from "../bus/query_error.ts";
import type { Instrument } from "../market/instrument.ts";
import { fromUnits } from "../market/scale.ts";
import type { HeatmapGrid, HeatmapRequest } from "./heatmap.ts";
import type { HistoryReader } from "./history_storage.ts";
import { mapInTurns } from "./in_turns.ts";
import { groupOf, instrumentOf, priceOf } from "./query.ts";
import { joinHistory } from "./store/liquidity_join.ts";
import { type LiquidityKey, liquidityKey } from "./store/liquidity_series.ts";
import { LIVE_BIN_MS, type SymbolState } from "./symbol_state.ts";

/** Cells of both sides in one answer. */
const MAX_CELLS = 2_000_000;

/**
 * The body of /api/heatmap, of any time that is recorded or in memory.
 *
 * @param history null where nothing is recorded
 */
export async function answerHeatmap(
  state: SymbolState,
  query: HeatmapQuery,
  history: HistoryReader | null,
): Promise<HeatmapAnswer> {
  const instrument = instrumentOf(state);
  if (query.stepMs <= 0 || query.stepMs % LIVE_BIN_MS !== 0) {
    throw new QueryError(
      "bad_request",
      `step must be a positive multiple of ${LIVE_BIN_MS} ms, received ${query.stepMs}`,
    );
  }
  const key = await keyOf(state, instrument, history);
  const request = requestOf(query, instrument, key);
  const reader = async () => (await history?.recorded())?.liquidity ?? null;
  return await answerOf(await joinHistory(reader, key, state.liquidity, request, MAX_CELLS), {
    instrument,
    request,
  });
}

/** What is recorded now; before the first price, what was recorded last. */
async function keyOf(
  { baseTicks }: SymbolState,
  instrument: Instrument,
  history: HistoryReader | null,
): Promise<LiquidityKey> {
  if (baseTicks !== null) return liquidityKey(instrument, baseTicks);
  const recorded = await history?.recorded();
  return await recorded?.liquidity.newestKey(instrument) ?? liquidityKey(instrument, 1);
}

function requestOf(
  { from, to, stepMs, measure, ...query }: HeatmapQuery,
  instrument: Instrument,
  { baseTicks }: LiquidityKey,
): HeatmapRequest {
  const { priceScale } = instrument;
  const lowTicks = priceOf(priceScale, "low", query.low);
  const highTicks = priceOf(priceScale, "high", query.high);
  if (lowTicks !== null && highTicks !== null && lowTicks > highTicks) {
    const message = `low must not be above high, received low ${query.low} and high ${query.high}`;
    throw new QueryError("bad_request", message);
  }
  const groupTicks = groupOf(instrument, query.group, baseTicks);
  return { from, to, stepMs, groupTicks, lowTicks, highTicks, measure };
}

async function answerOf(
  grid: HeatmapGrid,
  { instrument, request }: { instrument: Instrument; request: HeatmapRequest },
): Promise<HeatmapAnswer> {
  const { priceScale } = instrument;
  const cells = (columns: readonly Float64Array[]) =>
    mapInTurns(columns, (column) => decimalsOf(column, instrument));
  return {
    step: request.stepMs,
    group: fromUnits(priceScale, request.groupTicks),
    times: grid.times,
    prices: Array.from(
      { length: grid.rowCount },
      (_, i) => fromUnits(priceScale, grid.firstRow + i * request.groupTicks),
    ),
    bids: await cells(grid.bids),
    asks: await cells(grid.asks),
  };
}

/** A million of these are in a large answer: a plain loop is three times as fast as `Array.from`. */
function decimalsOf(column: Float64Array, { qtyScale }: Instrument): (number | null)[] {
  // Every quantity is a sum of lots (or a mean of such sums): one division makes the decimal.
  const lotsInOne = 10 ** qtyScale.decimals;
  const cells = new Array<number | null>(column.length);
  for (let i = 0; i < column.length; i++) {
    const lots = column[i];
    cells[i] = Number.isNaN(lots) ? null : lots * qtyScale.step / lotsInOne;
  }
  return cells;
}
