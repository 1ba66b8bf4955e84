import assert from "node:assert/strict";
import type { BookAnswer, CandlesAnswer } from "../../bus/queries.ts";
import { type Interval, INTERVALS, openTimeOf } from "../../market/interval.ts";
import { fromUnits, parseScale, toUnits } from "../../market/scale.ts";
import { numbers, type OracleBook, type OracleCandle, type OracleFootprints } from "./oracle.ts";
import { getJson } from "./product.ts";

/** Finer than every quantity in the captures: sums of it are exact. */
const LOTS = parseScale("0.00000001");

/**
 * Every candle, row, delta, extreme and POC of /api/candles equals the oracle's; those of longer
 * intervals equal what the oracle's minutes add up to.
 *
 * @param options.hasStopped the program was stopped in the last minute: nobody knows how it ended
 */
export async function assertCandlesEqual(
  url: string,
  symbol: string,
  oracle: OracleFootprints,
  options: { readonly interval?: Interval; readonly hasStopped?: boolean } = {},
): Promise<void> {
  const { interval = "1m", hasStopped = false } = options;
  for (const group of oracle.buckets) {
    const query = `symbol=${symbol}&interval=${interval}&group=${group}`;
    const { status, body } = await getJson<CandlesAnswer>(`${url}/api/candles?${query}`);
    assert.equal(status, 200);
    assert.equal(body.group, Number(group));
    const expected = expectedCandles(oracle.candles, INTERVALS[interval], group);
    const last = expected[expected.length - 1];
    if (hasStopped) expected[expected.length - 1] = { ...last, cvd: null };
    assert.deepEqual(
      body.candles.map(({ vah: _vah, val: _val, gap: _gap, ...candle }) => candle),
      expected,
      `candles of ${interval} in rows of ${group}`,
    );
  }
}

/** The oracle's minutes as candles of an interval, as /api/candles should answer them. */
function expectedCandles(minutes: readonly OracleCandle[], intervalMs: number, group: string) {
  const times = new Set(minutes.map(({ openTime }) => openTimeOf(openTime, intervalMs)));
  return [...times].map((time) => {
    const own = minutes.filter(({ openTime }) => openTimeOf(openTime, intervalMs) === time);
    const day = openTimeOf(time, INTERVALS["1d"]);
    const ofDay = minutes.filter(({ openTime }) => openTime >= day && openTime < time + intervalMs);
    // Of a day that was going on already when the capture began, the sum is not known.
    const cvd = day < minutes[0].openTime ? null : decimal(sum(ofDay, ({ delta }) => delta));
    return { ...candleOf(time, own, group), cvd };
  });
}

function candleOf(time: number, minutes: readonly OracleCandle[], group: string) {
  const last = minutes[minutes.length - 1];
  let running = 0;
  let [minDelta, maxDelta] = [0, 0];
  for (const { delta, minDeltaFromZero, maxDeltaFromZero } of minutes) {
    minDelta = Math.min(minDelta, running + lots(minDeltaFromZero));
    maxDelta = Math.max(maxDelta, running + lots(maxDeltaFromZero));
    running += lots(delta);
  }
  const rows = new Map<number, { sell: number; buy: number; trades: number }>();
  for (const { footprint } of minutes) {
    for (const [price, buy, sell, buyTrades, sellTrades] of footprint[group].rows) {
      const row = rows.get(Number(price)) ?? { sell: 0, buy: 0, trades: 0 };
      row.sell += lots(sell);
      row.buy += lots(buy);
      row.trades += buyTrades + sellTrades;
      rows.set(Number(price), row);
    }
  }
  const ascending = [...rows].sort(([a], [b]) => a - b);
  const largest = Math.max(...ascending.map(([, { sell, buy }]) => sell + buy));
  const poc = ascending.find(([, { sell, buy }]) => sell + buy === largest)?.[0];
  if (minutes.length === 1) assert.equal(poc, Number(minutes[0].footprint[group].poc));
  return {
    time,
    open: Number(minutes[0].open),
    high: Math.max(...minutes.map(({ high }) => Number(high))),
    low: Math.min(...minutes.map(({ low }) => Number(low))),
    close: Number(last.close),
    volume: decimal(sum(minutes, ({ volume }) => volume)),
    buyVolume: decimal(sum(minutes, ({ buyVolume }) => buyVolume)),
    sellVolume: decimal(sum(minutes, ({ sellVolume }) => sellVolume)),
    delta: decimal(running),
    minDelta: decimal(minDelta),
    maxDelta: decimal(maxDelta),
    trades: minutes.reduce((total, { trades }) => total + trades, 0),
    poc,
    complete: minutes.every(({ complete }) => complete),
    levels: ascending.map(([price, { sell, buy, trades }]) => [
      price,
      decimal(sell),
      decimal(buy),
      trades,
    ]),
  };
}

/** The text may have a minus. */
const lots = (text: string) =>
  text.startsWith("-") ? -toUnits(LOTS, text.slice(1)) : toUnits(LOTS, text);
const decimal = (units: number) => fromUnits(LOTS, units);
const sum = (minutes: readonly OracleCandle[], of: (minute: OracleCandle) => string) =>
  minutes.reduce((total, minute) => total + lots(of(minute)), 0);

/** The whole book of /api/book equals the oracle's at the end of a minute. */
export async function assertBookEqual(
  url: string,
  symbol: string,
  oracle: OracleBook,
  knownRange: readonly [string, string],
): Promise<void> {
  const { body } = await getJson<BookAnswer>(`${url}/api/book?symbol=${symbol}`);
  const at = `book at ${oracle.asOfE}`;
  assert.equal(body.lastUpdateId, oracle.lastUpdateId, at);
  assert.equal(body.eventTime, oracle.asOfE, at);
  assert.deepEqual(body.knownRange, knownRange.map(Number), at);
  for (const side of ["bids", "asks"] as const) {
    const [levels, total] = side === "bids"
      ? [oracle.bidLevels, oracle.bidQtyTotal]
      : [oracle.askLevels, oracle.askQtyTotal];
    assert.equal(body[side].length, levels, `${side} of the ${at}`);
    assert.deepEqual(
      body[side].slice(0, 1000),
      numbers(oracle.top1000[side]),
      `${side} of the ${at}`,
    );
    const lots = body[side].reduce(
      (sum, [, quantity]) => sum + toUnits(LOTS, quantity.toFixed(8)),
      0,
    );
    assert.equal(lots, toUnits(LOTS, total), `total of the ${side} of the ${at}`);
    await assertRowsEqual(url, symbol, side, oracle);
  }
}

async function assertRowsEqual(
  url: string,
  symbol: string,
  side: "bids" | "asks",
  oracle: OracleBook,
): Promise<void> {
  for (const [group, heat] of Object.entries(oracle.heat)) {
    const query = `symbol=${symbol}&group=${group}`;
    const { body } = await getJson<BookAnswer>(`${url}/api/book?${query}`);
    // The oracle grouped its best thousand levels: its last row may lack levels that we hold.
    const expected = numbers(heat[side]).slice(0, -1);
    assert.deepEqual(
      body[side].slice(0, expected.length),
      expected,
      `${side} at ${oracle.asOfE} in rows of ${group}`,
    );
  }
}
