import assert from "node:assert/strict";
import { mapDepthSnapshot, mapFrame, mapInstrument } from "../../collector/binance_map.ts";
import { lotScale } from "../../market/instrument.ts";

const BTCUSDT = mapInstrument({
  symbol: "BTCUSDT",
  baseAsset: "BTC",
  quoteAsset: "USDT",
  filters: [
    { filterType: "PRICE_FILTER", minPrice: "0.01", maxPrice: "1000000", tickSize: "0.01000000" },
    { filterType: "LOT_SIZE", minQty: "0.00001", maxQty: "9000.00000000", stepSize: "0.00001000" },
  ],
});

const map = (frame: unknown) =>
  mapFrame(
    typeof frame === "string" ? frame : JSON.stringify(frame),
    (symbol) => symbol === "BTCUSDT" ? BTCUSDT : undefined,
  );

const AGG_TRADE = {
  e: "aggTrade",
  E: 1723161255343,
  s: "BTCUSDT",
  a: 26129,
  p: "61837.63000000",
  q: "0.02000000",
  f: 100,
  l: 105,
  T: 1723161255342,
  m: true,
  M: true,
};

Deno.test("mapInstrument() reads tick and step, and keeps quantities finer than the step", () => {
  assert.deepEqual(BTCUSDT.priceScale, { decimals: 2, step: 1 });
  assert.deepEqual(BTCUSDT.qtyScale, lotScale("0.00001", "9000"));
  assert.equal(BTCUSDT.stepSize, 0.00001);
  assert.equal(BTCUSDT.baseAsset, "BTC");
});

Deno.test("mapInstrument() names the symbol and the filter that is missing", () => {
  assert.throws(
    () => mapInstrument({ symbol: "BTCUSDT", filters: [] }),
    /exchangeInfo of BTCUSDT has no LOT_SIZE filter/,
  );
});

Deno.test("mapFrame() maps an aggTrade, combined and raw", () => {
  const expected = {
    type: "aggTrade",
    symbol: "BTCUSDT",
    eventTime: 1723161255343,
    trade: {
      id: 26129,
      priceTicks: 6_183_763,
      qtyLots: 2_000_000,
      firstTradeId: 100,
      lastTradeId: 105,
      tradeTime: 1723161255342,
      isBuyerMaker: true,
    },
  };
  assert.deepEqual(map(AGG_TRADE), expected);
  assert.deepEqual(map({ stream: "btcusdt@aggTrade", data: AGG_TRADE }), expected);
});

Deno.test("mapFrame() maps a depth diff to flat ticks and lots", () => {
  const frame = {
    e: "depthUpdate",
    E: 7,
    s: "BTCUSDT",
    U: 157,
    u: 160,
    b: [["0.02", "10"], ["0.01", "0"]],
    a: [["200000.00", "25.42618900"]],
  };
  assert.deepEqual(map(frame), {
    type: "depth",
    symbol: "BTCUSDT",
    diff: {
      firstUpdateId: 157,
      lastUpdateId: 160,
      eventTime: 7,
      bids: [2, 1_000_000_000, 1, 0],
      asks: [20_000_000, 2_542_618_900],
    },
  });
});

Deno.test("mapFrame() tells acks, refusals and the announced shutdown apart", () => {
  assert.deepEqual(map({ result: null, id: 1 }), { type: "ack" });
  assert.deepEqual(map({ code: 2, msg: "Invalid request", id: 1 }), {
    type: "refusal",
    code: 2,
    message: "Invalid request",
  });
  assert.deepEqual(map({ e: "serverShutdown", E: 1 }), { type: "shutdown" });
  assert.deepEqual(
    map({ stream: "!serverShutdown", data: { e: "serverShutdown", E: 1 } }),
    { type: "shutdown" },
  );
});

Deno.test("mapFrame() names events and symbols it does not know", () => {
  assert.deepEqual(map({ e: "blockTrade", s: "BTCUSDT" }), {
    type: "unknown",
    what: 'event "blockTrade"',
  });
  assert.deepEqual(map({ ...AGG_TRADE, s: "DOGEUSDT" }), {
    type: "unknown",
    what: "symbol DOGEUSDT",
  });
});

Deno.test("mapFrame() ignores keys it does not know", () => {
  assert.equal(map({ ...AGG_TRADE, nq: "0.01", st: 1 }).type, "aggTrade");
});

Deno.test("mapFrame() quotes a broken frame and says what is wrong with it", () => {
  assert.throws(() => map('{"e":"aggTr'), /not JSON: "\{\\"e\\":\\"aggTr"/);
  assert.throws(() => map("[1]"), /not an object/);
  assert.throws(() => map({ ...AGG_TRADE, a: "26129" }), /a must be a whole number, not "26129"/);
  assert.throws(() => map({ ...AGG_TRADE, p: "1.005" }), /1\.005 is not a multiple of 0\.01/);
  assert.throws(() => map({ ...AGG_TRADE, m: undefined }), /m must be true or false/);
  assert.throws(() => map({ e: "depthUpdate", s: "BTCUSDT", b: null, a: [] }), /U must be/);
  const diff = map({ e: "depthUpdate", s: "BTCUSDT", E: 1, U: 1, u: 2, b: null, a: [] });
  assert(diff.type === "brokenDepth");
  assert.equal(diff.lastUpdateId, 2);
  assert.match(diff.reason, /levels must be a list/);
});

Deno.test("mapFrame() refuses times and ids by which no file of trades could be named", () => {
  assert.throws(() => map({ ...AGG_TRADE, T: 1_723_161_255_342_000 }), /T must be a time in ms/);
  assert.throws(() => map({ ...AGG_TRADE, T: -1 }), /T must be a time in ms/);
  assert.throws(() => map({ ...AGG_TRADE, E: 9e15 }), /E must be a time in ms/);
  assert.throws(() => map({ ...AGG_TRADE, a: -2 }), /a must be an id, not -2/);
});

Deno.test("mapDepthSnapshot() refuses what is no snapshot", () => {
  assert.throws(() => mapDepthSnapshot({ bids: [], asks: [] }, BTCUSDT), /lastUpdateId/);
});
