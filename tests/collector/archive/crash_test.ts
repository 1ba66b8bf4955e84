import assert from "node:assert/strict";
import { checkArchive } from "../../../collector/archive/check_archive.ts";
import { TradeArchive } from "../../../collector/archive/trade_archive.ts";
import { BEFORE_MIDNIGHT, collect, DAY, EVER, MINUTE, SERIES, tradesOf } from "./fixture.ts";
import { MemoryFs } from "./memory_fs.ts";

const FOLDER = "trades/BTCUSDT";
const HOUR = 60 * MINUTE;

const openArchive = (fs: MemoryFs) =>
  TradeArchive.open({ fs, folder: FOLDER, series: SERIES, onMessage: () => {} });

const idsOf = async (archive: TradeArchive) =>
  (await collect(archive.read(EVER))).map(({ id }) => id);

/** Journals, holes, trades that come twice, two days, notes and merges; tells what is on the disk. */
async function live(fs: MemoryFs, onDisk: (from: number, to: number) => void): Promise<void> {
  const archive = await openArchive(fs);
  let time = 0;
  const write = async (from: number, to: number) => {
    const timeOf = (id: number) => BEFORE_MIDNIGHT + id + (id < 36 ? 0 : DAY);
    await archive.write(tradesOf(from, to, timeOf), time);
    onDisk(from, to);
    await archive.maintain(time += HOUR);
  };
  await write(1, 9);
  await write(20, 29);
  await write(5, 22);
  await archive.note([{ fromId: 30, toId: 33, reason: "cut", time: 1 }]);
  await write(34, 40);
  await archive.maintain(time += HOUR);
  await write(1, 34);
  await archive.maintain(time += HOUR);
}

Deno.test("TradeArchive loses and doubles nothing, wherever a crash cuts it off", async () => {
  let steps = 0;
  for (let isWhole = false; !isWhole; steps++) {
    const fs = new MemoryFs();
    let left = steps;
    fs.before = () => {
      if (left-- <= 0) throw new Error("cut off");
    };
    const written = new Set<number>();
    isWhole = await live(fs, (from, to) => {
      for (let id = from; id <= to; id++) written.add(id);
    }).then(() => true, () => false);
    fs.before = () => {};
    fs.crash(steps % 3 === 0 ? 17 : 0);
    const again = await openArchive(fs);
    const ids = await idsOf(again);
    assert.deepEqual(ids, [...new Set(ids)].sort((a, b) => a - b), `step ${steps}`);
    assert.deepEqual([...written].filter((id) => !ids.includes(id)), [], `step ${steps}`);
    await again.maintain(100 * HOUR);
    await again.maintain(101 * HOUR);
    assert.deepEqual((await checkArchive(fs, FOLDER)).defects, [], `step ${steps}`);
    assert.deepEqual(await idsOf(again), ids, `step ${steps}`);
  }
  assert(steps > 100, `${steps} steps`);
});
