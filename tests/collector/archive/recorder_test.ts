import assert from "node:assert/strict";
import { encodeHeader } from "../../../collector/archive/journal_format.ts";
import { Recorder } from "../../../collector/archive/recorder.ts";
import type { IdRange } from "../../../market/id_ranges.ts";
import { collect, SERIES, tradesOf } from "./fixture.ts";
import { MemoryFs } from "./memory_fs.ts";

const SYMBOL = SERIES.symbol;

async function setUp({ maxWaiting = 1000, fs = new MemoryFs() } = {}) {
  const clock = { ms: 0 };
  const lost: IdRange[] = [];
  const messages: string[] = [];
  const recorder = new Recorder({
    fs,
    folder: "trades",
    now: () => clock.ms,
    onLost: (_symbol, ranges) => lost.push(...ranges),
    onMessage: (message) => messages.push(message),
    maxWaiting,
  });
  await recorder.open(SERIES);
  const recorded = () => collect(recorder.read(SYMBOL, 0));
  return { fs, clock, recorder, recorded, lost, messages };
}

const FULL = "No space left on device";

function fill(fs: MemoryFs): void {
  fs.before = (call) => {
    if (call === "write" || call === "create") throw new Error(FULL);
  };
}

Deno.test("Recorder keeps trades that come while the disk is busy", async () => {
  const { fs, recorder, recorded } = await setUp();
  recorder.take(SYMBOL, tradesOf(1, 5));
  fs.before = (call) => {
    fs.before = () => {};
    assert.equal(call, "create");
    recorder.take(SYMBOL, tradesOf(6, 9));
  };
  await recorder.flush();
  assert.equal(recorder.waiting, 4);
  await recorder.flush();
  assert.deepEqual(await recorded(), tradesOf(1, 9));
});

Deno.test("Recorder says that a full disk stopped it, and resumes by itself without a loss", async () => {
  const { fs, clock, recorder, recorded, messages } = await setUp();
  recorder.take(SYMBOL, tradesOf(1, 5));
  await recorder.flush();
  assert.equal(recorder.state.state, "recording");
  fill(fs);
  recorder.take(SYMBOL, tradesOf(6, 9));
  await recorder.flush();
  assert.equal(recorder.state.state, "stopped");
  assert.equal(recorder.state.message, FULL);
  fs.before = () => {};
  clock.ms = 4_999;
  await recorder.flush();
  assert.equal(recorder.state.state, "stopped", "the disk is not asked all the time");
  recorder.take(SYMBOL, tradesOf(10, 12));
  clock.ms = 5_000;
  await recorder.flush();
  assert.equal(recorder.state.state, "recording");
  assert.deepEqual(await recorded(), tradesOf(1, 12));
  const offset = encodeHeader(SERIES).length + 12 + 5 * 49;
  assert.deepEqual(messages, [
    `Recording stopped: ${FULL}`,
    `trades/BTCUSDT/journal-1.bin: left out a write that was cut off, 104 bytes at byte ${offset}`,
    "Recording goes on",
  ]);
});

Deno.test("Recorder lets trades go beyond its limit, and asks for them once the disk is well", async () => {
  const { fs, clock, recorder, recorded, lost } = await setUp({ maxWaiting: 10 });
  fill(fs);
  recorder.take(SYMBOL, tradesOf(1, 8));
  await recorder.flush();
  recorder.take(SYMBOL, tradesOf(9, 11));
  assert.equal(recorder.waiting, 0);
  recorder.take(SYMBOL, tradesOf(12, 13));
  await recorder.flush();
  assert.deepEqual(lost, [], "nobody fetches for a disk that is full");
  fs.before = () => {};
  clock.ms = 5_000;
  await recorder.flush();
  assert.deepEqual(lost, [{ from: 1, to: 11 }]);
  assert.deepEqual(await recorded(), tradesOf(12, 13));
  for (const trades of [tradesOf(1, 6), tradesOf(7, 11)]) {
    recorder.take(SYMBOL, trades);
    await recorder.flush();
  }
  assert.deepEqual(await recorded(), tradesOf(1, 13));
});

Deno.test("Recorder begins when the disk lets it, even if it could not be opened", async () => {
  const fs = new MemoryFs();
  fs.before = () => {
    throw new Error("Read-only file system");
  };
  const { clock, recorder, recorded } = await setUp({ fs });
  assert.deepEqual(recorder.state, {
    state: "stopped",
    message: "Read-only file system",
    bytes: 0,
  });
  recorder.take(SYMBOL, tradesOf(1, 3));
  recorder.note(SYMBOL, { fromId: 4, toId: 4, reason: "cut", time: 1 });
  fs.before = () => {};
  clock.ms = 5_000;
  await recorder.flush();
  assert.deepEqual(await recorded(), tradesOf(1, 3));
  assert.deepEqual(recorder.newest(SYMBOL)?.id, 3);
});

Deno.test("Recorder has everything on the disk when it is closed, and goes on from there", async () => {
  const { fs, recorder } = await setUp();
  recorder.take(SYMBOL, tradesOf(1, 3));
  await recorder.close();
  fs.crash();
  const again = await setUp({ fs });
  assert.deepEqual(await again.recorded(), tradesOf(1, 3));
  assert.equal(again.recorder.newest(SYMBOL)?.id, 3);
});

Deno.test("Recorder goes on with the other symbols while the files of one are broken", async () => {
  const { fs, clock, recorder, recorded, messages } = await setUp();
  const other = "ETHUSDT";
  fs.put(`trades/${other}/gaps.json`, new TextEncoder().encode("{"));
  await recorder.open({ ...SERIES, symbol: other });
  const broken = `trades/${other}/gaps.json is no list of gap notes: {`;
  for (let id = 1; id <= 3; id++) {
    recorder.take(SYMBOL, tradesOf(id, id));
    recorder.take(other, tradesOf(id, id));
    clock.ms += 20_000;
    await recorder.flush();
    assert.equal(recorder.state.state, "stopped");
    assert.equal(recorder.state.message, broken);
  }
  assert.deepEqual(await recorded(), tradesOf(1, 3));
  assert.deepEqual(fs.paths().slice(0, 1), ["trades/BTCUSDT/journal-1.bin"], "in one journal");
  fs.put(`trades/${other}/gaps.json`, new TextEncoder().encode("[]"));
  clock.ms += 20_000;
  await recorder.flush();
  assert.equal(recorder.state.state, "recording");
  assert.deepEqual(await collect(recorder.read(other, 0)), tradesOf(1, 3));
  assert.deepEqual(messages, [`Recording stopped: ${broken}`, "Recording goes on"]);
});
