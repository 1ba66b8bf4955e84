import assert from "node:assert/strict";
import { captureMarket } from "../../simulator/capture_market.ts";
import { startExchange } from "../../simulator/exchange.ts";
import { simulatedMarket } from "../../simulator/simulated_market.ts";
import { connect, exchangeByHand } from "./fixture.ts";

const SPOT_TRADE =
  '{"e":"aggTrade","E":2,"s":"BTCUSDT","a":1,"p":"5.0","q":"1.0","f":1,"l":1,"T":1,"m":true,"M":true}';
const USDM_TRADE =
  '{"e":"aggTrade","E":2,"s":"BTCUSDT","a":1,"p":"5.0","q":"1.0","f":1,"l":1,"T":1,"m":true}';
const SPOT_DEPTH =
  '{"e":"depthUpdate","E":7,"s":"BTCUSDT","U":11,"u":14,"b":[["5.0","1.0"]],"a":[]}';
const USDM_DEPTH =
  '{"e":"depthUpdate","E":7,"T":7,"s":"BTCUSDT","U":11,"u":14,"pu":10,"b":[["5.0","1.0"]],"a":[]}';
const BOTH = "btcusdt@depth@100ms/btcusdt@aggTrade";

async function get(url: string) {
  const response = await fetch(url);
  const weight = Number(response.headers.get("X-MBX-USED-WEIGHT-1M"));
  return { status: response.status, weight, body: await response.json() };
}

Deno.test("/public carries depth and not aggTrade, /market the other way round", async () => {
  await using it = exchangeByHand({ market: "usdm" });
  await using open = await connect(`${it.exchange.wsUrl}/public/stream?streams=${BOTH}`);
  await using market = await connect(`${it.exchange.wsUrl}/market/ws/${BOTH}`);
  await it.source.started.promise;
  await it.source.publish("btcusdt@aggTrade", SPOT_TRADE);
  await it.source.publish("btcusdt@depth@100ms", SPOT_DEPTH);
  await it.source.publish("btcusdt@aggTrade", SPOT_TRADE.replace('"a":1', '"a":2'));
  assert.equal(await open.next(), `{"stream":"btcusdt@depth@100ms","data":${USDM_DEPTH}}`);
  assert.equal(await market.next(), USDM_TRADE);
  assert.equal(await market.next(), USDM_TRADE.replace('"a":1', '"a":2'));
  assert.deepEqual(open.frames, []);
});

Deno.test("the retired address acknowledges aggTrade and sends depth alone", async () => {
  await using it = exchangeByHand({ market: "usdm" });
  await using client = await connect(`${it.exchange.wsUrl}/ws`);
  client.say({ method: "SUBSCRIBE", params: BOTH.split("/"), id: 1 });
  assert.equal(await client.next(), '{"result":null,"id":1}');
  await it.source.publish("btcusdt@aggTrade", SPOT_TRADE);
  await it.source.publish("btcusdt@depth@100ms", SPOT_DEPTH);
  assert.equal(await client.next(), USDM_DEPTH, "no aggTrade came before");
});

Deno.test("spot has no /public and no /market", async () => {
  await using it = exchangeByHand();
  await assert.rejects(connect(`${it.exchange.wsUrl}/public/stream?streams=${BOTH}`), /refused/);
  await assert.rejects(connect(`${it.exchange.wsUrl}/market/ws/${BOTH}`), /refused/);
});

Deno.test("bookTicker bears its name and times", async () => {
  await using it = exchangeByHand({ market: "usdm" });
  await using client = await connect(`${it.exchange.wsUrl}/public/ws/btcusdt@bookTicker`);
  await it.source.started.promise;
  await it.source.publish("btcusdt@bookTicker", '{"u":8,"s":"BTCUSDT","b":"4.0","a":"5.0"}');
  assert.deepEqual(JSON.parse(await client.next()), {
    e: "bookTicker",
    u: 8,
    s: "BTCUSDT",
    b: "4.0",
    a: "5.0",
    T: 10_500,
    E: 10_500,
  });
});

Deno.test("the eleventh message of a second ends the connection", async () => {
  await using it = exchangeByHand({ market: "usdm", now: () => 0 });
  await using client = await connect(`${it.exchange.wsUrl}/public/ws`);
  for (let id = 1; id <= 10; id++) {
    client.say({ method: "LIST_SUBSCRIPTIONS", id });
    assert.equal(await client.next(), `{"result":[],"id":${id}}`);
  }
  client.say({ method: "LIST_SUBSCRIPTIONS", id: 11 });
  assert.equal((await client.closed).code, 1008);
});

Deno.test("REST answers under /fapi/v1 alone, and depth bears times", async () => {
  await using it = exchangeByHand({ market: "usdm" });
  const { restUrl } = it.exchange;
  const spot = await fetch(`${restUrl}/api/v3/time`);
  assert.deepEqual([spot.status, await spot.text()], [404, "Not Found"]);
  assert.deepEqual((await get(`${restUrl}/fapi/v1/time`)).body, { serverTime: 10_500 });
  assert.deepEqual((await get(`${restUrl}/fapi/v1/depth?symbol=BTCUSDT&limit=5`)).body, {
    lastUpdateId: 7,
    E: 10_500,
    T: 10_500,
    bids: [5, 4, 3, 2, 1].map((price) => [`${price}.00000000`, "1.00000000"]),
    asks: [],
  });
  assert.equal((await get(`${restUrl}/fapi/v1/depth?symbol=BTCUSDT`)).body.bids.length, 500);
});

Deno.test("exchangeInfo lists all symbols, whatever was asked, and the limit of weights", async () => {
  await using it = exchangeByHand({ market: "usdm" });
  const { body } = await get(`${it.exchange.restUrl}/fapi/v1/exchangeInfo?symbol=NOPE`);
  assert.deepEqual(body.symbols.map(({ symbol }: { symbol: string }) => symbol), ["BTCUSDT"]);
  assert.equal(body.rateLimits[0].limit, 2400);
});

Deno.test("requests cost USD-M's weights", async () => {
  await using it = exchangeByHand({ market: "usdm", now: () => 0 });
  let before = 0;
  const costs = [
    ["time", 1],
    ["exchangeInfo", 1],
    ["depth?symbol=BTCUSDT&limit=50", 2],
    ["depth?symbol=BTCUSDT&limit=100", 5],
    ["depth?symbol=BTCUSDT", 10],
    ["depth?symbol=BTCUSDT&limit=1000", 20],
    ["aggTrades?symbol=BTCUSDT", 20],
    ["klines?symbol=BTCUSDT&interval=1m&limit=99", 1],
    ["klines?symbol=BTCUSDT&interval=1m", 5],
    ["klines?symbol=BTCUSDT&interval=1m&limit=1500", 10],
  ] as const;
  for (const [path, cost] of costs) {
    const { weight } = await get(`${it.exchange.restUrl}/fapi/v1/${path}`);
    assert.equal(weight - before, cost, path);
    before = weight;
  }
});

Deno.test("2400 of weight are allowed in a minute", async () => {
  await using it = exchangeByHand({ market: "usdm", now: () => 0 });
  const url = `${it.exchange.restUrl}/fapi/v1/depth?symbol=BTCUSDT&limit=1000`;
  for (let i = 0; i < 120; i++) assert.equal((await get(url)).status, 200);
  const { status, body } = await get(url);
  assert.deepEqual([status, body.code], [429, -1003]);
});

Deno.test("refusals bear USD-M's codes and messages", async () => {
  await using it = exchangeByHand({ market: "usdm" });
  const badLimit = "Data sent for parameter 'limit' is not valid.";
  const refused = [
    ["depth?symbol=BTCUSDT&limit=3", -4021, "3 is not valid depth limit"],
    ["depth?symbol=BTCUSDT&limit=1500", -1130, badLimit],
    ["depth?symbol=NOPE", -1121, "Invalid symbol."],
    ["aggTrades?symbol=BTCUSDT&limit=1001", -1130, badLimit],
    [
      "aggTrades?symbol=BTCUSDT&startTime=0&endTime=3600000",
      -1127,
      "More than 1 hours between startTime and endTime.",
    ],
    ["klines?symbol=BTCUSDT&interval=1s", -1120, "Invalid interval."],
    ["klines?symbol=BTCUSDT&interval=1m&limit=2000", -1130, badLimit],
  ] as const;
  for (const [path, code, msg] of refused) {
    const { status, body } = await get(`${it.exchange.restUrl}/fapi/v1/${path}`);
    assert.deepEqual([status, body], [400, { code, msg }], path);
  }
});

Deno.test("aggTrades come without M, from the last 24 hours", async () => {
  await using it = exchangeByHand({ market: "usdm" });
  const url = `${it.exchange.restUrl}/fapi/v1/aggTrades?symbol=BTCUSDT`;
  const one = {
    a: 102,
    p: "60002.00000000",
    q: "2.00000000",
    f: 502,
    l: 502,
    T: 2000,
    m: true,
  };
  assert.deepEqual((await get(`${url}&fromId=102&limit=1`)).body, [one]);
  assert.deepEqual((await get(`${url}&startTime=1500&endTime=3601499&limit=1`)).body, [one]);
  // Trade 109 of 9,000 ms is 24 hours old, 108 is older.
  it.source.time = 86_400_000 + 9000;
  const ids = async (query: string) =>
    (await get(url + query)).body.map(({ a }: { a: number }) => a);
  assert.deepEqual(await ids("&fromId=101"), [109, 110]);
  assert.deepEqual(await ids("&startTime=0"), [109, 110]);
  assert.deepEqual(await ids("&endTime=8500"), []);
  assert.deepEqual(await ids(""), [109, 110]);
});

const NS = "000000";
/** A few lines of a USD-M capture: one trade of the insurance fund among those of the market. */
const CAPTURE = [
  `1723161255000${NS} {"stream":"ethusdt@depth@0ms","data":{"e":"depthUpdate","E":1000,"T":999,"s":"ETHUSDT","U":1,"u":4,"pu":0,"b":[],"a":[]}}`,
  `1723161255010${NS} {"lastUpdateId":6,"E":1050,"T":1049,"bids":[["10.00","1.000"]],"asks":[["11.00","3.000"]]}`,
  `1723161255020${NS} {"stream":"ethusdt@depth@0ms","data":{"e":"depthUpdate","E":1100,"T":1099,"s":"ETHUSDT","U":5,"u":7,"pu":4,"b":[["10.00","2.000"]],"a":[]}}`,
  `1723161255030${NS} {"stream":"ethusdt@trade","data":{"e":"trade","E":1200,"T":1199,"s":"ETHUSDT","t":71,"p":"10.50","q":"0.001","X":"INSURANCE_FUND","m":true}}`,
  `1723161255040${NS} {"stream":"ethusdt@trade","data":{"e":"trade","E":1300,"T":1299,"s":"ETHUSDT","t":72,"p":"10.50","q":"0.002","X":"MARKET","m":false}}`,
  `1723161255050${NS} {"stream":"ethusdt@depth@0ms","data":{"e":"depthUpdate","E":1400,"T":1399,"s":"ETHUSDT","U":9,"u":9,"pu":7,"b":[],"a":[]}}`,
];

Deno.test("a USD-M capture is played as depth@100ms and aggTrades of the market", async () => {
  const path = `${await Deno.makeTempDir()}/capture.txt`;
  await Deno.writeTextFile(path, CAPTURE.join("\n"));
  const source = await captureMarket({ files: [path], speed: Infinity });
  assert.equal(source.symbols[0].stepSize, "0.00100000", "told by the trades of the market");
  void source.playUntil(0);
  const exchange = startExchange({ source, market: "usdm" });
  try {
    const { wsUrl, restUrl } = exchange;
    await using diffs = await connect(`${wsUrl}/public/stream?streams=ethusdt@depth@100ms`);
    await using trades = await connect(`${wsUrl}/market/stream?streams=ethusdt@aggTrade`);
    const depth = get(`${restUrl}/fapi/v1/depth?symbol=ETHUSDT&limit=1000`);
    await source.playUntil(1100);
    assert.deepEqual((await depth).body, {
      lastUpdateId: 6,
      E: 1050,
      T: 1049,
      bids: [["10.00", "1.000"]],
      asks: [["11.00", "3.000"]],
    });
    await source.playUntil(Infinity);
    const frame = (line: string) =>
      line.slice(line.indexOf(" ") + 1).replace("depth@0ms", "depth@100ms");
    for (const line of [0, 2, 5]) assert.equal(await diffs.next(), frame(CAPTURE[line]));
    assert.deepEqual(JSON.parse(await trades.next()), {
      stream: "ethusdt@aggTrade",
      data: {
        e: "aggTrade",
        E: 1300,
        s: "ETHUSDT",
        a: 72,
        p: "10.50",
        q: "0.002",
        f: 72,
        l: 72,
        T: 1299,
        m: false,
      },
    });
    assert.equal(source.trades("ETHUSDT").length, 1);
  } finally {
    await exchange.close();
  }
});

Deno.test("the simulated market as USD-M chains its diffs by pu from any snapshot", async () => {
  const source = simulatedMarket({
    symbols: ["BTCUSDT"],
    seed: 7,
    speed: Infinity,
    startTime: 1_700_000_000_000,
    endTime: 1_700_000_010_000,
    historyMs: 0,
  });
  const snapshot = await source.depth("BTCUSDT", 1000, new AbortController().signal);
  const exchange = startExchange({ source, market: "usdm", waitForClients: true });
  try {
    await using client = await connect(
      `${exchange.wsUrl}/public/ws/btcusdt@depth@100ms`,
    );
    await exchange.finished;
    let lastId = snapshot.lastUpdateId;
    for (let i = 0; i < 100; i++) {
      const { e, T, u, pu } = JSON.parse(await client.next());
      assert.deepEqual([e, T, pu], ["depthUpdate", 1_700_000_000_000 + (i + 1) * 100, lastId]);
      lastId = u;
    }
  } finally {
    await exchange.close();
  }
});
