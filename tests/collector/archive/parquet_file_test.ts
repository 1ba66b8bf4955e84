import assert from "node:assert/strict";
import {
  readTradeFile,
  readTradeFileInfo,
  ROW_GROUP_ROWS,
  writeTradeFile,
} from "../../../collector/archive/parquet_file.ts";
import { BEFORE_MIDNIGHT, collect, SERIES, tradeOf, tradesOf } from "./fixture.ts";
import { MemoryFs } from "./memory_fs.ts";

const PATH = "day/file.parquet";

Deno.test("a file of trades gives back every field exactly, also the largest", async () => {
  const fs = new MemoryFs();
  const largest = Number.MAX_SAFE_INTEGER;
  const trades = [
    tradeOf(1),
    { ...tradeOf(2), priceTicks: largest, qtyLots: largest, isBuyerMaker: true },
    { ...tradeOf(largest), firstTradeId: largest - 1, lastTradeId: largest },
  ];
  const written = await writeTradeFile(fs, PATH, SERIES, [trades]);
  assert.deepEqual(await collect(readTradeFile(fs, PATH)), trades);
  const info = await readTradeFileInfo(fs, PATH);
  assert.deepEqual(info, written);
  assert.deepEqual(info.ids, [{ from: 1, to: 2 }, { from: largest, to: largest }]);
  assert.deepEqual(info.series, SERIES);
  assert.equal(info.bytes, fs.bytesOf(PATH).length);
});

Deno.test("a file of trades is read in row groups, and only those of the time that is wanted", async () => {
  const fs = new MemoryFs();
  const trades = tradesOf(1, ROW_GROUP_ROWS + 10);
  await writeTradeFile(fs, PATH, SERIES, [trades.slice(0, 7), trades.slice(7)]);
  const fromTime = BEFORE_MIDNIGHT + ROW_GROUP_ROWS + 5;
  const batches = await Array.fromAsync(readTradeFile(fs, PATH, { fromTime, toTime: Infinity }));
  assert.deepEqual(batches.map((batch) => batch.length), [10]);
  assert.equal((await collect(readTradeFile(fs, PATH))).length, trades.length);
});

Deno.test("a file of something else is refused with what is wrong", async () => {
  const fs = new MemoryFs();
  fs.put(PATH, new TextEncoder().encode("PAR1 but nothing more of it PAR1"));
  await assert.rejects(readTradeFileInfo(fs, PATH));
});
