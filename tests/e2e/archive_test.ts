import assert from "node:assert/strict";
import { join } from "node:path";
import type { CandleAnswer, CandlesAnswer, GapsAnswer } from "../../bus/queries.ts";
import { exchangeByHand } from "../simulator/fixture.ts";
import { openStream } from "../support/live_stream.ts";
import {
  getJson,
  type Health,
  type Product,
  runProgram,
  spawnProduct,
  startProduct,
} from "../support/product.ts";
import { untilTrades } from "../support/until_trades.ts";

const SYMBOL = "BTCUSDT";
const STREAM = "btcusdt@aggTrade";

const trade = (a: number) =>
  JSON.stringify({
    ...{ e: "aggTrade", E: a, s: SYMBOL, a, p: `${60_000 + a}.00000000`, q: "1.00000000" },
    ...{ f: a, l: a, T: 60_000 + a, m: false, M: true },
  });

const depth = (U: number, E = 60_000 + U) =>
  JSON.stringify({
    ...{ e: "depthUpdate", E, s: SYMBOL, U, u: U },
    ...{ b: [["1.00000000", `${U}.00000000`]], a: [] },
  });

/** Arguments that record from an exchange of the test. */
function argsFor(exchange: { wsUrl: string; restUrl: string }, dataDir: string): string[] {
  return [
    ...["--feed", "binance", "--data-dir", dataDir, "--backfill", "0"],
    ...["--exchange-ws-url", exchange.wsUrl, "--exchange-rest-url", exchange.restUrl],
  ];
}

function recording({ url }: Product, state: string): Promise<unknown> {
  return openStream(url, [`status/${SYMBOL}`]).then(async (stream) => {
    await using _closed = stream;
    return await stream.until((one) => one.type === "status" && one.recording?.state === state);
  });
}

const tradesSeen = ({ url }: Product, count: number) => untilTrades(url, SYMBOL, count);

Deno.test("a disk that refuses stops the recording loudly, the chart goes on, and it resumes", async () => {
  await using it = exchangeByHand();
  const dataDir = await Deno.makeTempDir();
  const folder = join(dataDir, "trades");
  await Deno.writeTextFile(folder, "in the way");
  await using product = await startProduct(argsFor(it.exchange, dataDir));
  await it.source.started.promise;
  await it.source.publish(STREAM, trade(1));
  await tradesSeen(product, 1);
  await recording(product, "stopped");
  const health = await getJson<Health>(`${product.url}/api/health`);
  assert.equal(health.body.status, "degraded");
  assert.equal(health.body.symbols[0].recording?.state, "stopped");
  assert.match(product.output(), /Recording stopped: .*(directory|exists)/);
  await Deno.remove(folder);
  await recording(product, "recording");
  await it.source.publish(STREAM, trade(2));
  await tradesSeen(product, 2);
  assert.equal((await product.stop()).code, 0);
  const { output, code } = await runProgram(["check", "--data-dir", dataDir]);
  assert.match(output, /spot BTCUSDT: 2 aggTrades, ids 1 to 2,/);
  assert.equal(code, 0, output);
});

Deno.test("footprint check names each defect and exits with 1", async () => {
  await using it = exchangeByHand();
  const dataDir = await Deno.makeTempDir();
  await using product = await startProduct(argsFor(it.exchange, dataDir));
  await it.source.started.promise;
  for (let id = 1; id <= 3; id++) await it.source.publish(STREAM, trade(id));
  await tradesSeen(product, 3);
  const other = spawnProduct(["--port", "0", ...argsFor(it.exchange, dataDir)]);
  assert.equal((await other.ended).code, 1, "two at once");
  assert.match(other.output(), /--data-dir .* is in use: another footprint records into it/);
  assert.equal((await product.stop()).code, 0);
  const journal = join(dataDir, "trades", SYMBOL, "journal-1.bin");
  await Deno.writeTextFile(journal, "overwritten by something else");
  const { output, code } = await runProgram(["check", "--data-dir", dataDir]);
  assert.match(
    output,
    /DEFECT: .*journal-1\.bin: it is no journal of trades\n1 archive checked, 1 defect/,
  );
  assert.equal(code, 1);
});

Deno.test("what --record-raw wrote plays back to the same candles and the same book", async () => {
  await using it = exchangeByHand();
  const dataDir = await Deno.makeTempDir();
  const product = await startProduct([...argsFor(it.exchange, dataDir), "--record-raw"]);
  const query = `symbol=${SYMBOL}`;
  const answers = async ({ url }: Product) => ({
    candles: (await getJson<CandlesAnswer>(`${url}/api/candles?${query}`)).body.candles,
    book: (await getJson(`${url}/api/book?${query}`)).body,
  });
  await it.source.started.promise;
  await using live = await openStream(product.url, [`book/${SYMBOL}`]);
  for (let id = 8; id <= 10; id++) {
    await it.source.publish("btcusdt@depth@100ms", depth(id));
    await it.source.publish(STREAM, trade(id));
  }
  await live.until((one) => one.type === "book" && one.lastUpdateId === 10);
  await tradesSeen(product, 3);
  const recorded = await answers(product);
  assert.equal((await product.stop()).code, 0);

  const [{ name }] = await Array.fromAsync(Deno.readDir(join(dataDir, "raw")));
  await using again = await startProduct([
    ...["--feed", join(dataDir, "raw", name), "--speed", "Infinity", "--backfill", "0"],
    ...["--data-dir", await Deno.makeTempDir()],
  ]);
  await using replay = await openStream(again.url, [`book/${SYMBOL}`]);
  await replay.until((one) => one.type === "book" && one.lastUpdateId === 10);
  await tradesSeen(again, 3);
  const played = await answers(again);
  assert.deepEqual(played.book, recorded.book);
  // The value area may reach over rows without a trade, and a capture's tick is that of its trades.
  const withoutArea = ({ vah: _vah, val: _val, ...candle }: CandleAnswer) => candle;
  assert.deepEqual(played.candles.map(withoutArea), recorded.candles.map(withoutArea));
});

Deno.test("gaps are remembered over a restart, and the time between the runs is one", async () => {
  await using it = exchangeByHand();
  const dataDir = await Deno.makeTempDir();
  const gapsOf = async ({ url }: Product) =>
    (await getJson<GapsAnswer>(`${url}/api/gaps?symbol=${SYMBOL}`)).body.gaps;
  const synced = async ({ url }: Product, id: number) => {
    await using stream = await openStream(url, [`book/${SYMBOL}`]);
    await stream.until((one) => one.type === "book" && one.lastUpdateId === id);
  };
  const product = await startProduct(argsFor(it.exchange, dataDir));
  await it.source.started.promise;
  await it.source.publish("btcusdt@depth@100ms", depth(8));
  await synced(product, 8);
  it.exchange.cutConnections();
  await using status = await openStream(product.url, [`status/${SYMBOL}`]);
  await status.until((one) => one.type === "status" && one.openGaps === 1);
  // Again and again: the exchange may know of the new connection a moment later than the program.
  await status.until(async (one) => {
    await it.source.publish("btcusdt@depth@100ms", depth(8));
    return one.type === "status" && one.openGaps === 0;
  });
  const [cut] = await gapsOf(product);
  assert.deepEqual([cut.kind, cut.from, cut.to], ["book", 60_008, 60_008]);
  assert.equal((await product.stop()).code, 0);

  await using again = await startProduct(argsFor(it.exchange, dataDir));
  await using later = await openStream(again.url, [`status/${SYMBOL}`]);
  // The snapshot of the test's exchange is always the one before diff 8.
  await later.until(async (one) => {
    await it.source.publish("btcusdt@depth@100ms", depth(8, 70_000));
    return one.type === "status" && one.book === "synced" && (await gapsOf(again)).length === 2;
  });
  const [first, between] = await gapsOf(again);
  assert.deepEqual(first, cut);
  assert.deepEqual([between.from, between.to], [60_008, 70_000]);
  assert.equal(between.reason, "the program was not running");
});
