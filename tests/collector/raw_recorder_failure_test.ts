import assert from "node:assert/strict";
import { RETRY_MS } from "../../collector/raw_recorder.ts";
import { readCapture } from "../../simulator/capture_reader.ts";
import { setUp } from "./raw_recorder_fixture.ts";

Deno.test("a file that is not ended reads up to the last flush", async () => {
  const { open, folder } = await setUp();
  const recorder = open();
  recorder.take("1");
  await recorder.flush();
  recorder.take("2");
  await recorder.flush();
  recorder.take("3");
  const problems: string[] = [];
  const frames: string[] = [];
  const path = `${folder}/spot_btcusdt_20261123T031000Z.gz`;
  for await (const { frame } of readCapture([path], (message) => problems.push(message))) {
    frames.push(frame);
  }
  assert.deepEqual(frames, ["1", "2"]);
  assert.match(problems.join(), /ends early, after line 2/);
  await recorder.close();
});

Deno.test("a folder that cannot be is told once; frames are counted, then recorded again", async () => {
  const { folder, timers, problems, recoveries, snapshotRequests, open, files } = await setUp();
  Deno.writeTextFileSync(folder, "a file where the folder should be");
  const recorder = open();
  const retry = () => timers.findLast(({ ms }) => ms === RETRY_MS)?.run();
  recorder.take("1");
  recorder.take("2");
  await recorder.flush();
  recorder.take("3");
  assert.equal(recorder.droppedFrames, 3);
  retry();
  recorder.take("4");
  await recorder.flush();
  assert.equal(recorder.droppedFrames, 4);
  assert.equal(problems.length, 1);
  assert.match(problems[0], /^Raw frames are not recorded: .*raw/);
  Deno.removeSync(folder);
  retry();
  recorder.take("5");
  await recorder.flush();
  const name = "spot_btcusdt_20261123T031000Z.gz";
  assert.deepEqual(recoveries, [
    `Raw frames are recorded to ${folder}/${name} again; 4 are missing`,
  ]);
  assert.equal(snapshotRequests(), 1);
  await recorder.close();
  assert.match(files()[name], /^\d+ 5\n$/);
});

Deno.test("a file that is removed while it is written is noticed", async () => {
  const { folder, timers, problems, recoveries, open, files } = await setUp();
  const recorder = open();
  recorder.take("1");
  await recorder.flush();
  Deno.removeSync(folder, { recursive: true });
  recorder.take("2");
  await recorder.flush();
  assert.equal(problems.length, 1);
  timers.findLast(({ ms }) => ms === RETRY_MS)?.run();
  recorder.take("3");
  await recorder.close();
  assert.equal(recoveries.length, 1);
  assert.deepEqual(Object.values(files()).map((text) => text.slice(-3)), [" 3\n"]);
});

Deno.test("a queue that is full drops what comes until it is empty, and tells it once", async () => {
  const { problems, recoveries, snapshotRequests, open, files } = await setUp({
    maxQueuedChars: 44,
  });
  const recorder = open();
  // Two lines of 22 characters fit.
  for (const frame of ["1", "2", "3", "4"]) recorder.take(frame);
  assert.equal(recorder.droppedFrames, 2);
  await recorder.flush();
  recorder.take("5");
  await recorder.close();
  assert.equal(problems.length, 1);
  assert.match(recoveries.join(), /; 2 are missing$/);
  assert.equal(snapshotRequests(), 1);
  assert.equal(Object.values(files())[0].replace(/\d+ /g, ""), "1\n2\n5\n");
});
