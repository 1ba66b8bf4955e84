import assert from "node:assert/strict";
import { DuckDBInstance } from "@duckdb/node-api";
import type { Wall } from "../../../market/wall.ts";
import { WALLS_SCHEMA } from "../../../processor/store/walls_schema.ts";
import { WallsStore } from "../../../processor/store/walls_store.ts";

const EATEN: Wall = {
  side: "bid",
  row: 6_180_000,
  born: 1_000,
  died: 5_000,
  peakLots: 2_500_000_000,
  lots: 3,
  tradedLots: Number.MAX_SAFE_INTEGER,
  ended: "filled",
};
const PULLED: Wall = { ...EATEN, side: "ask", born: 4_000, died: 9_000, ended: "pulled" };

Deno.test("WallsStore gives back walls that rested in a range, each symbol and market its own", async () => {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  try {
    await connection.run(WALLS_SCHEMA);
    await connection.run(WALLS_SCHEMA);
    const spot = new WallsStore(connection, "spot");
    await spot.save("BTCUSDT", [PULLED, { ...EATEN, ended: "mixed" }]);
    // Told again: it counts once, as it was told last.
    await spot.save("BTCUSDT", [EATEN]);
    await spot.save("BTCUSDT", []);
    await spot.save("ETHUSDT", [{ ...EATEN, ended: "unknown" }]);
    assert.deepEqual(await spot.read("BTCUSDT", -Infinity, Infinity, 10), [EATEN, PULLED]);
    assert.deepEqual(await spot.read("BTCUSDT", 5_000, 5_001, 10), [EATEN, PULLED]);
    assert.deepEqual(await spot.read("BTCUSDT", 5_001, 9_000, 10), [PULLED]);
    assert.deepEqual(await spot.read("BTCUSDT", 0, 4_000, 10), [EATEN]);
    assert.deepEqual(await spot.read("BTCUSDT", 0, 10_000, 1), [EATEN]);
    assert.equal((await spot.read("ETHUSDT", 0, 10_000, 10))[0].ended, "unknown");
    assert.deepEqual(await new WallsStore(connection, "usdm").read("BTCUSDT", 0, 1e9, 10), []);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
});

Deno.test("WallsStore writes all walls or none, and only those that have ended", async () => {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  try {
    await connection.run(WALLS_SCHEMA);
    const store = new WallsStore(connection, "spot");
    const resting = { ...PULLED, died: null, ended: null };
    await assert.rejects(store.save("BTCUSDT", [EATEN, resting]), /born at 4000 has not ended/);
    assert.deepEqual(await store.read("BTCUSDT", 0, 1e9, 10), []);
    await store.save("BTCUSDT", [EATEN]);
    assert.deepEqual(await store.read("BTCUSDT", 0, 1e9, 10), [EATEN]);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
});
