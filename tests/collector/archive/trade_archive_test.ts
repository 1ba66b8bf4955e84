import assert from "node:assert/strict";
import { encodeHeader, encodeRecord } from "../../../collector/archive/journal_format.ts";
import { TradeArchive } from "../../../collector/archive/trade_archive.ts";
import { parseScale } from "../../../market/scale.ts";
import {
  BEFORE_MIDNIGHT,
  collect,
  DAY,
  EVER,
  MINUTE,
  SERIES,
  tradeOf,
  tradesOf,
} from "./fixture.ts";
import { MemoryFs } from "./memory_fs.ts";

const FOLDER = "trades/BTCUSDT";
const HOUR = 60 * MINUTE;

async function openArchive(fs: MemoryFs, series = SERIES) {
  const messages: string[] = [];
  const archive = await TradeArchive.open({
    fs,
    folder: FOLDER,
    series,
    onMessage: (message) => messages.push(message),
  });
  return { archive, messages };
}

Deno.test("TradeArchive gives back what was written, each id once, over journal and segments", async () => {
  const fs = new MemoryFs();
  const { archive } = await openArchive(fs);
  await archive.write(tradesOf(1, 50), 0);
  await archive.maintain(HOUR);
  await archive.write(tradesOf(40, 80), HOUR);
  assert.deepEqual(fs.paths(), [
    `${FOLDER}/2024-08-08/1-50.parquet`,
    `${FOLDER}/journal-2.bin`,
  ]);
  assert.deepEqual(await collect(archive.read(EVER)), tradesOf(1, 80));
  const span = { fromTime: BEFORE_MIDNIGHT + 45, toTime: BEFORE_MIDNIGHT + 60 };
  assert.deepEqual(await collect(archive.read(span)), tradesOf(45, 59));
  archive.close();
});

Deno.test("TradeArchive keeps what was synced before a crash, and nothing twice after it", async () => {
  const fs = new MemoryFs();
  const { archive } = await openArchive(fs);
  await archive.write(tradesOf(1, 10), 0);
  fs.before = (call) => {
    if (call === "sync") throw new Error("No space left on device");
  };
  await assert.rejects(archive.write(tradesOf(11, 20), 0), /No space left/);
  await assert.rejects(archive.write(tradesOf(21, 21), 0), /takes no more/);
  fs.before = () => {};
  fs.crash(30);
  const { archive: again, messages } = await openArchive(fs);
  assert.deepEqual(await collect(again.read(EVER)), tradesOf(1, 10));
  assert.deepEqual(messages, [
    `${FOLDER}/journal-1.bin: left out a write that was cut off, 30 bytes at byte ${
      encodeHeader(SERIES).length + 12 + 10 * 49
    }`,
  ]);
  await again.write(tradesOf(1, 20), 0);
  assert.deepEqual(await collect(again.read(EVER)), tradesOf(1, 20));
});

Deno.test("TradeArchive finishes a compaction that was cut off at any step", async () => {
  const steps = 12;
  for (let failing = 0; failing < steps; failing++) {
    const fs = new MemoryFs();
    const { archive } = await openArchive(fs);
    await archive.write(tradesOf(1, 10), 0);
    let calls = 0;
    fs.before = () => {
      if (calls++ === failing) throw new Error("cut off");
    };
    const failed = await archive.maintain(HOUR).then(() => false, () => true);
    assert.equal(failed, calls > failing, `step ${failing}`);
    fs.before = () => {};
    fs.crash();
    const { archive: again } = await openArchive(fs);
    assert.deepEqual(await collect(again.read(EVER)), tradesOf(1, 10), `step ${failing}`);
    assert.deepEqual(fs.paths(), [`${FOLDER}/2024-08-08/1-10.parquet`], `step ${failing}`);
    again.close();
  }
});

Deno.test("TradeArchive puts a late trade of yesterday into yesterday", async () => {
  const fs = new MemoryFs();
  const { archive } = await openArchive(fs);
  const midnight = BEFORE_MIDNIGHT + MINUTE;
  await archive.write([
    tradeOf(1, midnight - 2),
    tradeOf(2, midnight),
    // It came last, and belongs to the day before.
    tradeOf(3, midnight - 1),
  ], 0);
  await archive.maintain(HOUR);
  assert.deepEqual(fs.paths(), [
    `${FOLDER}/2024-08-08/1-3.parquet`,
    `${FOLDER}/2024-08-09/2-2.parquet`,
  ]);
  const span = { fromTime: 0, toTime: midnight };
  assert.deepEqual((await collect(archive.read(span))).map(({ id }) => id), [1, 3]);
});

Deno.test("TradeArchive makes one file of a day that is over", async () => {
  const fs = new MemoryFs();
  const { archive } = await openArchive(fs);
  for (let hour = 1; hour <= 3; hour++) {
    await archive.write(tradesOf(hour * 10, hour * 10 + 9), 0);
    await archive.maintain(hour * HOUR);
  }
  const nextDay = (id: number) => BEFORE_MIDNIGHT + DAY + id;
  await archive.write(tradesOf(40, 49, nextDay), 0);
  await archive.maintain(4 * HOUR);
  // The day got a segment since the last look: more may come.
  await archive.maintain(5 * HOUR);
  assert.deepEqual(fs.paths(), [
    `${FOLDER}/2024-08-08/10-39.parquet`,
    `${FOLDER}/2024-08-09/40-49.parquet`,
  ]);
  assert.deepEqual(
    await collect(archive.read(EVER)),
    [...tradesOf(10, 39), ...tradesOf(40, 49, nextDay)],
  );
});

Deno.test("TradeArchive notes every hole that nobody told of, and drops notes of filled ones", async () => {
  const fs = new MemoryFs();
  const { archive } = await openArchive(fs);
  await archive.write([...tradesOf(1, 3), ...tradesOf(7, 9), ...tradesOf(20, 21)], 0);
  await archive.note([{ fromId: 10, toId: 19, reason: "cut", time: 5 }]);
  await archive.maintain(HOUR);
  const told = { fromId: 10, toId: 19, reason: "cut", time: 5 };
  const found = {
    fromId: 4,
    toId: 6,
    reason: "found missing in the archive",
    time: BEFORE_MIDNIGHT + 21,
  };
  assert.deepEqual(archive.notes, [told, found]);
  await archive.write(tradesOf(10, 19), HOUR);
  await archive.maintain(HOUR + 1);
  assert.deepEqual((await openArchive(fs)).archive.notes, [found]);
});

Deno.test("TradeArchive sets a journal aside that is none, and an unreadable segment", async () => {
  const fs = new MemoryFs();
  fs.put(`${FOLDER}/journal-1.bin`, new TextEncoder().encode("something else, long enough"));
  fs.put(`${FOLDER}/2024-08-08/1-9.parquet`, new Uint8Array(20));
  const { archive, messages } = await openArchive(fs);
  assert.equal(archive.ids.last, null);
  assert.deepEqual(fs.paths(), [
    `${FOLDER}/2024-08-08/1-9.parquet.broken`,
    `${FOLDER}/journal-1.bin.aside`,
  ]);
  assert.match(messages.join("\n"), /1-9\.parquet cannot be read/);
  assert.match(messages.join("\n"), /journal-1\.bin\.aside: it is no journal of trades/);
});

Deno.test("TradeArchive leaves out a damaged record alone and tells where it was", async () => {
  const fs = new MemoryFs();
  const header = encodeHeader(SERIES);
  const records = [1, 2, 3].map((id) => encodeRecord([tradeOf(id)]));
  records[1][20] ^= 1;
  const bytes = new Uint8Array(await new Blob([header, ...records] as BlobPart[]).arrayBuffer());
  fs.put(`${FOLDER}/journal-7.bin`, bytes);
  const { archive, messages } = await openArchive(fs);
  assert.deepEqual(await collect(archive.read(EVER)), [tradeOf(1), tradeOf(3)]);
  const offset = header.length + records[0].length;
  assert.deepEqual(messages, [
    `${FOLDER}/journal-7.bin: left out a damaged part, 61 bytes at byte ${offset}`,
  ]);
});

Deno.test("TradeArchive reads older segments in units of a tick that was changed since", async () => {
  const fs = new MemoryFs();
  const { archive } = await openArchive(fs);
  await archive.write([tradeOf(1)], 0);
  await archive.maintain(HOUR);
  archive.close();
  const { archive: finer } = await openArchive(fs, { ...SERIES, priceScale: parseScale("0.001") });
  const [trade] = await collect(finer.read(EVER));
  assert.equal(trade.priceTicks, 10 * tradeOf(1).priceTicks);
});

Deno.test("TradeArchive refuses a folder of another symbol", async () => {
  const fs = new MemoryFs();
  const { archive } = await openArchive(fs);
  await archive.write([tradeOf(1)], 0);
  await archive.maintain(HOUR);
  await assert.rejects(
    openArchive(fs, { ...SERIES, symbol: "ETHUSDT" }),
    /1-1\.parquet holds spot BTCUSDT .*; this archive is for spot ETHUSDT/,
  );
});

Deno.test("TradeArchive drops whole days, and tells the ids that are torn at their border", async () => {
  const fs = new MemoryFs();
  const { archive } = await openArchive(fs);
  // Ids 9 and 10 stand in the wrong order of time around midnight.
  const early = [...tradesOf(1, 8), tradeOf(10, BEFORE_MIDNIGHT + 10)];
  const late = [tradeOf(9, BEFORE_MIDNIGHT + DAY + 1), tradeOf(11, BEFORE_MIDNIGHT + DAY + 2)];
  await archive.write([...early, ...late], 0);
  await archive.maintain(HOUR);
  await archive.write([tradeOf(12, BEFORE_MIDNIGHT + DAY + 3)], HOUR);
  const [first] = fs.paths();
  assert.match(first, /2024-08-08\/1-10\.parquet$/);
  const midnight = Date.UTC(2024, 7, 9);
  await archive.dropBefore(midnight - 1);
  assert.equal(fs.paths()[0], first, "the day is not over by then");
  const before = archive.bytes;
  await archive.dropBefore(midnight);
  assert.deepEqual(fs.paths().filter((path) => path.endsWith(".parquet")), [
    `${FOLDER}/2024-08-09/9-11.parquet`,
  ]);
  assert.ok(archive.bytes < before);
  assert.deepEqual((await collect(archive.read(EVER))).map(({ id }) => id), [9, 11, 12]);
  assert.deepEqual(archive.notes.map(({ fromId, toId, reason }) => [fromId, toId, reason]), [
    [10, 10, "older trades were dropped"],
  ]);
  assert.deepEqual(archive.ids.ranges, [{ from: 9, to: 9 }, { from: 11, to: 12 }]);
  archive.close();
  const { archive: again } = await openArchive(fs);
  assert.deepEqual((await collect(again.read(EVER))).map(({ id }) => id), [9, 11, 12]);
  again.close();
});

Deno.test("TradeArchive goes on when a segment of a day that is over cannot be merged", async () => {
  const fs = new MemoryFs();
  const { archive, messages } = await openArchive(fs);
  const [first, second] = [
    `${FOLDER}/2024-08-08/1-9.parquet`,
    `${FOLDER}/2024-08-08/10-19.parquet`,
  ];
  await archive.write(tradesOf(1, 9), 0);
  await archive.maintain(HOUR);
  await archive.write(tradesOf(10, 19), HOUR);
  await archive.maintain(2 * HOUR);
  // A disk forgets: the footer still reads well, the rows do not.
  const bytes = fs.bytesOf(first).slice();
  bytes.fill(7, 4, 300);
  fs.put(first, bytes);
  const nextDay = tradesOf(20, 29, (id) => BEFORE_MIDNIGHT + DAY + id);
  await archive.write(nextDay, 3 * HOUR);
  for (let hour = 4; hour < 8; hour++) await archive.maintain(hour * HOUR);
  assert.deepEqual(fs.paths(), [first, second, `${FOLDER}/2024-08-09/20-29.parquet`].sort());
  assert.equal(messages.length, 1);
  assert.match(messages[0], /^trades\/BTCUSDT\/2024-08-08 stays in 2 files: /);
});

Deno.test("TradeArchive has a note for every hole, however many there are, and writes them once", async () => {
  const fs = new MemoryFs();
  const { archive } = await openArchive(fs);
  const holes = 10_010;
  await archive.write(Array.from({ length: holes + 1 }, (_, i) => tradeOf(2 * i)), 0);
  await archive.maintain(1);
  const [joined, next] = archive.notes;
  assert.equal(archive.notes.length, 10_000);
  assert.deepEqual([joined.fromId, joined.toId, next.fromId], [1, 21, 23]);
  const written = fs.bytesOf(`${FOLDER}/gaps.json`);
  await archive.maintain(2);
  assert.equal(fs.bytesOf(`${FOLDER}/gaps.json`), written);
});
