import assert from "node:assert/strict";
import type { BookAnswer, CandlesAnswer } from "../../bus/queries.ts";
import { parseScale, toUnits } from "../../market/scale.ts";
import { numbers, type OracleBook, type OracleCandle, type OracleFootprints } from "./oracle.ts";
import { getJson } from "./product.ts";

/** Finer than every quantity in the captures: sums of it are exact. */
const LOTS = parseScale("0.00000001");

/** Every candle, row, delta, extreme and POC of /api/candles equals the oracle's. */
export async function assertCandlesEqual(
  url: string,
  symbol: string,
  oracle: OracleFootprints,
): Promise<void> {
  for (const group of oracle.buckets) {
    const query = `symbol=${symbol}&interval=1m&group=${group}`;
    const { status, body } = await getJson<CandlesAnswer>(`${url}/api/candles?${query}`);
    assert.equal(status, 200);
    assert.equal(body.group, Number(group));
    assert.deepEqual(
      body.candles.map(({ vah: _vah, val: _val, ...candle }) => candle),
      oracle.candles.map((candle) => candleOf(candle, group)),
      `candles in rows of ${group}`,
    );
  }
}

/** An oracle's candle as /api/candles should answer it. */
function candleOf(candle: OracleCandle, group: string) {
  const { poc, rows } = candle.footprint[group];
  return {
    time: candle.openTime,
    open: Number(candle.open),
    high: Number(candle.high),
    low: Number(candle.low),
    close: Number(candle.close),
    volume: Number(candle.volume),
    buyVolume: Number(candle.buyVolume),
    sellVolume: Number(candle.sellVolume),
    delta: Number(candle.delta),
    minDelta: Number(candle.minDeltaFromZero),
    maxDelta: Number(candle.maxDeltaFromZero),
    trades: candle.trades,
    poc: Number(poc),
    complete: candle.complete,
    levels: rows.map(([price, buyVolume, sellVolume, buyTrades, sellTrades]) => [
      Number(price),
      Number(sellVolume),
      Number(buyVolume),
      buyTrades + sellTrades,
    ]),
  };
}

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
