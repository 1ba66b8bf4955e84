import assert from "node:assert/strict";
import { mapInstrument } from "../../collector/binance_map.ts";
import { spotAdapter } from "../../collector/binance_spot.ts";
import { usdmAdapter } from "../../collector/binance_usdm.ts";
import { exchangeByHand } from "../simulator/fixture.ts";

const HOUR = 3_600_000;
/** What TradeLog counts in: 1e-8. */
const UNIT = 100_000_000;
const URLS = { wsUrl: "wss://ws.example/", restUrl: "https://rest.example" };

const ETHUSDT = mapInstrument({
  symbol: "ETHUSDT",
  contractType: "PERPETUAL",
  baseAsset: "ETH",
  quoteAsset: "USDT",
  filters: [
    { filterType: "PRICE_FILTER", minPrice: "39.86", maxPrice: "306177", tickSize: "0.01" },
    { filterType: "LOT_SIZE", minQty: "0.001", maxQty: "10000", stepSize: "0.001" },
  ],
}, "usdm");

const map = (frame: unknown) =>
  usdmAdapter(URLS).mapFrame(
    JSON.stringify(frame),
    (symbol) => symbol === "ETHUSDT" ? ETHUSDT : undefined,
  );

const DEPTH = {
  e: "depthUpdate",
  E: 1723161256303,
  T: 1723161256302,
  s: "ETHUSDT",
  ps: "ETHUSDT",
  U: 5123107832349,
  u: 5123107837896,
  pu: 5123107832175,
  b: [["2681.63", "0.197"]],
  a: [["2681.64", "0.000"]],
  st: 1,
};

/** A USD-M exchange with one symbol, BTCUSDT, and its adapter; see HandSource. */
function setUp() {
  const it = exchangeByHand({ market: "usdm", now: () => 0 });
  return { ...it, adapter: usdmAdapter(it.exchange) };
}

async function instrumentOf({ rest }: ReturnType<typeof usdmAdapter>) {
  const instrument = await rest.instrument("BTCUSDT");
  assert(instrument);
  return instrument;
}

async function usedWeight(restUrl: string): Promise<number> {
  const response = await fetch(`${restUrl}/fapi/v1/nothing`);
  await response.body?.cancel();
  return Number(response.headers.get("X-MBX-USED-WEIGHT-1M"));
}

Deno.test("usdmAdapter() maps a depth diff with the id of the diff before", () => {
  const expected = {
    type: "depth",
    symbol: "ETHUSDT",
    diff: {
      firstUpdateId: 5123107832349,
      lastUpdateId: 5123107837896,
      previousUpdateId: 5123107832175,
      eventTime: 1723161256303,
      // maxQty 10000 leaves room for seven decimals in an exact sum.
      bids: [268_163, 1_970_000],
      asks: [268_164, 0],
    },
  };
  assert.deepEqual(map({ stream: "ethusdt@depth@100ms", data: DEPTH }), expected);
  assert.deepEqual(map({ stream: "ethusdt@depth@0ms", data: DEPTH }), expected);
});

Deno.test("usdmAdapter() refuses a depth diff that does not say what it follows", () => {
  const diff = map({ ...DEPTH, pu: undefined });
  assert(diff.type === "brokenDepth");
  assert.match(diff.reason, /pu must be a whole number/);
});

Deno.test("usdmAdapter() maps an aggTrade without M", () => {
  const frame = {
    ...{ e: "aggTrade", E: 9, s: "ETHUSDT", ps: "ETHUSDT", st: 1, nq: "0.5", T: 8 },
    ...{ a: 26129, p: "2681.63", q: "1.5", f: 100, l: 105, m: false },
  };
  assert.deepEqual(map(frame), {
    type: "aggTrade",
    symbol: "ETHUSDT",
    eventTime: 9,
    trade: {
      id: 26129,
      priceTicks: 268_163,
      qtyLots: 15_000_000,
      firstTradeId: 100,
      lastTradeId: 105,
      tradeTime: 8,
      isBuyerMaker: false,
    },
  });
});

Deno.test("usdmAdapter() leaves single trades alone: their ids are not those of aggTrades", () => {
  const frame = { e: "trade", E: 9, T: 8, s: "ETHUSDT", t: 1, p: "1.0", q: "1", X: "MARKET" };
  assert.deepEqual(map(frame), { type: "unknown", what: 'event "trade"' });
});

Deno.test("usdmAdapter() takes depth and aggTrades from two addresses", () => {
  assert.deepEqual(usdmAdapter(URLS).connections(["BTCUSDT", "ETHUSDT"]), [
    {
      url: "wss://ws.example/public/stream?streams=btcusdt@depth@100ms/ethusdt@depth@100ms",
      streams: ["btcusdt@depth@100ms", "ethusdt@depth@100ms"],
      symbols: ["BTCUSDT", "ETHUSDT"],
      kinds: ["depth"],
    },
    {
      url: "wss://ws.example/market/stream?streams=btcusdt@aggTrade/ethusdt@aggTrade",
      streams: ["btcusdt@aggTrade", "ethusdt@aggTrade"],
      symbols: ["BTCUSDT", "ETHUSDT"],
      kinds: ["aggTrade"],
    },
  ]);
});

Deno.test("spotAdapter() takes both from one address", () => {
  assert.deepEqual(spotAdapter(URLS).connections(["BTCUSDT"]), [{
    url: "wss://ws.example/stream?streams=btcusdt@depth@100ms/btcusdt@aggTrade",
    streams: ["btcusdt@depth@100ms", "btcusdt@aggTrade"],
    symbols: ["BTCUSDT"],
    kinds: ["depth", "aggTrade"],
  }]);
});

Deno.test("a symbol beyond ASCII is encoded in the address and plain as a stream", () => {
  const [{ url, streams }] = spotAdapter(URLS).connections(["币安USDT"]);
  assert.equal(
    url,
    "wss://ws.example/stream?streams=%E5%B8%81%E5%AE%89usdt@depth@100ms/%E5%B8%81%E5%AE%89usdt@aggTrade",
  );
  assert.deepEqual(streams, ["币安usdt@depth@100ms", "币安usdt@aggTrade"]);
});

Deno.test("many symbols are spread over connections, each within the limits, none twice", () => {
  const symbols = Array.from({ length: 600 }, (_, i) => `S${i}USDT`);
  for (const adapter of [spotAdapter(URLS), usdmAdapter(URLS)]) {
    const connections = adapter.connections(symbols);
    for (const { url, streams, symbols, kinds } of connections) {
      assert(url.length <= 8000, "a request line that servers take");
      assert(streams.length <= adapter.maxStreamsPerConnection);
      assert.equal(streams.length, symbols.length * kinds.length);
    }
    for (const kind of ["depth", "aggTrade"] as const) {
      const carried = connections.filter(({ kinds }) => kinds.includes(kind));
      assert.deepEqual(carried.flatMap((connection) => connection.symbols), symbols);
    }
  }
});

Deno.test("symbols come from the whole exchangeInfo, which is fetched once", async () => {
  await using it = setUp();
  const instrument = await instrumentOf(it.adapter);
  assert.equal(instrument.market, "usdm");
  assert.deepEqual(instrument.priceScale, { decimals: 2, step: 1 });
  assert.equal(await it.adapter.rest.instrument("NOPE"), null);
  assert.equal(await usedWeight(it.exchange.restUrl), 1);
});

Deno.test("a failed exchangeInfo is asked for again", async () => {
  await using it = setUp();
  it.exchange.faults.failRest("/fapi/v1/exchangeInfo", { status: 200, body: "{}" });
  await assert.rejects(it.adapter.rest.instrument("BTCUSDT"), /exchangeInfo lists no symbols/);
  assert.equal((await instrumentOf(it.adapter)).symbol, "BTCUSDT");
});

Deno.test("depth asks for the thousand levels that USD-M gives", async () => {
  await using it = setUp();
  const snapshot = await it.adapter.rest.depth(await instrumentOf(it.adapter));
  assert.equal(snapshot.lastUpdateId, 7);
  assert.equal(snapshot.bids.length, 2 * 1000);
});

Deno.test("aggTrades are paged by id", async () => {
  await using it = setUp();
  const instrument = await instrumentOf(it.adapter);
  const records = await it.adapter.rest.aggTradesFrom(instrument, 108);
  assert.deepEqual(records.map(({ id, trade }) => [id, trade?.id]), [
    [108, 108],
    [109, 109],
    [110, 110],
  ]);
  assert.equal(await it.adapter.rest.time(), 10_500);
});

Deno.test("the first trade after a time is looked for hour by hour", async () => {
  await using it = setUp();
  const instrument = await instrumentOf(it.adapter);
  const first = (startTime: number) => it.adapter.rest.firstAggTradeId(instrument, startTime);
  assert.equal(await first(2500), 103);
  assert.equal(await first(10_001), null, "there is none up to now");
  it.source.time = 4 * HOUR;
  it.source.log.add(111, 60_000 * UNIT, UNIT, 511, 511, 3 * HOUR + 20_000, true);
  assert.equal(await first(10_001), 111);
});

Deno.test("trades older than 24 hours are not asked for", async () => {
  await using it = setUp();
  const instrument = await instrumentOf(it.adapter);
  it.source.time = 30 * HOUR;
  it.source.log.add(111, 60_000 * UNIT, UNIT, 511, 511, 29 * HOUR, true);
  const before = await usedWeight(it.exchange.restUrl);
  assert.equal(await it.adapter.rest.firstAggTradeId(instrument, 0), 111);
  // From 30 h - 23 h 59 min on: hours 6, 7, ..., 28 and 29; the time itself costs 1.
  assert.equal(await usedWeight(it.exchange.restUrl) - before, 1 + 23 * 20);
});
