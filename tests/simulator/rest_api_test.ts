import assert from "node:assert/strict";
import { exchangeByHand } from "./fixture.ts";

async function get(url: string) {
  const response = await fetch(url);
  const body = await response.json();
  return { status: response.status, headers: response.headers, body };
}

Deno.test("exchangeInfo gives tick and step, for one, some or all symbols", async () => {
  await using it = exchangeByHand();
  const url = `${it.exchange.restUrl}/api/v3/exchangeInfo`;
  for (const query of ["", "?symbol=BTCUSDT", '?symbols=["BTCUSDT"]']) {
    const { body } = await get(url + query);
    assert.equal(body.symbols.length, 1);
    assert.equal(body.symbols[0].status, "TRADING");
    const filters = body.symbols[0].filters.map((one: { filterType: string }) => one.filterType);
    assert.deepEqual(filters, ["PRICE_FILTER", "LOT_SIZE"]);
    assert.equal(body.symbols[0].filters[0].tickSize, "0.01000000");
  }
});

Deno.test("refusals bear Binance's codes and messages", async () => {
  await using it = exchangeByHand();
  const refused = [
    ["exchangeInfo?symbol=NOPE", -1121, "Invalid symbol."],
    ["depth", -1102, "Mandatory parameter 'symbol' was not sent, was empty/null, or malformed."],
    ["depth?symbol=BTCUSDT&limit=ten", -1100, "Illegal characters found in parameter 'limit'."],
    [
      "aggTrades?symbol=BTCUSDT&fromId=1&startTime=1",
      -1128,
      "Combination of optional parameters invalid.",
    ],
    ["klines?symbol=BTCUSDT&interval=7m", -1120, "Invalid interval."],
  ] as const;
  for (const [path, code, msg] of refused) {
    const { status, body } = await get(`${it.exchange.restUrl}/api/v3/${path}`);
    assert.deepEqual([status, body], [400, { code, msg }], path);
  }
});

Deno.test("depth gives any number of levels up to 5000", async () => {
  await using it = exchangeByHand();
  const url = `${it.exchange.restUrl}/api/v3/depth?symbol=BTCUSDT`;
  assert.equal((await get(url)).body.bids.length, 100);
  assert.equal((await get(`${url}&limit=37`)).body.bids.length, 37);
  assert.equal((await get(`${url}&limit=9999`)).body.bids.length, 5000);
});

Deno.test("aggTrades are paged by id and bounded by inclusive times", async () => {
  await using it = exchangeByHand();
  const url = `${it.exchange.restUrl}/api/v3/aggTrades?symbol=BTCUSDT`;
  const ids = async (query: string) =>
    (await get(url + query)).body.map(({ a }: { a: number }) => a);
  assert.deepEqual(await ids("&fromId=103&limit=2"), [103, 104]);
  assert.deepEqual(await ids("&fromId=111"), []);
  assert.deepEqual(await ids("&startTime=2000&endTime=4000"), [102, 103, 104]);
  assert.deepEqual(await ids("&startTime=8500&limit=1"), [109], "the oldest first");
  assert.deepEqual(await ids("&endTime=3000&limit=2"), [102, 103], "the newest up to the end");
  assert.deepEqual(await ids("&limit=3"), [108, 109, 110], "the most recent");
  const { body } = await get(`${url}&fromId=102&limit=1`);
  assert.deepEqual(body, [{
    a: 102,
    p: "60002.00000000",
    q: "2.00000000",
    f: 502,
    l: 502,
    T: 2000,
    m: true,
    M: true,
  }]);
});

Deno.test("klines sum trades in twelve fields", async () => {
  await using it = exchangeByHand();
  const url =
    `${it.exchange.restUrl}/api/v3/klines?symbol=BTCUSDT&interval=1s&startTime=3000&limit=1`;
  assert.deepEqual((await get(url)).body, [[
    3000,
    "60003.00000000",
    "60003.00000000",
    "60003.00000000",
    "60003.00000000",
    "3.00000000",
    3999,
    "180009.00000000",
    1,
    "3.00000000",
    "180009.00000000",
    "0",
  ]]);
  const minute = (await get(url.replace("1s&startTime=3000", "1m&startTime=0"))).body[0];
  assert.deepEqual(minute.slice(0, 6), [
    0,
    "60001.00000000",
    "60010.00000000",
    "60001.00000000",
    "60010.00000000",
    "55.00000000",
  ]);
  assert.equal(minute[9], "25.00000000", "bought: the odd trades");
});

Deno.test("every answer tells the weight used; over the limit 429, then 418, with Retry-After", async () => {
  await using it = exchangeByHand({ weightLimit: 300, now: () => 90_000 });
  const url = `${it.exchange.restUrl}/api/v3/depth?symbol=BTCUSDT`;
  const weight = (headers: Headers) => Number(headers.get("X-MBX-USED-WEIGHT-1M"));
  assert.equal(weight((await get(`${url}&limit=5000`)).headers), 250);
  assert.equal(weight((await get(`${url}&limit=1000`)).headers), 300);
  const over = await get(`${url}&limit=5`);
  assert.equal(over.status, 429);
  assert.equal(over.body.code, -1003);
  assert.equal(over.headers.get("Retry-After"), "30", "until the next minute begins");
  let status = 429;
  for (let i = 0; i < 60 && status === 429; i++) status = (await get(`${url}&limit=5`)).status;
  assert.equal(status, 418);
});

Deno.test("planned faults answer instead, as often as planned", async () => {
  await using it = exchangeByHand();
  const fault = { status: 502, body: "<html>Bad Gateway</html>", headers: { "Retry-After": "3" } };
  it.exchange.faults.failRest("/api/v3/time", fault);
  const response = await fetch(`${it.exchange.restUrl}/api/v3/time`);
  assert.deepEqual([response.status, await response.text()], [502, fault.body]);
  assert.equal(response.headers.get("Retry-After"), "3");
  assert.deepEqual((await get(`${it.exchange.restUrl}/api/v3/time`)).body, { serverTime: 10_500 });
});
