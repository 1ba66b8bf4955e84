import assert from "node:assert/strict";
import type { ApiCandles, ApiGet } from "../../live/api.ts";
import { CandleHistory, storedCandle } from "../../live/candle_history.ts";
import { CandleStore } from "../../live/candle_store.ts";
import { instrument } from "../chart/fixture.ts";

const HOUR = 3_600_000;

const candle = {
  time: HOUR,
  open: 61837.63,
  high: 61855.37,
  low: 61824,
  close: 61828,
  buyVolume: 6.32,
  sellVolume: 6.11,
  minDelta: -0.55,
  maxDelta: 2.44,
  trades: 875,
  complete: true,
  levels: [[61824, 6.11, 6.32, 875]] as const,
};

Deno.test("storedCandle() turns the answer's decimals into integers", () => {
  const stored = storedCandle(instrument, candle, 100);
  assert.equal(stored.open, 6_183_763);
  assert.equal(stored.high, 6_185_537);
  assert.equal(stored.minDelta, -55);
  assert.deepEqual([...stored.levels], [
    [6_182_400, { sellLots: 611, buyLots: 632, trades: 875 }],
  ]);
});

Deno.test("CandleHistory fetches each hour once per row size", async () => {
  const asked: unknown[][] = [];
  const get = ((_path: string, { from, to, group }: Record<string, unknown>) => {
    asked.push([from, to, group]);
    const answer: ApiCandles = { group: 1, candles: from === HOUR ? [candle] : [] };
    return Promise.resolve(answer);
  }) as ApiGet;
  const store = new CandleStore();
  const { signal } = new AbortController();
  const history = new CandleHistory("BTCUSDT", store, get, () => {}, signal);
  history.want(instrument, HOUR + 5, 2 * HOUR, 100, 0);
  await new Promise((resolve) => setTimeout(resolve));
  history.want(instrument, HOUR, 2 * HOUR, 100, 10);
  history.want(instrument, HOUR, 2 * HOUR, 1000, 10);
  assert.deepEqual(asked, [[HOUR, 2 * HOUR, "1"]]);
  assert.equal(store.candles.length, 1);
  // Finer rows than those held are worth another request, after the pause.
  history.want(instrument, HOUR, 2 * HOUR, 10, 6_000);
  assert.deepEqual(asked[1], [HOUR, 2 * HOUR, "0.1"]);
});
