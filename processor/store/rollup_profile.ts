import { addLevels } from "../../market/footprint.ts";
import type { Rows } from "../../market/higher_candle.ts";
import { INTERVALS, MINUTE_MS, openTimeOf } from "../../market/interval.ts";
import { type Profile, profileOf } from "../../market/session_profile.ts";
import { type CandleSources, seamOf, storedHeads, tooFine, tradesIn } from "./rollup_candles.ts";

const DAY_MS = INTERVALS["1d"];

export interface ProfileRequest {
  /** Minutes that open in [from, to). */
  readonly from: number;
  readonly to: number;
  readonly groupTicks: number;
  /** More rows are refused. */
  readonly maxRows?: number;
}

/** The volume profile of any time: of what memory holds, and of what is older. */
export async function collectProfile(
  sources: CandleSources,
  request: ProfileRequest,
): Promise<Profile> {
  const { groupTicks, maxRows } = request;
  const from = -openTimeOf(-request.from, MINUTE_MS);
  const to = -openTimeOf(-request.to, MINUTE_MS);
  const seam = await seamOf(sources, from, to);
  const until = Math.min(to, seam);
  const older = from < until
    ? await storedRows(sources, { from, to: until, groupTicks, maxRows })
    : [];
  const newer = sources.series.between(Math.max(from, seam), to)
    .map(({ footprint }) => footprint.levels);
  return profileOf([older, ...newer], groupTicks);
}

async function storedRows(sources: CandleSources, request: ProfileRequest): Promise<Rows> {
  const { rollup, archive } = sources;
  const { from, to, groupTicks } = request;
  if (rollup !== null && groupTicks % rollup.symbol.baseTicks === 0) {
    return await rollup.store.rows(rollup.symbol, request);
  }
  const rows: Rows = new Map();
  const days = await archive?.rows({ ...request, intervalMs: DAY_MS }) ?? [];
  for (const [, day] of days) addLevels(rows, day, groupTicks);
  if (rollup === null) return rows;
  const heads = await storedHeads(sources, { intervalMs: DAY_MS, from, to });
  const trades = heads.reduce((sum, { head }) => sum + head.trades, 0);
  if (tradesIn(rows) < trades) throw tooFine(rollup, to);
  return rows;
}
