import assert from "node:assert/strict";
import type { CandlesFrame } from "../../bus/messages.ts";
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
  gap: false,
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
  const history = new CandleHistory(
    { symbol: "BTCUSDT", interval: "1m" },
    store,
    get,
    () => {},
    signal,
  );
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

/** Answers that a test gives when it wants to; `asked` are the row sizes in the order of asking. */
function heldBack() {
  const asked: unknown[] = [];
  const answers: ((answer: ApiCandles) => void)[] = [];
  const get = ((_path: string, { group }: Record<string, unknown>) => {
    asked.push(group);
    return new Promise<ApiCandles>((resolve) => answers.push(resolve));
  }) as ApiGet;
  const store = new CandleStore();
  let changes = 0;
  const { signal } = new AbortController();
  const history = new CandleHistory(
    { symbol: "BTCUSDT", interval: "1m" },
    store,
    get,
    () => changes++,
    signal,
  );
  const answer = async (index: number, candles: ApiCandles["candles"], group = 1) => {
    const before = changes;
    answers[index]({ group, candles });
    for (let turns = 0; changes === before && turns < 10; turns++) await Promise.resolve();
    assert.equal(changes, before + 1, "an answer is told");
  };
  return { asked, store, history, answer };
}

const liveFrame = (time: number, levels: number[] | null): CandlesFrame => {
  const { group: _, ...totals } = storedCandle(instrument, { ...candle, time }, 1);
  const full = levels !== null;
  return {
    type: "candles",
    symbol: "BTCUSDT",
    seq: 1,
    full,
    candles: [{ ...totals, levels }],
  };
};

Deno.test("CandleHistory asks again for what was corrected while it was asked for", async () => {
  const { asked, store, history, answer } = heldBack();
  store.applyFrame(liveFrame(3 * HOUR, [6_182_800, 1, 1, 1]));
  history.want(instrument, HOUR, 2 * HOUR, 100, 0);
  assert.deepEqual(store.applyFrame(liveFrame(HOUR, null)), [HOUR]);
  await answer(0, [candle]);
  assert.equal(store.at(HOUR), undefined, "the answer may be older than the correction");
  history.want(instrument, HOUR, 2 * HOUR, 100, 1);
  assert.deepEqual(asked, ["1", "1"]);
  const corrected = { ...candle, trades: 876 };
  await answer(1, [corrected]);
  assert.equal(store.at(HOUR)?.trades, 876);
  assert.equal(store.at(HOUR)?.stale, false);
  history.want(instrument, HOUR, 2 * HOUR, 100, 2);
  assert.equal(asked.length, 2, "nothing is left to ask for");
});

Deno.test("CandleHistory asks again for everything after forgetAll()", async () => {
  const { asked, store, history, answer } = heldBack();
  history.want(instrument, 0, 2 * HOUR, 100, 0);
  await answer(0, []);
  await answer(1, [candle]);
  history.want(instrument, 0, 2 * HOUR, 100, 1);
  assert.equal(asked.length, 2);
  store.markAllStale();
  history.forgetAll();
  history.want(instrument, 0, 2 * HOUR, 100, 2);
  assert.equal(asked.length, 4);
});

Deno.test("CandleHistory does not let an answer from before forgetAll() stand", async () => {
  const { asked, store, history, answer } = heldBack();
  history.want(instrument, HOUR, 2 * HOUR, 100, 0);
  store.markAllStale();
  history.forgetAll();
  history.want(instrument, HOUR, 2 * HOUR, 100, 1);
  const corrected = { ...candle, trades: 876 };
  await answer(1, [corrected]);
  await answer(0, [candle]);
  assert.equal(asked.length, 2);
  assert.equal(store.at(HOUR)?.trades, 876);
});

Deno.test("CandleHistory takes the row size that the answer has", async () => {
  const { store, history, answer } = heldBack();
  history.want(instrument, HOUR, 2 * HOUR, 100, 0);
  await answer(0, [candle], 10);
  assert.equal(store.at(HOUR)?.group, 1000);
});
