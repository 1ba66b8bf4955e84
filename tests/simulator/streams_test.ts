import assert from "node:assert/strict";
import { connect, exchangeByHand } from "./fixture.ts";

const TRADE = '{"e":"aggTrade","E":1723161255343,"s":"BTCUSDT","T":1723161255342}';

Deno.test("a combined stream wraps each event with its stream's name", async () => {
  await using it = exchangeByHand();
  await using client = await connect(`${it.exchange.wsUrl}/stream?streams=btcusdt@aggTrade`);
  await it.source.started.promise;
  await it.source.publish("btcusdt@depth@100ms", '{"not":"wanted"}');
  await it.source.publish("btcusdt@aggTrade", TRADE);
  assert.equal(await client.next(), `{"stream":"btcusdt@aggTrade","data":${TRADE}}`);
});

Deno.test("a raw stream sends events as they are", async () => {
  await using it = exchangeByHand();
  await using client = await connect(`${it.exchange.wsUrl}/ws/btcusdt@aggTrade`);
  await it.source.started.promise;
  await it.source.publish("btcusdt@aggTrade", TRADE);
  assert.equal(await client.next(), TRADE);
});

Deno.test("timeUnit=MICROSECOND turns event and trade times into microseconds", async () => {
  await using it = exchangeByHand();
  const url = `${it.exchange.wsUrl}/ws/btcusdt@aggTrade?timeUnit=MICROSECOND`;
  await using client = await connect(url);
  await it.source.started.promise;
  await it.source.publish("btcusdt@aggTrade", TRADE);
  assert.deepEqual(JSON.parse(await client.next()), {
    e: "aggTrade",
    E: 1723161255343000,
    s: "BTCUSDT",
    T: 1723161255342000,
  });
});

Deno.test("SUBSCRIBE is acknowledged, takes effect, and is listed", async () => {
  await using it = exchangeByHand();
  await using client = await connect(`${it.exchange.wsUrl}/ws`);
  client.say({ method: "SUBSCRIBE", params: ["btcusdt@aggTrade", "no@such"], id: 1 });
  assert.equal(await client.next(), '{"result":null,"id":1}');
  await it.source.publish("btcusdt@aggTrade", TRADE);
  assert.equal(await client.next(), TRADE);
  client.say({ method: "LIST_SUBSCRIPTIONS", id: "two" });
  assert.equal(await client.next(), '{"result":["btcusdt@aggTrade","no@such"],"id":"two"}');
  client.say({ method: "UNSUBSCRIBE", params: ["btcusdt@aggTrade"], id: 3 });
  assert.equal(await client.next(), '{"result":null,"id":3}');
  await it.source.publish("btcusdt@aggTrade", TRADE);
  client.say({ method: "LIST_SUBSCRIPTIONS", id: 4 });
  assert.equal(await client.next(), '{"result":["no@such"],"id":4}', "no event came in between");
});

Deno.test("the combined property can be read and set", async () => {
  await using it = exchangeByHand();
  await using client = await connect(`${it.exchange.wsUrl}/ws/btcusdt@aggTrade`);
  client.say({ method: "GET_PROPERTY", params: ["combined"], id: 1 });
  assert.equal(await client.next(), '{"result":false,"id":1}');
  client.say({ method: "SET_PROPERTY", params: ["combined", true], id: 2 });
  await client.next();
  await it.source.publish("btcusdt@aggTrade", TRADE);
  assert.match(await client.next(), /^\{"stream":"btcusdt@aggTrade"/);
});

Deno.test("wrong requests are answered with code and message, and the connection stays", async () => {
  await using it = exchangeByHand();
  await using client = await connect(`${it.exchange.wsUrl}/ws`);
  client.say("{broken");
  assert.equal(JSON.parse(await client.next()).code, 3);
  client.say({ method: "DANCE", id: 5 });
  const refusal = JSON.parse(await client.next());
  assert.deepEqual([refusal.code, refusal.id], [2, 5]);
  assert.match(refusal.msg, /DANCE/);
  client.say({ method: "SUBSCRIBE", params: "btcusdt@aggTrade", id: 6 });
  assert.equal(JSON.parse(await client.next()).code, 2);
});

Deno.test("more than five messages in a second end the connection", async () => {
  await using it = exchangeByHand({ now: () => 0 });
  await using client = await connect(`${it.exchange.wsUrl}/ws`);
  for (let id = 1; id <= 6; id++) client.say({ method: "LIST_SUBSCRIPTIONS", id });
  assert.equal((await client.closed).code, 1008);
});

Deno.test("a connection holds at most 1024 streams", async () => {
  await using it = exchangeByHand();
  await using client = await connect(`${it.exchange.wsUrl}/ws`);
  const params = Array.from({ length: 1025 }, (_, i) => `s${i}@aggTrade`);
  client.say({ method: "SUBSCRIBE", params, id: 1 });
  assert.match(JSON.parse(await client.next()).msg, /1024 streams/);
});

Deno.test("faults drop, double and silence events, and send raw texts", async () => {
  await using it = exchangeByHand();
  const { faults } = it.exchange;
  await using client = await connect(`${it.exchange.wsUrl}/ws/a@aggTrade/b@aggTrade`);
  await it.source.started.promise;
  faults.dropNext("a@aggTrade");
  await it.source.publish("a@aggTrade", '"dropped"');
  faults.duplicateNext("a@aggTrade");
  await it.source.publish("a@aggTrade", '"doubled"');
  faults.silence("b@aggTrade", true);
  await it.source.publish("b@aggTrade", '"silent"');
  it.exchange.sendRaw('{"half');
  assert.deepEqual(
    [await client.next(), await client.next(), await client.next()],
    ['"doubled"', '"doubled"', '{"half'],
  );
});

Deno.test("faults cut and refuse connections", async () => {
  await using it = exchangeByHand();
  const client = await connect(`${it.exchange.wsUrl}/ws/a@aggTrade`);
  it.exchange.cutConnections();
  await client.closed;
  it.exchange.faults.refuseConnections = true;
  await assert.rejects(connect(`${it.exchange.wsUrl}/ws/a@aggTrade`), /refused/);
});
