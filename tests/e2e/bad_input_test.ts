import assert from "node:assert/strict";
import type { BookAnswer, CandlesAnswer } from "../../bus/queries.ts";
import { connect, exchangeByHand } from "../simulator/fixture.ts";
import { openStream } from "../support/live_stream.ts";
import { getJson, type Health, spawnProduct, startProduct } from "../support/product.ts";

const depth = (U: number, u: number) =>
  JSON.stringify({
    e: "depthUpdate",
    E: u,
    s: "BTCUSDT",
    U,
    u,
    b: [["1.00000000", `${u}.0`]],
    a: [],
  });

const trade = (a: number) =>
  JSON.stringify({
    e: "aggTrade",
    E: a,
    s: "BTCUSDT",
    a,
    p: "60000.00000000",
    q: "1.00000000",
    f: a,
    l: a,
    T: 60_000,
    m: false,
    M: true,
  });

/** The program on an exchange whose events the test sends by hand; its snapshot has id 7. */
async function productByHand(args: readonly string[] = []) {
  const it = exchangeByHand();
  const product = await startProduct([
    ...["--feed", "binance", "--backfill", "0", "--data-dir", await Deno.makeTempDir()],
    ...["--exchange-ws-url", it.exchange.wsUrl, "--exchange-rest-url", it.exchange.restUrl],
    ...args,
  ]);
  return {
    ...it,
    product,
    async [Symbol.asyncDispose]() {
      await product.stop("SIGKILL");
      await it.exchange.close();
    },
  };
}

/** Notices of the status frame, as the page shows them. */
function noticed(url: string, pattern: RegExp, symbol = "BTCUSDT"): Promise<unknown> {
  return openStream(url, [`status/${symbol}`]).then(async (stream) => {
    await using _closed = stream;
    return await stream.until((message) =>
      message.type === "status" && message.notices.some((notice) => pattern.test(notice.message))
    );
  });
}

Deno.test("broken frames and unknown events are named, and nothing else is disturbed", async () => {
  await using it = await productByHand();
  const { source, exchange, product } = it;
  await source.started.promise;
  const stream = "btcusdt@depth@100ms";
  await source.publish(stream, depth(8, 8));
  await source.publish("btcusdt@aggTrade", trade(1));
  exchange.sendRaw('{"e":"aggTr');
  exchange.sendRaw('{"e":"blockTrade","s":"BTCUSDT"}');
  exchange.sendRaw(
    '{"stream":"btcusdt@aggTrade","data":{"e":"aggTrade","s":"BTCUSDT","p":"cheap"}}',
  );
  await source.publish(stream, depth(9, 9));
  await source.publish("btcusdt@aggTrade", trade(2));
  await noticed(product.url, /not JSON: "\{\\"e\\":\\"aggTr"/);
  await noticed(product.url, /unknown event "blockTrade"/);
  await noticed(product.url, /a frame is broken \(.*\): .*cheap/);

  await using live = await openStream(product.url, ["book/BTCUSDT", "candles/BTCUSDT"]);
  await live.until((message) => message.type === "book" && message.lastUpdateId === 9);
  const { body } = await getJson<BookAnswer>(`${product.url}/api/book?symbol=BTCUSDT&levels=1`);
  assert.equal(body.lastUpdateId, 9);
  const candles = await getJson<CandlesAnswer>(`${product.url}/api/candles?symbol=BTCUSDT`);
  assert.equal(candles.body.candles[0].trades, 2);
  const health = await getJson<Health>(`${product.url}/api/health`);
  assert.equal(health.body.symbols[0].openGaps, 0);
});

Deno.test("a symbol that the exchange does not list is named, and the others are recorded", async () => {
  await using it = await productByHand(["--symbols", "NOPEUSDT,BTCUSDT"]);
  await noticed(it.product.url, /does not list the symbol "NOPEUSDT"/, "NOPEUSDT");
  await it.source.started.promise;
  await using live = await openStream(it.product.url, ["candles/BTCUSDT"]);
  await it.source.publish("btcusdt@aggTrade", trade(1));
  await live.until((message) => message.type === "candles" && message.candles.length === 1);
  const { status, body } = await getJson<{ error: { code: string; message: string } }>(
    `${it.product.url}/api/candles?symbol=NOPEUSDT`,
  );
  assert.equal(status, 503);
  assert.match(body.error.message, /NOPEUSDT.*does not list/);
});

Deno.test("an exchange that refuses is named and asked again until it answers", async () => {
  await using it = exchangeByHand();
  const fault = { status: 503, body: "maintenance" };
  it.exchange.faults.failRest("/api/v3/exchangeInfo", fault, 2);
  it.exchange.faults.refuseConnections = true;
  await using product = await startProduct([
    ...["--feed", "binance", "--backfill", "0", "--data-dir", await Deno.makeTempDir()],
    ...["--exchange-ws-url", it.exchange.wsUrl, "--exchange-rest-url", it.exchange.restUrl],
  ]);
  await noticed(
    product.url,
    /exchangeInfo\?symbol=BTCUSDT was refused with status 503: maintenance/,
  );
  await noticed(product.url, /the connection failed.*next try in/);
  it.exchange.faults.refuseConnections = false;
  await it.source.started.promise;
  await using live = await openStream(product.url, ["candles/BTCUSDT"]);
  await it.source.publish("btcusdt@aggTrade", trade(1));
  await live.until((message) => message.type === "candles" && message.candles.length === 1);
});

Deno.test("a lost depth diff makes the book unknown until a new snapshot joins", async () => {
  await using it = await productByHand();
  const { source, product } = it;
  await source.started.promise;
  const stream = "btcusdt@depth@100ms";
  await using live = await openStream(product.url, ["book/BTCUSDT"]);
  await source.publish(stream, depth(8, 8));
  await live.until((message) => message.type === "book" && message.lastUpdateId === 8);
  // The exchange's snapshot stays at 7: nothing joins 20 until a diff follows on a snapshot.
  await source.publish(stream, depth(20, 20));
  await live.until((message) => message.type === "book" && message.known === null);
  await noticed(product.url, /Order book lost: depth diff 20 does not follow 8/);
});

Deno.test("a port in use is named, with exit code 1", async () => {
  using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = taken.addr;
  const product = spawnProduct(["--port", String(port), "--feed", "simulator"]);
  await product.printed(new RegExp(`--port ${port} is already in use on 127\\.0\\.0\\.1`));
  assert.equal((await product.ended).code, 1);
});

Deno.test("wrong options are named with value and rule, with exit code 1", async () => {
  const wrong = [
    [["--port", "eighty"], /--port must be a number, received "eighty"/],
    [["--port", "70000"], /--port must be a whole number from 0 to 65535, received 70000/],
    [["--host", "0.0.0.0"], /--host must be 127\.0\.0\.1 or localhost.*received "0\.0\.0\.0"/],
    [["--symbols", "BTC/USDT"], /--symbols must be names like BTCUSDT, received "BTC\/USDT"/],
    [["--symbols", "BTCUSDT,BTCUSDT"], /--symbols names a symbol twice/],
    [["--speed", "0"], /--speed must be above 0, received 0/],
    [["--speed", ""], /--speed must be a number, received ""/],
    [["--exchange-rest-url", "ftp://x"], /--exchange-rest-url must be a URL like .* "ftp:\/\/x"/],
    [["--log-level", "loud"], /--log-level must be .* received "loud"/],
    [["--keep", "liquidity_1s=1m"], /--keep must keep liquidity_1s forever or at least 1h.*"1m"/],
    [["--keep", "candles=3d"], /--keep must name one of liquidity_1s, .*received "candles"/],
    [["--max-size", "5 bananas"], /--max-size must be unlimited or a size.*"5 bananas"/],
    [["--walls", "percentile=101"], /--walls must have a number from 50 to 100 .*"101"/],
    [["--walls", "window=1.5"], /--walls must have a whole number from 1 to 1440 minutes.*"1\.5"/],
    [["--rows", "BTCUSDT=0"], /--rows must be sizes above 0 by symbol.*"BTCUSDT=0"/],
    [["--walls", "size=3"], /--walls must name one of percentile, .*received "size"/],
    [["--dance"], /unknown option '--dance'/],
    [["--feed", "/no/such/file.gz", "--port", "0"], /\/no\/such\/file\.gz/],
  ] as const;
  await Promise.all(wrong.map(async ([args, pattern]) => {
    const product = spawnProduct([...args, "--data-dir", await Deno.makeTempDir()]);
    await product.printed(pattern);
    assert.equal((await product.ended).code, 1, args.join(" "));
  }));
});

Deno.test("malformed queries are refused by status and message, and the server goes on", async () => {
  await using it = await productByHand();
  const { url } = it.product;
  await using live = await openStream(url, ["status/BTCUSDT"]);
  await live.until((message) => message.type === "status" && message.instrument !== null);
  const refused = [
    ["candles", 400, /symbol is missing/],
    ["candles?symbol=DOGEUSDT", 404, /"DOGEUSDT" is not recorded, only BTCUSDT/],
    ["candles?symbol=BTCUSDT&interval=7m", 400, /received "7m"/],
    ["candles?symbol=BTCUSDT&from=9&to=3", 400, /from 9 and to 3/],
    ["candles?symbol=BTCUSDT&from=soon", 400, /"soon"/],
    ["candles?symbol=BTCUSDT&group=0", 400, /received "0"/],
    ["candles?symbol=BTCUSDT&group=0.015", 400, /received "0\.015"/],
    ["book?symbol=BTCUSDT&levels=-1", 400, /received "-1"/],
    ["heatmap?symbol=BTCUSDT&step=300", 400, /multiple of 250 ms, received 300/],
    ["candles?symbol=BTCUSDT&group=-1", 400, /received "-1"/],
    ["candles?symbol=BTCUSDT&cvd=week", 400, /"week"/],
    ["profile?symbol=BTCUSDT&by=week", 400, /"week"/],
    ["profile?symbol=BTCUSDT&group=0.001", 400, /multiple of 0\.01 .*received "0\.001"/],
    ["profile?symbol=BTCUSDT&from=5&to=5", 400, /from 5 and to 5/],
    ["heatmap?symbol=BTCUSDT&measure=peak", 400, /"peak"/],
  ] as const;
  for (const [path, expected, pattern] of refused) {
    const { status, body } = await getJson<{ error: { code: string; message: string } }>(
      `${url}/api/${path}`,
    );
    assert.equal(status, expected, path);
    assert.match(body.error.message, pattern, path);
  }
  assert.equal((await getJson(`${url}/api/health`)).status, 200);
});

Deno.test("a foreign page may neither read by another host name nor open the stream", async () => {
  await using it = await productByHand();
  const { port } = new URL(it.product.url);
  const response = await rawRequest(Number(port), "evil.example", "/api/health");
  assert.match(response, /^HTTP\/1\.1 403 /);
  const stream = await rawRequest(
    Number(port),
    `127.0.0.1:${port}`,
    "/api/stream",
    "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" +
      "Sec-WebSocket-Version: 13\r\nOrigin: http://evil.example\r\n",
  );
  assert.match(stream, /^HTTP\/1\.1 403 /);
  await using _own = await connect(`${it.product.url.replace("http", "ws")}/api/stream`);
});

/** A request with headers that fetch would not send. */
async function rawRequest(port: number, host: string, path: string, headers = ""): Promise<string> {
  using connection = await Deno.connect({ hostname: "127.0.0.1", port });
  const request = `GET ${path} HTTP/1.1\r\nHost: ${host}\r\n${headers}Connection: close\r\n\r\n`;
  await connection.write(new TextEncoder().encode(request));
  const bytes = new Uint8Array(4096);
  const length = await connection.read(bytes) ?? 0;
  return new TextDecoder().decode(bytes.subarray(0, length));
}
