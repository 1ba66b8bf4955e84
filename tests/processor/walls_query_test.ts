import assert from "node:assert/strict";
import { join } from "node:path";
import type { MarketEvent } from "../../bus/messages.ts";
import type { WallsAnswer } from "../../bus/queries.ts";
import { parseScale } from "../../market/scale.ts";
import type { Wall } from "../../market/wall.ts";
import { DATABASE_FILE, openDatabase } from "../../processor/store/database.ts";
import { WallsStore } from "../../processor/store/walls_store.ts";
import { processorHere } from "./in_thread.ts";

const SYMBOL = "BTCUSDT";

/** A wall of an earlier run. */
const OLDER: Wall = {
  ...{ side: "ask", row: 10_050, born: 100, died: 200, peakLots: 500, lots: 0, tradedLots: 500 },
  ended: "filled",
};

/** The database in a folder, opened as between two runs. */
async function withWalls<T>(folder: string, use: (walls: WallsStore) => Promise<T>): Promise<T> {
  const database = await openDatabase(join(folder, DATABASE_FILE), { onMessage: assert.fail });
  try {
    return await use(new WallsStore(await database.connection(), "spot"));
  } finally {
    await database.close();
  }
}

/** The price at which the test's own wall rests, among 400 smaller rows. */
const PRICE = 9_950;
const flat = (sign: 1 | -1) =>
  Array.from({ length: 200 }, (_, i) => [10_000 + sign * (i + 1), i + 1]).flat();

const INSTRUMENT: MarketEvent = {
  type: "instrument",
  instrument: {
    symbol: SYMBOL,
    market: "spot",
    priceScale: parseScale("1"),
    qtyScale: parseScale("0.1"),
    stepSize: 0.1,
    baseAsset: "BTC",
    quoteAsset: "USDT",
  },
};

let updateId = 5;
const diff = (eventTime: number, bids: number[]): MarketEvent => ({
  type: "depthDiff",
  symbol: SYMBOL,
  diff: { eventTime, firstUpdateId: ++updateId, lastUpdateId: updateId, bids, asks: [] },
});

Deno.test("Processor answers for walls that rest and for those that have ended, and keeps these", async () => {
  const folder = await Deno.makeTempDir({ prefix: "footprint-walls-" });
  await withWalls(folder, (walls) => walls.save(SYMBOL, [OLDER]));
  const it = processorHere([SYMBOL]);
  it.feed(INSTRUMENT);
  it.record(folder);
  it.feed({
    type: "depthSnapshot",
    symbol: SYMBOL,
    eventTime: 1_000,
    snapshot: { lastUpdateId: updateId, bids: flat(-1), asks: flat(1) },
  });
  for (let second = 2; second <= 6; second++) it.feed(diff(second * 1000, []));
  // A hundred times what rests elsewhere, for five seconds, of which nothing trades.
  it.feed(diff(7_000, [PRICE, 1000]));
  for (let second = 8; second <= 12; second++) it.feed(diff(second * 1000, []));
  const query = { type: "walls", symbol: SYMBOL, from: 0, to: 1e15 };
  const wall = {
    ...{ side: "bid", price: PRICE, born: 7_000, died: null, peak: 100, quantity: 100 },
    ...{ traded: 0, ended: null },
  };
  // The largest of the other rows are walls too, from the beginning.
  const own = async (asked: unknown) =>
    (await it.ask<WallsAnswer>(asked)).walls.filter(({ price }) => price === PRICE);
  assert.deepEqual(await own(query), [wall]);
  it.feed(diff(12_500, [PRICE, 10]));
  for (let second = 13; second <= 16; second++) it.feed(diff(second * 1000, []));
  const pulled = { ...wall, died: 12_500, quantity: 1, ended: "pulled" };
  assert.deepEqual(await own(query), [pulled]);
  const [first] = (await it.ask<WallsAnswer>(query)).walls;
  assert.deepEqual([first.price, first.ended], [10_050, "filled"], "as the disk holds it");
  await it.finish();
  const saved = await withWalls(folder, (walls) => walls.read(SYMBOL, 0, 1e15, 100));
  assert.deepEqual(saved.filter(({ row }) => row === PRICE).map(({ ended }) => ended), ["pulled"]);
  await Deno.remove(folder, { recursive: true });
});
