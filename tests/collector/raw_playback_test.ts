import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { openRawRecorder, type RawRecorder } from "../../collector/raw_recorder.ts";
import { captureMarket } from "../../simulator/capture_market.ts";
import { readCapture } from "../../simulator/capture_reader.ts";
import { startExchange } from "../../simulator/exchange.ts";
import { simulatedMarket } from "../../simulator/simulated_market.ts";
import type { MarketSource, RestDepth } from "../../simulator/source.ts";
import { connect } from "../simulator/fixture.ts";
import { sharedPath, sharedTest } from "../support/shared_data.ts";

type Played = [stream: string, data: string];

function recorderIn(folder: string): RawRecorder {
  return openRawRecorder({
    folder,
    market: "spot",
    symbols: ["BTCUSDT"],
    onProblem: (message) => assert.fail(message),
  });
}

function filesIn(folder: string): string[] {
  return [...Deno.readDirSync(folder)].map(({ name }) => `${folder}/${name}`).sort();
}

/** Depth and trades of a source that is played to its end, and the depth it began and ended with. */
async function play(source: MarketSource) {
  const { signal } = new AbortController();
  const events: Played[] = [];
  const first = source.depth("BTCUSDT", 5000, signal);
  await source.run((stream, data) => {
    if (/@(depth|aggTrade)/.test(stream)) events.push([stream, data]);
  }, signal);
  return { events, first: await first, last: await source.depth("BTCUSDT", 5000, signal) };
}

/** Records `count` frames of a source over real sockets. */
async function record(source: MarketSource, count: number, recorder: RawRecorder) {
  const exchange = startExchange({ source, waitForClients: true });
  const frames: string[] = [];
  try {
    const streams = "btcusdt@depth@100ms/btcusdt@aggTrade";
    await using client = await connect(`${exchange.wsUrl}/stream?streams=${streams}`);
    const rest = fetch(`${exchange.restUrl}/api/v3/depth?symbol=BTCUSDT&limit=5000`)
      .then((answer) => answer.text())
      .then((body) => {
        recorder.takeSnapshot("BTCUSDT", body);
        return JSON.parse(body) as RestDepth;
      });
    while (frames.length < count) {
      const frame = await client.next();
      recorder.take(frame);
      frames.push(frame);
    }
    return { frames, snapshot: await rest };
  } finally {
    await exchange.close();
  }
}

sharedTest("a recorded part of a real capture plays back like the capture itself", async () => {
  const folder = await Deno.makeTempDir();
  const part = `${folder}/part.txt`;
  const lines: string[] = [];
  for await (
    const line of readCapture([sharedPath("captures/spot_btcusdt_20240808.gz")], () => {})
  ) {
    lines.push(`${Math.round(line.receiveTime * 1000)}000 ${line.frame}`);
    if (lines.length === 4000) break;
  }
  await Deno.writeTextFile(part, lines.join("\n"));
  const part1 = await play(await captureMarket({ files: [part], speed: Infinity }));
  const recorder = recorderIn(`${folder}/raw`);
  const source = await captureMarket({ files: [part], speed: Infinity });
  await record(source, part1.events.length, recorder);
  await recorder.close();
  assert.equal(recorder.droppedFrames, 0);
  const files = filesIn(`${folder}/raw`);
  const part2 = await play(await captureMarket({ files, speed: Infinity }));
  assert.ok(part1.events.length > 400);
  assert.ok(part1.first.bids.length > 500);
  assert.deepEqual(part2, part1);
});

Deno.test("a recorded simulated market plays back frame by frame", async () => {
  const folder = await Deno.makeTempDir();
  const recorder = recorderIn(folder);
  const market = simulatedMarket({ symbols: ["BTCUSDT"], seed: 7, speed: 50 });
  const { frames, snapshot } = await record(market, 300, recorder);
  await recorder.close();
  const source = await captureMarket({ files: filesIn(folder), speed: Infinity });
  const { events, first } = await play(source);
  const received = frames.map((frame) => JSON.parse(frame));
  assert.deepEqual(
    events.map(([stream, data]) => ({ stream, data: JSON.parse(data) })),
    received,
  );
  assert.ok(received.some(({ stream }) => stream.endsWith("@aggTrade")));
  assert.deepEqual(first, snapshot);
});

Deno.test("a recording in a worker that is killed reads up to its last flush", async () => {
  const folder = await Deno.makeTempDir();
  const recorder = new URL("../../collector/raw_recorder.ts", import.meta.url).href;
  const worker = `
    import { openRawRecorder } from ${JSON.stringify(recorder)};
    const { folder } = await new Promise((take) => self.onmessage = ({ data }) => take(data));
    const recorder = openRawRecorder({
      folder, market: "spot", symbols: ["BTCUSDT"], onProblem: console.error,
    });
    for (let i = 0; i < 1000; i++) recorder.take('{"i":' + i + '}');
    await recorder.flush();
    recorder.take("never written");
    self.postMessage("flushed");`;
  const main = `
    const worker = new Worker(${JSON.stringify(`file://${folder}/worker.ts`)}, { type: "module" });
    worker.onmessage = ({ data }) => console.log(data);
    worker.postMessage({ folder: ${JSON.stringify(`${folder}/raw`)} });
    setInterval(() => {}, 1000);`;
  await Deno.writeTextFile(`${folder}/worker.ts`, worker);
  await Deno.writeTextFile(`${folder}/main.ts`, main);
  const config = fileURLToPath(new URL("../../deno.json", import.meta.url));
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", "--config", config, `${folder}/main.ts`],
    stdout: "piped",
  }).spawn();
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  assert.match((await reader.read()).value ?? "", /flushed/);
  child.kill("SIGKILL");
  await child.status;
  await reader.cancel();
  const problems: string[] = [];
  const frames: string[] = [];
  const files = filesIn(`${folder}/raw`);
  for await (const { frame } of readCapture(files, (message) => problems.push(message))) {
    frames.push(frame);
  }
  assert.deepEqual(frames, Array.from({ length: 1000 }, (_, i) => `{"i":${i}}`));
  assert.match(problems.join(), /ends early, after line 1000/);
});
