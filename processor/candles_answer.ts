import type { CandleAnswer, CandlesAnswer, CandlesQuery } from "../bus/queries.ts";
import { QueryError } from "../bus/query_error.ts";
import { cumulativeDelta } from "../market/cvd.ts";
import { deltaOf } from "../market/footprint.ts";
import type { GroupedCandle, HeadPart } from "../market/higher_candle.ts";
import type { Instrument } from "../market/instrument.ts";
import { type Interval, INTERVALS, isInterval, openTimeOf } from "../market/interval.ts";
import { fromUnits } from "../market/scale.ts";
import { rowsOf } from "../market/session_profile.ts";
import { valueArea } from "../market/volume_profile.ts";
import { candleSources } from "./candle_sources.ts";
import type { HistoryReader } from "./history_storage.ts";
import { mapInTurns } from "./in_turns.ts";
import { groupOf, instrumentOf } from "./query.ts";
import { type CandleSources, collectCandles, collectHeads } from "./store/rollup_candles.ts";
import { tooManyRows } from "./store/rollup_read.ts";
import type { SymbolState } from "./symbol_state.ts";

const MAX_CANDLES = 10_000;
/** Price rows of all candles of an answer: some 40 MB of JSON. */
const MAX_ROWS = 1_000_000;

/**
 * The body of /api/candles, of any time that is recorded or in memory.
 *
 * @param history null where nothing is recorded
 * @throws QueryError when a parameter is wrong, or the answer would be too large
 */
export async function answerCandles(
  state: SymbolState,
  query: CandlesQuery,
  history: HistoryReader | null,
): Promise<CandlesAnswer> {
  const interval = intervalOf(query.interval);
  const instrument = instrumentOf(state);
  const groupTicks = groupOf(instrument, query.group, 1);
  const sources = await candleSources(state, history);
  const intervalMs = INTERVALS[interval];
  const heads = await collectHeads(sources, { intervalMs, from: query.from, to: query.to });
  if (heads.length > MAX_CANDLES) throw tooManyCandles(query, heads.length);
  const request = { intervalMs, from: query.from, to: query.to, groupTicks, maxRows: MAX_ROWS };
  const candles = await collectCandles(sources, request);
  const rows = candles.reduce((sum, candle) => sum + candle.rows.size, 0);
  if (rows > MAX_ROWS) throw tooManyRows(MAX_ROWS);
  const cvd = await cvdOf(sources, candles, query.cvd, intervalMs);
  return {
    symbol: state.symbol,
    interval,
    group: fromUnits(instrument.priceScale, groupTicks),
    candles: await mapInTurns(
      candles,
      (candle, i) => candleAnswer(instrument, candle, groupTicks, cvd[i]),
    ),
  };
}

function intervalOf(text: string): Interval {
  if (isInterval(text)) return text;
  const known = Object.keys(INTERVALS).join(", ");
  throw new QueryError("bad_request", `interval must be one of ${known}, received "${text}"`);
}

function tooManyCandles({ from, to, interval }: CandlesQuery, count: number): QueryError {
  return new QueryError(
    "too_large",
    `from ${from} to ${to} holds ${count} candles of ${interval}, at most ${MAX_CANDLES} are ` +
      "given at once",
  );
}

/** Lots of the cumulative delta at the end of each candle, or null. */
async function cvdOf(
  sources: CandleSources,
  candles: readonly GroupedCandle[],
  anchor: "day" | "range",
  intervalMs: number,
): Promise<(number | null)[]> {
  const first = candles.at(0)?.head.openTime;
  if (first === undefined) return [];
  const points = (parts: readonly HeadPart[]) =>
    parts.map(({ head, hasGap }) => ({ time: head.openTime, delta: deltaOf(head), hasGap }));
  const day = openTimeOf(first, INTERVALS["1d"]);
  if (anchor === "range" || day === first) return cumulativeDelta(points(candles), anchor, first);
  // What traded since the day began counts as well.
  const before = await collectHeads(sources, { intervalMs, from: day, to: first });
  return cumulativeDelta([...points(before), ...points(candles)], anchor, day).slice(before.length);
}

function candleAnswer(
  { priceScale, qtyScale }: Instrument,
  { head, rows, complete, hasGap }: GroupedCandle,
  groupTicks: number,
  cvd: number | null,
): CandleAnswer {
  const price = (ticks: number) => fromUnits(priceScale, ticks);
  const quantity = (lots: number) => fromUnits(qtyScale, lots);
  const levels = rowsOf(rows);
  const area = valueArea(levels, groupTicks);
  if (area === null) throw new Error(`Candle ${head.openTime} has no trade`);
  return {
    time: head.openTime,
    open: price(head.open),
    high: price(head.high),
    low: price(head.low),
    close: price(head.close),
    volume: quantity(head.buyLots + head.sellLots),
    buyVolume: quantity(head.buyLots),
    sellVolume: quantity(head.sellLots),
    delta: quantity(deltaOf(head)),
    minDelta: quantity(head.minDelta),
    maxDelta: quantity(head.maxDelta),
    trades: head.trades,
    poc: price(area.poc),
    vah: price(area.vah),
    val: price(area.val),
    complete,
    gap: hasGap,
    cvd: cvd === null ? null : quantity(cvd),
    levels: levels.map((row) => [
      price(row.row),
      quantity(row.sellLots),
      quantity(row.buyLots),
      row.trades,
    ]),
  };
}
