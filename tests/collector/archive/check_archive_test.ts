import assert from "node:assert/strict";
import { checkArchive } from "../../../collector/archive/check_archive.ts";
import { encodeHeader, encodeRecord } from "../../../collector/archive/journal_format.ts";
import { writeTradeFile } from "../../../collector/archive/parquet_file.ts";
import type { Trade } from "../../../market/types.ts";
import { DAY, SERIES, tradeOf, tradesOf } from "./fixture.ts";
import { MemoryFs } from "./memory_fs.ts";

const FOLDER = "trades/BTCUSDT";
const DAY_FOLDER = `${FOLDER}/2024-08-08`;

async function segment(fs: MemoryFs, name: string, trades: readonly Trade[]): Promise<void> {
  await writeTradeFile(fs, `${DAY_FOLDER}/${name}`, SERIES, [trades]);
}

async function journal(fs: MemoryFs, name: string, ...parts: Uint8Array[]): Promise<void> {
  const bytes = await new Blob([encodeHeader(SERIES), ...parts] as BlobPart[]).arrayBuffer();
  fs.put(`${FOLDER}/${name}`, new Uint8Array(bytes));
}

Deno.test("checkArchive() finds nothing wrong with segments, a journal and a known gap", async () => {
  const fs = new MemoryFs();
  await segment(fs, "1-9.parquet", tradesOf(1, 9));
  await journal(fs, "journal-2.bin", encodeRecord(tradesOf(9, 12)), encodeRecord([tradeOf(15)]));
  const note = { fromId: 13, toId: 14, reason: "cut", time: 7 };
  fs.put(`${FOLDER}/gaps.json`, new TextEncoder().encode(JSON.stringify([note])));
  const report = await checkArchive(fs, FOLDER);
  assert.deepEqual(report.defects, []);
  assert.deepEqual(report.knownGaps, [note]);
  const { trades, firstId, lastId, segments, journals } = report;
  assert.deepEqual(
    { trades, firstId, lastId, segments, journals },
    { trades: 13, firstId: 1, lastId: 15, segments: 1, journals: 1 },
  );
});

Deno.test("checkArchive() names a hole that no record tells of", async () => {
  const fs = new MemoryFs();
  await segment(fs, "1-9.parquet", tradesOf(1, 9).filter(({ id }) => id !== 4));
  const { defects } = await checkArchive(fs, FOLDER);
  assert.deepEqual(defects, [`${FOLDER}: ids 4 to 4 are missing, and no gap record says so`]);
});

Deno.test("checkArchive() names ids that are there twice, and those of another day", async () => {
  const fs = new MemoryFs();
  await segment(fs, "1-9.parquet", tradesOf(1, 9));
  await segment(fs, "8-10.parquet", [tradeOf(8), tradeOf(9), tradeOf(10, DAY)]);
  const { defects } = await checkArchive(fs, FOLDER);
  assert.deepEqual(defects, [
    `${DAY_FOLDER}/8-10.parquet: 1 trades are of another day`,
    `${DAY_FOLDER}/8-10.parquet: 2 ids are there twice`,
  ]);
});

Deno.test("checkArchive() finds nothing wrong where a merge was cut off", async () => {
  const fs = new MemoryFs();
  await segment(fs, "1-4.parquet", tradesOf(1, 4));
  await segment(fs, "5-9.parquet", tradesOf(5, 9));
  await segment(fs, "1-9.parquet", tradesOf(1, 9));
  const { defects, remarks, trades, segments } = await checkArchive(fs, FOLDER);
  assert.deepEqual(defects, []);
  assert.deepEqual(
    remarks,
    ["1-4", "5-9"].map((name) =>
      `${DAY_FOLDER}/${name}.parquet was merged into another file, and goes`
    ),
  );
  assert.deepEqual({ trades, segments }, { trades: 9, segments: 3 });
});

Deno.test("checkArchive() names every file that cannot be trusted", async () => {
  const fs = new MemoryFs();
  await segment(fs, "1-9.parquet", tradesOf(1, 8));
  const bytes = fs.bytesOf(`${DAY_FOLDER}/1-9.parquet`).slice(0, 300);
  fs.put(`${DAY_FOLDER}/10-20.parquet`, bytes);
  const damaged = encodeRecord([tradeOf(30)]);
  damaged[30] ^= 4;
  await journal(fs, "journal-1.bin", damaged, encodeRecord([tradeOf(9)]));
  await journal(fs, "journal-2.bin", encodeRecord([tradeOf(10)]).slice(0, 40));
  fs.put(`${FOLDER}/journal-3.bin`, new TextEncoder().encode("not a journal at all"));
  fs.put(`${FOLDER}/journal-4.bin.aside`, new Uint8Array(9));
  fs.put(`${FOLDER}/gaps.json`, new TextEncoder().encode("{"));
  const { defects, remarks } = await checkArchive(fs, FOLDER);
  const patterns = [
    /1-9\.parquet: its name is not that of its ids/,
    /10-20\.parquet cannot be read/,
    /journal-1\.bin: 61 bytes at byte \d+ are damaged/,
    /journal-3\.bin: it is no journal of trades/,
    /journal-4\.bin\.aside was set aside/,
    /gaps\.json is no list of gap notes: \{/,
  ];
  const found = defects.join("\n");
  for (const pattern of patterns) assert.match(found, pattern);
  assert.equal(defects.length, patterns.length, found);
  assert.deepEqual(remarks, [`${FOLDER}/journal-2.bin: its last 40 bytes are a write cut off`]);
});
