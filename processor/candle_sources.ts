import { fromUnits } from "../market/scale.ts";
import type { HistoryReader } from "./history_storage.ts";
import { instrumentOf } from "./query.ts";
import type { CandleSources } from "./store/rollup_candles.ts";
import type { SymbolState } from "./symbol_state.ts";

/**
 * Everything that tells candles of a symbol.
 *
 * @param history null where nothing is recorded
 */
export async function candleSources(
  state: SymbolState,
  history: HistoryReader | null,
): Promise<CandleSources> {
  const series = state.candles;
  const recorded = await history?.recorded() ?? null;
  if (recorded === null) return { series, rollup: null, archive: null };
  const instrument = instrumentOf(state);
  const store = recorded.rollups;
  const symbol = await store.find(instrument);
  const baseGroup = fromUnits(instrument.priceScale, symbol?.baseTicks ?? 1);
  return {
    series,
    rollup: symbol === null ? null : { store, symbol, baseGroup },
    archive: recorded.tradesOf(instrument),
  };
}
