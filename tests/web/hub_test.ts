import assert from "node:assert/strict";
import { decodeMessage } from "../../bus/codec.ts";
import type { BookFrame, Frame, ServerMessage, Topic } from "../../bus/messages.ts";
import { QueryError } from "../../bus/query_error.ts";
import { Hub } from "../../web/hub.ts";
import type { ProcessorClient } from "../../web/processor_client.ts";

function bookFrame(seq: number, full: boolean): BookFrame {
  return {
    type: "book",
    symbol: "BTCUSDT",
    seq,
    full,
    eventTime: 1,
    lastUpdateId: seq,
    known: [1, 2],
    bids: [],
    asks: [],
  };
}

function setUp() {
  let deliver: (frame: Frame) => void = () => {};
  let seq = 1;
  const watched: Topic[][] = [];
  const processor: Partial<ProcessorClient> = {
    onFrame: (handler) => deliver = handler,
    watch: (topics) => watched.push([...topics]),
    fullFrame: (topic) =>
      topic.endsWith("/BTCUSDT")
        ? Promise.resolve(bookFrame(seq, true))
        : Promise.reject(new QueryError("not_found", `no ${topic}`)),
  };
  const hub = new Hub(processor as ProcessorClient, "1.2.3", { now: () => 42, instance: "a" });
  const relay = () => deliver(bookFrame(++seq, false));
  return { hub, watched, relay };
}

function client(hub: Hub) {
  const received: ServerMessage[] = [];
  const socket = {
    bufferedAmount: 0,
    send: (data: Uint8Array) => void received.push(decodeMessage(data)),
    close: () => {},
  };
  hub.add(socket);
  const say = (message: unknown) =>
    hub.takeMessage(socket, typeof message === "string" ? message : JSON.stringify(message));
  /** Frames in short: F1 is full, 2 a delta. */
  const frames = () =>
    received.flatMap((one) => one.type === "book" ? [one.full ? `F${one.seq}` : `${one.seq}`] : []);
  return { socket, received, say, frames };
}

const SUBSCRIBE = { type: "subscribe", topics: ["book/BTCUSDT"] };

Deno.test("Hub greets with version and server time", () => {
  const { received } = client(setUp().hub);
  assert.deepEqual(received, [{ type: "hello", version: "1.2.3", instance: "a", serverTime: 42 }]);
});

Deno.test("Hub sends a full frame first, then what follows on it", async () => {
  const { hub, relay, watched } = setUp();
  const { say, frames } = client(hub);
  relay();
  await say(SUBSCRIBE);
  relay();
  relay();
  assert.deepEqual(frames(), ["F2", "3", "4"]);
  assert.deepEqual(watched.at(-1), ["book/BTCUSDT"]);
});

Deno.test("Hub stops sending after unsubscribe, and watches nothing for nobody", async () => {
  const { hub, relay, watched } = setUp();
  const { socket, say, frames } = client(hub);
  await say(SUBSCRIBE);
  await say({ ...SUBSCRIBE, type: "unsubscribe" });
  relay();
  assert.deepEqual(frames(), ["F1"]);
  assert.deepEqual(watched.at(-1), []);
  hub.remove(socket);
  assert.equal(hub.clientCount, 0);
});

Deno.test("Hub leaves out frames for a slow client and goes on with a full one", async () => {
  const { hub, relay } = setUp();
  const slow = client(hub);
  const quick = client(hub);
  await slow.say(SUBSCRIBE);
  await quick.say(SUBSCRIBE);
  slow.socket.bufferedAmount = 2_000_000;
  relay();
  relay();
  slow.socket.bufferedAmount = 0;
  relay();
  await Promise.resolve();
  relay();
  assert.deepEqual(quick.frames(), ["F1", "2", "3", "4", "5"]);
  assert.deepEqual(slow.frames(), ["F1", "F4", "5"]);
  assert.equal(hub.leftOutFrames, 3);
});

Deno.test("Hub answers wrong messages with an error that names the value and stays connected", async () => {
  const { hub, relay } = setUp();
  const { received, say, frames } = client(hub);
  await say("{broken");
  await say({ type: "dance" });
  await say({ type: "subscribe", topics: ["weather/BTCUSDT"] });
  await say({ type: "subscribe", topics: ["book/DOGEUSDT"] });
  await say("x".repeat(10_001));
  const errors = received.flatMap((one) => one.type === "error" ? [one.message] : []);
  assert.equal(errors.length, 5);
  assert.match(errors[0], /must be JSON, received "\{broken"/);
  assert.match(errors[1], /type/);
  assert.match(errors[2], /topics\[0\]/);
  assert.equal(errors[3], "no book/DOGEUSDT");
  assert.match(errors[4], /at most 10000 characters/);
  await say(SUBSCRIBE);
  relay();
  assert.deepEqual(frames(), ["F1", "2"]);
});

Deno.test("Hub bounds the topics of one connection", async () => {
  const { hub } = setUp();
  const { received, say } = client(hub);
  const topics = Array.from({ length: 60 }, (_, i) => `book/S${i}/BTCUSDT`);
  await say({ type: "subscribe", topics });
  await say({ type: "subscribe", topics: topics.map((topic) => `${topic}/BTCUSDT`) });
  const errors = received.filter(({ type }) => type === "error");
  assert.equal(errors.length, 20);
});
