import assert from "node:assert/strict";
import type { LiquidityFrame } from "../../bus/messages.ts";
import { ApiError, type ApiGet } from "../../live/api.ts";
import { HeatStore } from "../../live/heat_store.ts";
import { instrument } from "../chart/fixture.ts";

const START = 1_280_000;

const keyframe: LiquidityFrame = {
  type: "liquidity",
  symbol: "BTCUSDT",
  seq: 1,
  full: true,
  baseGroup: 100,
  stepMs: 250,
  columns: [{
    time: START + 250,
    known: [4000, 6999],
    keyframe: true,
    bids: [5000, 500, 2],
    asks: [],
  }],
};

const wish = {
  from: START - 20_000,
  to: START + 60_000,
  stepMs: 250,
  group: 100,
  low: 5000,
  high: 5400,
};

function storeWithAnswers() {
  const asked: Record<string, string | number>[] = [];
  const answers: (() => void)[] = [];
  const empty = { step: 250, group: 1, times: [], prices: [], bids: [], asks: [] };
  const get = ((_path: string, query: Record<string, string | number>) => {
    asked.push(query);
    const { promise, resolve } = Promise.withResolvers();
    answers.push(() => resolve(empty));
    return promise;
  }) as ApiGet;
  const { signal } = new AbortController();
  return { store: new HeatStore("BTCUSDT", get, () => {}, signal), asked, answers };
}

Deno.test("HeatStore knows no tile before the first column", () => {
  const { store } = storeWithAnswers();
  assert.deepEqual(store.tiles(wish, instrument), []);
});

Deno.test("HeatStore asks for closed columns only and writes the newest from the stream", () => {
  const { store, asked } = storeWithAnswers();
  store.applyFrame(keyframe, instrument);
  const tiles = store.tiles(wish, instrument);
  // 128 columns of 250 ms are 32 s; START is a multiple of them.
  assert.deepEqual(tiles.map(({ start }) => start), [START - 32_000, START]);
  assert.deepEqual(asked.map(({ from, to }) => [from, to]), [
    [START - 32_000, START],
    [START, START + 500],
  ]);
  store.applyFrame({
    ...keyframe,
    full: false,
    columns: [{ ...keyframe.columns[0], time: START + 500, keyframe: false, bids: [] }],
  }, instrument);
  const tile = tiles[1];
  const row = (5000 - tile.low) / 100;
  // The row at 5000 rests at 2 lots for the whole bin.
  assert.equal(tile.values[(tile.rows - 1 - row) * tile.columns + 2], 2);
});

Deno.test("HeatStore asks for each tile once", () => {
  const { store, asked } = storeWithAnswers();
  store.applyFrame(keyframe, instrument);
  store.tiles(wish, instrument);
  store.tiles(wish, instrument);
  assert.equal(asked.length, 2);
});

Deno.test("HeatStore shows a tile as it is until its new price range has come", async () => {
  const { store, answers } = storeWithAnswers();
  store.applyFrame(keyframe, instrument);
  const [before] = store.tiles(wish, instrument);
  for (const answer of answers.splice(0)) answer();
  await new Promise((resolve) => setTimeout(resolve));
  const higher = { ...wish, low: 6000, high: 6400 };
  assert.equal(store.tiles(higher, instrument)[0], before);
  for (const answer of answers.splice(0)) answer();
  await new Promise((resolve) => setTimeout(resolve));
  const [after] = store.tiles(higher, instrument);
  assert.notEqual(after, before);
  assert.ok(after.low <= 6000 && after.ready);
});

Deno.test("HeatStore takes the recorded step where its own is finer, and keeps other refusals", async () => {
  const asked: (string | number)[] = [];
  const done = Promise.withResolvers<void>();
  const get = ((_path: string, query: Record<string, string | number>) => {
    asked.push(query.step);
    if (query.step !== 60_000) {
      return Promise.reject(new ApiError("too_fine", "kept by the minute"));
    }
    const from = Number(query.from);
    return Promise.resolve({
      ...{ step: 60_000, group: 1, times: [from], prices: [50], bids: [[3]], asks: [[0]] },
    });
  }) as ApiGet;
  const { signal } = new AbortController();
  const store = new HeatStore("BTCUSDT", get, done.resolve, signal);
  store.applyFrame(keyframe, instrument);
  const [tile] = store.tiles({ ...wish, to: START - 1 }, instrument);
  await done.promise;
  assert.deepEqual(asked, [250, 1000, 60_000]);
  // The tile begins at 1248 s: columns up to the end of that minute, at 1260 s, have its mean.
  const row = (tile.rows - 1 - (5000 - tile.low) / tile.group) * tile.columns;
  const cells = [...tile.values.subarray(row, row + tile.columns)];
  assert.deepEqual(cells.slice(0, 48), Array(48).fill(300));
  assert.ok(cells.slice(48).every(Number.isNaN));
});
