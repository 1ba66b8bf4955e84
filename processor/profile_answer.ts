import type { ProfileAnswer, ProfileBody, ProfileQuery } from "../bus/queries.ts";
import { QueryError } from "../bus/query_error.ts";
import type { Instrument } from "../market/instrument.ts";
import { joinParts } from "../market/higher_candle.ts";
import { INTERVALS } from "../market/interval.ts";
import { fromUnits } from "../market/scale.ts";
import type { Profile } from "../market/session_profile.ts";
import { candleSources } from "./candle_sources.ts";
import type { HistoryReader } from "./history_storage.ts";
import { groupOf, instrumentOf } from "./query.ts";
import { type CandleSources, collectHeads } from "./store/rollup_candles.ts";
import { collectProfile } from "./store/rollup_profile.ts";
import type { SymbolState } from "./symbol_state.ts";

const MAX_SESSIONS = 400;
const MAX_ROWS = 1_000_000;

interface TimeRange {
  readonly from: number;
  readonly to: number;
}

/**
 * The body of /api/profile, of any time that is recorded or in memory.
 *
 * @param history null where nothing is recorded
 * @throws QueryError when a parameter is wrong, or the answer would be too large
 */
export async function answerProfile(
  state: SymbolState,
  query: ProfileQuery,
  history: HistoryReader | null,
): Promise<ProfileAnswer> {
  const instrument = instrumentOf(state);
  const groupTicks = groupOf(instrument, query.group, 1);
  const sources = await candleSources(state, history);
  let rows = 0;
  const profile = async (range: TimeRange): Promise<ProfileBody> => {
    const maxRows = MAX_ROWS - rows;
    const found = await collectProfile(sources, { ...range, groupTicks, maxRows });
    rows += found.rows.length;
    return bodyOf(instrument, found, await isComplete(sources, range));
  };
  const answer = { symbol: state.symbol, group: fromUnits(instrument.priceScale, groupTicks) };
  if (query.by === "range") return { ...answer, ...await profile(query) };
  const sessions = [];
  for (const range of await sessionRanges(sources, query)) {
    sessions.push({ ...range, ...await profile(range) });
  }
  return { ...answer, sessions };
}

/** The UTC days of the range in which something traded, as far as they lie in it. */
async function sessionRanges(
  sources: CandleSources,
  { from, to }: TimeRange,
): Promise<TimeRange[]> {
  const intervalMs = INTERVALS["1d"];
  const days = await collectHeads(sources, { intervalMs, from, to });
  if (days.length > MAX_SESSIONS) {
    const message =
      `from ${from} to ${to} holds ${days.length} sessions, at most ${MAX_SESSIONS} ` +
      "are given at once";
    throw new QueryError("too_large", message);
  }
  return days.map(({ head: { openTime } }) => ({
    from: Math.max(from, openTime),
    to: Math.min(to, openTime + intervalMs),
  }));
}

/** Whether ids prove that no trade of a range is missing, or still to come. */
async function isComplete(sources: CandleSources, range: TimeRange): Promise<boolean> {
  const heads = await collectHeads(sources, { intervalMs: INTERVALS["1d"], ...range });
  return heads.length > 0 && joinParts(range.from, heads).complete;
}

function bodyOf(
  { priceScale, qtyScale }: Instrument,
  { rows, area, buyLots, sellLots, trades }: Profile,
  complete: boolean,
): ProfileBody {
  const price = (ticks: number | undefined) =>
    ticks === undefined ? null : fromUnits(priceScale, ticks);
  const quantity = (lots: number) => fromUnits(qtyScale, lots);
  return {
    volume: quantity(buyLots + sellLots),
    buyVolume: quantity(buyLots),
    sellVolume: quantity(sellLots),
    delta: quantity(buyLots - sellLots),
    trades,
    poc: price(area?.poc),
    vah: price(area?.vah),
    val: price(area?.val),
    complete,
    levels: rows.map(({ row, sellLots, buyLots }) => [
      fromUnits(priceScale, row),
      quantity(sellLots),
      quantity(buyLots),
    ]),
  };
}
