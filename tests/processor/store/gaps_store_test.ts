import assert from "node:assert/strict";
import { DuckDBInstance } from "@duckdb/node-api";
import type { Gap } from "../../../processor/gap_ledger.ts";
import { GAPS_SCHEMA } from "../../../processor/store/gaps_schema.ts";
import { GapsStore } from "../../../processor/store/gaps_store.ts";

const BOOK: Gap = {
  kind: "book",
  from: 1_000,
  to: null,
  reason: 'it\'s "cut"',
  repaired: false,
  ids: null,
};
const TRADES: Gap = {
  kind: "trades",
  from: 2_000,
  to: 3_000,
  reason: "aggTrade 9 does not follow 5",
  repaired: false,
  ids: { from: 6, to: Number.MAX_SAFE_INTEGER },
};

Deno.test("GapsStore gives back gaps as they were written last, each symbol and market its own", async () => {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  try {
    await connection.run(GAPS_SCHEMA);
    const spot = new GapsStore(connection, "spot");
    await spot.save("BTCUSDT", [{ number: 1, gap: BOOK }, { number: 2, gap: TRADES }], 900);
    await spot.save("BTCUSDT", [{ number: 1, gap: { ...BOOK, to: 1_500 } }], 1_000);
    await spot.save("ETHUSDT", [{ number: 1, gap: { ...TRADES, repaired: true } }], null);
    assert.deepEqual(await spot.load("BTCUSDT"), {
      gaps: [{ number: 1, gap: { ...BOOK, to: 1_500 } }, { number: 2, gap: TRADES }],
      bookUntil: 1_000,
    });
    assert.deepEqual(await spot.load("ETHUSDT"), {
      gaps: [{ number: 1, gap: { ...TRADES, repaired: true } }],
      bookUntil: null,
    });
    assert.deepEqual(await new GapsStore(connection, "usdm").load("BTCUSDT"), {
      gaps: [],
      bookUntil: null,
    });
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
});
