import assert from "node:assert/strict";
import { FLUSH_EVERY_MS } from "../../collector/raw_recorder.ts";
import { setUp } from "./raw_recorder_fixture.ts";

Deno.test("frames are written as received, a line each, after the local time in ns", async () => {
  const { clock, open, files } = await setUp();
  const recorder = open();
  recorder.take('{"stream":"a", "data":{"x":"é"}}');
  clock.now += 1.25;
  recorder.takeSnapshot("BTCUSDT", '{"lastUpdateId":5,"bids":[],"asks":[]}');
  await recorder.close();
  assert.deepEqual(files(), {
    "spot_btcusdt_20261123T031000Z.gz": '1795403400000000000 {"stream":"a", "data":{"x":"é"}}\n' +
      '1795403400001250000 {"lastUpdateId":5,"bids":[],"asks":[]}\n',
  });
});

Deno.test("times rise even where the clock stands still or is set back", async () => {
  const { clock, open, files } = await setUp();
  const recorder = open();
  for (const step of [0, 0, -500, 501]) {
    clock.now += step;
    recorder.take("{}");
  }
  await recorder.close();
  assert.deepEqual(Object.values(files()), [
    "1795403400000000000 {}\n1795403400000000001 {}\n" +
    "1795403400000000002 {}\n1795403400001000000 {}\n",
  ]);
});

Deno.test("a line break inside a frame becomes a space", async () => {
  const { open, files } = await setUp();
  const recorder = open();
  recorder.take('{\r\n"a":1\n}');
  await recorder.close();
  assert.deepEqual(Object.values(files()), ['1795403400000000000 { "a":1 }\n']);
});

Deno.test("snapshots of several symbols say whose they are, and the file names none", async () => {
  const { open, files } = await setUp({ market: "usdm", symbols: ["BTCUSDT", "ETHUSDT"] });
  const recorder = open();
  recorder.takeSnapshot("ETHUSDT", '{"lastUpdateId":5}');
  await recorder.close();
  assert.deepEqual(files(), {
    "usdm_20261123T031000Z.gz":
      '1795403400000000000 {"stream":"ethusdt@depthSnapshot","data":{"lastUpdateId":5}}\n',
  });
});

Deno.test("a new UTC day begins a new file, and asks for snapshots to begin it with", async () => {
  const { clock, open, files, snapshotRequests } = await setUp();
  const recorder = open();
  clock.now = Date.UTC(2026, 10, 23, 23, 59, 59, 999);
  recorder.take("1");
  clock.now += 1;
  recorder.take("2");
  await recorder.flush();
  assert.equal(snapshotRequests(), 1);
  recorder.take("3");
  await recorder.close();
  assert.deepEqual(files(), {
    "spot_btcusdt_20261123T235959Z.gz": "1795478399999000000 1\n",
    "spot_btcusdt_20261124T000000Z.gz": "1795478400000000000 2\n1795478400000000001 3\n",
  });
  assert.equal(snapshotRequests(), 1);
});

Deno.test("a restart within the same second writes beside the first file", async () => {
  const { open, files } = await setUp();
  for (const frame of ["1", "2", "3"]) {
    const recorder = open();
    recorder.take(frame);
    await recorder.close();
  }
  assert.deepEqual(files(), {
    "spot_btcusdt_20261123T031000Z.gz": "1795403400000000000 1\n",
    "spot_btcusdt_20261123T031000Z-2.gz": "1795403400000000000 2\n",
    "spot_btcusdt_20261123T031000Z-3.gz": "1795403400000000000 3\n",
  });
});

Deno.test("what waits is written after a second; a symbol cannot leave the folder", async () => {
  const { timers, open, files } = await setUp({ symbols: ["../../X"] });
  const recorder = open();
  recorder.take("1");
  recorder.take("2");
  assert.deepEqual(timers.map(({ ms }) => ms), [FLUSH_EVERY_MS]);
  timers[0].run();
  await recorder.close();
  assert.deepEqual(Object.keys(files()), ["spot_------x_20261123T031000Z.gz"]);
});

Deno.test("a megabyte that waits is written at once", async () => {
  const { timers, open, folder } = await setUp();
  const recorder = open();
  recorder.take("x".repeat(1_000_000));
  assert.equal(timers.length, 0);
  // flush() would begin nothing new: it joins the write that has begun.
  await recorder.flush();
  assert.equal([...Deno.readDirSync(folder)].length, 1);
  await recorder.close();
});

Deno.test("what comes after close() is ignored, and nothing is written for nothing", async () => {
  const { open, folder } = await setUp();
  const recorder = open();
  await recorder.close();
  recorder.take("1");
  await recorder.close();
  await assert.rejects(Deno.stat(folder), Deno.errors.NotFound);
});
