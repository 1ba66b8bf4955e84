import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { type CaptureMarket, captureMarket } from "../../simulator/capture_market.ts";
import { sharedPath, sharedTest } from "../support/shared_data.ts";

const NS = "000000";

/** A capture of a few lines; times in ms of the local clock. */
const LINES = [
  `1723161255000${NS} {"stream":"btcusdt@depth@100ms","data":{"e":"depthUpdate","E":1000,"s":"BTCUSDT","U":1,"u":4,"b":[],"a":[]}}`,
  `1723161255010${NS} {"lastUpdateId":5,"bids":[["10.00000000","1.00000000"],["9.00000000","2.00000000"]],"asks":[["11.00000000","3.00000000"]]}`,
  `1723161255020${NS} {"stream":"btcusdt@depth@100ms","data":{"e":"depthUpdate","E":1100,"s":"BTCUSDT","U":5,"u":7,"b":[["9.00000000","0.00000000"],["8.00000000","4.00000000"]],"a":[["11.00000000","5.12345600"]]}}`,
  `1723161255030${NS} {"stream":"btcusdt@trade","data":{"e":"trade","E":1200,"s":"BTCUSDT","t":71,"p":"10.50000000","q":"0.00100000","T":1199,"m":true,"M":true}}`,
  `1723161255040${NS} {"stream":"btcusdt@bookTicker","data":{"u":8,"s":"BTCUSDT","b":"10.00000000","B":"1.00000000","a":"11.00000000","A":"5.00000000"}}`,
];

async function captureFile(content: string | Uint8Array, name = "capture.txt"): Promise<string> {
  const path = `${await Deno.makeTempDir()}/${name}`;
  if (typeof content === "string") await Deno.writeTextFile(path, content);
  else await Deno.writeFile(path, content);
  return path;
}

/** Plays to the end as fast as possible; the depth is asked for at once. */
async function play(source: CaptureMarket, askDepth = true) {
  const events: [string, Record<string, unknown>][] = [];
  const { signal } = new AbortController();
  const depth = askDepth ? source.depth("BTCUSDT", 5000, signal) : null;
  await source.run((stream, data) => void events.push([stream, JSON.parse(data)]), signal);
  return { events, first: await depth, last: await source.depth("BTCUSDT", 5000, signal) };
}

Deno.test("a capture gives its symbol's scales by the finest decimals of its trades", async () => {
  const source = await captureMarket({ files: [await captureFile(LINES.join("\n"))] });
  assert.deepEqual(source.symbols, [{
    symbol: "BTCUSDT",
    baseAsset: "BTC",
    quoteAsset: "USDT",
    tickSize: "0.10000000",
    stepSize: "0.00100000",
  }]);
  assert.equal(source.now(), 1000);
});

Deno.test("a capture plays trades as aggTrades of one trade, and passes texts on as they are", async () => {
  const file = await captureFile(LINES.join("\n"));
  const { events } = await play(await captureMarket({ files: [file], speed: Infinity }));
  assert.deepEqual(events.map(([stream]) => stream), [
    "btcusdt@depth@100ms",
    "btcusdt@depth@100ms",
    "btcusdt@aggTrade",
    "btcusdt@bookTicker",
  ]);
  assert.deepEqual(events[1][1].a, [["11.00000000", "5.12345600"]]);
  assert.deepEqual(events[2][1], {
    e: "aggTrade",
    E: 1200,
    s: "BTCUSDT",
    a: 71,
    p: "10.50000000",
    q: "0.00100000",
    f: 71,
    l: 71,
    T: 1199,
    m: true,
    M: true,
  });
});

Deno.test("a depth request that waited gets the capture's own snapshot, a later one the book of then", async () => {
  const file = await captureFile(LINES.join("\n"));
  const { first, last } = await play(await captureMarket({ files: [file], speed: Infinity }));
  assert.deepEqual(first, {
    lastUpdateId: 5,
    bids: [["10.00000000", "1.00000000"], ["9.00000000", "2.00000000"]],
    asks: [["11.00000000", "3.00000000"]],
  });
  // The bid at 8 lies outside of what the snapshot knew: nothing is claimed about that range.
  assert.deepEqual(last, {
    lastUpdateId: 7,
    bids: [["10.00000000", "1.00000000"]],
    asks: [["11.00000000", "5.12345600"]],
  });
});

Deno.test("playback holds at the snapshot until somebody asks for the depth", async () => {
  const file = await captureFile(LINES.join("\n"));
  const source = await captureMarket({ files: [file], speed: Infinity });
  const stop = new AbortController();
  let published = 0;
  const firstEvent = Promise.withResolvers<void>();
  const run = source.run(() => {
    published++;
    firstEvent.resolve();
  }, stop.signal);
  await firstEvent.promise;
  assert.equal(published, 1);
  await source.depth("BTCUSDT", 5, stop.signal);
  await run;
  assert.equal(published, 4);
});

Deno.test("playUntil() stops before the first event at or after a time", async () => {
  const file = await captureFile(LINES.join("\n"));
  const source = await captureMarket({ files: [file], speed: Infinity });
  const { signal } = new AbortController();
  const events: string[] = [];
  const reached = source.playUntil(1200);
  void source.depth("BTCUSDT", 5, signal);
  const run = source.run((stream) => void events.push(stream), signal);
  await reached;
  assert.deepEqual(events, ["btcusdt@depth@100ms", "btcusdt@depth@100ms"]);
  assert.equal(source.now(), 1100);
  await source.playUntil(Infinity);
  await run;
  assert.equal(events.length, 4);
});

Deno.test("gzipped and plain files are one continuous capture", async () => {
  const first = await captureFile(new Uint8Array(gzipSync(LINES.slice(0, 3).join("\n"))), "a.gz");
  const second = await captureFile(`${LINES.slice(3).join("\n")}\n`, "b.txt");
  const { events } = await play(await captureMarket({ files: [first, second], speed: Infinity }));
  assert.equal(events.length, 4);
});

Deno.test("a broken line is named with file and number, and playback goes on", async () => {
  const lines = [LINES[0], "no time here", `1723161255015${NS} {"broken`, ...LINES.slice(1)];
  const notices: string[] = [];
  const source = await captureMarket({
    files: [await captureFile(lines.join("\n"))],
    speed: Infinity,
    onNotice: (message) => notices.push(message),
  });
  const { events } = await play(source);
  assert.equal(events.length, 4);
  assert.deepEqual(notices, [
    'capture.txt line 2 does not begin with a time in ns and a space: "no time here"',
    'capture.txt line 3 is not JSON: {"broken',
  ]);
});

Deno.test("files that cannot be played are refused at the start, by name", async () => {
  await assert.rejects(
    captureMarket({ files: ["/no/such/capture.gz"] }),
    /\/no\/such\/capture\.gz/,
  );
  const empty = await captureFile("");
  await assert.rejects(captureMarket({ files: [empty] }), /There is no trade in/);
  const cut = await captureFile(new Uint8Array(gzipSync(LINES.join("\n"))).slice(0, 100), "cut.gz");
  await assert.rejects(captureMarket({ files: [cut] }), /cut\.gz cannot be read/);
});

Deno.test("diffs that were received before the snapshot, but are newer, change the book", async () => {
  // The answer to a REST request arrives later than the stream's events of the same moment.
  const early = LINES[0].replace('"u":4,"b":[]', '"u":6,"b":[["10.00000000","0.00000000"]]');
  const file = await captureFile([early, ...LINES.slice(1)].join("\n"));
  const { first, last } = await play(await captureMarket({ files: [file], speed: Infinity }));
  assert.deepEqual(first?.bids.map(([price]) => price), ["10.00000000", "9.00000000"]);
  assert.deepEqual(last.bids, []);
});

sharedTest("the real spot capture is played whole, from its own snapshot", async () => {
  const files = ["08", "09"].map((day) => sharedPath(`captures/spot_btcusdt_202408${day}.gz`));
  const source = await captureMarket({ files, speed: Infinity });
  assert.equal(source.symbols[0].tickSize, "0.01000000");
  assert.equal(source.symbols[0].stepSize, "0.00001000");
  const { events, first, last } = await play(source);
  const count = (stream: string) => events.filter(([name]) => name === stream).length;
  assert.equal(count("btcusdt@depth@100ms"), 6495);
  assert.equal(count("btcusdt@aggTrade"), 19_904);
  assert.equal(first?.lastUpdateId, 50093239218);
  assert.equal(source.trades("BTCUSDT").length, 19_904);
  // The oracle's last book has its best bid at 61602.01, below all that the snapshot knew.
  assert.deepEqual(last.bids, []);
  assert.equal(last.lastUpdateId, 50093696318);
});
