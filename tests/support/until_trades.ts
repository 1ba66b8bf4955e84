import assert from "node:assert/strict";
import type { CandlesAnswer } from "../../bus/queries.ts";
import { getJson } from "./product.ts";

const LIMIT_MS = 30_000;

/**
 * Resolves when /api/candles tells so many trades. It is asked again and again: what comes from the
 * disk is announced by nothing.
 *
 * @param rows size of the rows that are asked for; without it the finest
 */
export async function untilTrades(
  url: string,
  symbol: string,
  count: number,
  rows = "",
): Promise<void> {
  const query = `symbol=${symbol}${rows && `&group=${rows}`}`;
  for (let end = performance.now() + LIMIT_MS, seen = NaN; seen !== count;) {
    assert.ok(performance.now() < end, `${seen} of ${count} trades were seen in time`);
    const { status, body } = await getJson<CandlesAnswer>(`${url}/api/candles?${query}`);
    if (status === 200) seen = body.candles.reduce((sum, { trades }) => sum + trades, 0);
    else await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
