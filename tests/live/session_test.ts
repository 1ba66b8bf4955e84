import assert from "node:assert/strict";
import { effect } from "@preact/signals";
import type {
  BookFrame,
  CandlesFrame,
  Frame,
  StatusFrame,
  WallsFrame,
} from "../../bus/messages.ts";
import type { ApiGet } from "../../live/api.ts";
import { Session } from "../../live/session.ts";
import { instrument } from "../chart/fixture.ts";
import { hello, Mailbox, StreamServer, withDocument } from "./stream_fixture.ts";

const HOUR = 3_600_000;
const MINUTE = 60_000;

const status: StatusFrame = {
  type: "status",
  symbol: "BTCUSDT",
  seq: 1,
  full: true,
  instrument,
  baseGroup: 100,
  feed: { kind: "binance", message: "Binance spot", simulated: false },
  connected: true,
  state: "live",
  message: "",
  lagMs: 38,
  book: "synced",
  lastEventTime: 10 * HOUR,
  recordedSince: HOUR,
  openGaps: 0,
  repairedGaps: 0,
  backfill: null,
  recording: null,
  notices: [],
};

const book: BookFrame = {
  type: "book",
  symbol: "BTCUSDT",
  seq: 1,
  full: true,
  eventTime: 10 * HOUR,
  lastUpdateId: 1,
  known: [90, 110],
  bids: [100, 5],
  asks: [101, 2],
};

const walls: WallsFrame = {
  type: "walls",
  symbol: "BTCUSDT",
  seq: 1,
  full: true,
  baseGroup: 100,
  thresholdLots: 40,
  walls: [{
    ...{ side: "bid", row: 6000, born: 9 * HOUR, died: null },
    ...{ peakLots: 50, lots: 45, tradedLots: 5, ended: null },
  }],
};

function candles(seq: number, full: boolean, time: number, open = 100, close = 100): CandlesFrame {
  const totals = { high: 110, low: 90, buyLots: 2, sellLots: 1, minDelta: 0, maxDelta: 1 };
  return {
    type: "candles",
    symbol: "BTCUSDT",
    seq,
    full,
    candles: [{
      time,
      open,
      close,
      ...totals,
      trades: 1,
      complete: true,
      gap: false,
      levels: [100, 1, 2, 1],
    }],
  };
}

/** A session whose history is empty, and the hours that it asked for. */
function open(url: string) {
  const asked: unknown[] = [];
  const reloads = new Mailbox<true>();
  const get = ((_path: string, { from }: Record<string, unknown>) => {
    asked.push(from);
    return Promise.resolve({ group: 1, candles: [], walls: [] });
  }) as ApiGet;
  const session = new Session("BTCUSDT", url, { get, reload: () => reloads.put(true) });
  return { session, asked, reloads };
}

/** Waits until the session's data or link fulfil a condition. */
function until(session: Session, condition: () => boolean): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const dispose = effect(() => {
    void session.version.value;
    void session.link.value;
    if (condition()) resolve();
  });
  return promise.finally(dispose);
}

async function visited(server: StreamServer, session: Session, ...frames: Frame[]) {
  const visitor = await server.visitor();
  const { value } = session.version;
  visitor.send(hello("one"), ...frames);
  await until(session, () => session.version.value >= value + frames.length);
  return visitor;
}

Deno.test("Session holds what the frames tell", async () => {
  using _page = withDocument();
  await using server = new StreamServer();
  const { session } = open(server.url);
  try {
    await visited(server, session, status, book, candles(1, true, 9 * HOUR, 101, 100));
    assert.equal(session.link.value.state, "open");
    assert.equal(session.instrument?.symbol, "BTCUSDT");
    assert.equal(session.baseGroup, 100);
    assert.deepEqual([session.book.bestBid, session.book.bestAsk], [100, 101]);
    assert.deepEqual(session.lastPrice.value, { ticks: 100, rising: false });
    assert.equal(session.candles.length, 1);
  } finally {
    session.close();
  }
});

Deno.test("Session says that the price rises when a candle begins at the price of the last", async () => {
  using _page = withDocument();
  await using server = new StreamServer();
  const { session } = open(server.url);
  try {
    const falling = candles(1, true, 9 * HOUR, 101, 100);
    await visited(server, session, falling, candles(2, false, 9 * HOUR + MINUTE, 100, 100));
    assert.deepEqual(session.lastPrice.value, { ticks: 100, rising: true });
  } finally {
    session.close();
  }
});

Deno.test("Session asks again for all candles after frames were missed, not at the first frame", async () => {
  using _page = withDocument();
  await using server = new StreamServer();
  const { session, asked } = open(server.url);
  try {
    const visitor = await visited(server, session, status);
    session.wantCandles(HOUR, 2 * HOUR, 100);
    assert.deepEqual(asked, [HOUR]);
    visitor.send(candles(1, true, 9 * HOUR));
    await until(session, () => session.candles.length === 1);
    assert.equal(session.candles[0].stale, false);
    session.wantCandles(HOUR, 3 * HOUR, 100);
    assert.deepEqual(asked, [HOUR, 2 * HOUR], "the first hour is not asked for twice");
    // A full frame in place of what was missed; it holds the newest candle alone.
    visitor.send(candles(5, true, 9 * HOUR + MINUTE));
    await until(session, () => session.candles.length === 2);
    assert.deepEqual(session.candles.map(({ stale }) => stale), [true, false]);
    session.wantCandles(HOUR, 2 * HOUR, 100);
    assert.deepEqual(asked, [HOUR, 2 * HOUR, HOUR]);
  } finally {
    session.close();
  }
});

Deno.test("Session shows candles of another length, and lets those of the one before go", async () => {
  using _page = withDocument();
  await using server = new StreamServer();
  const { session, asked } = open(server.url);
  try {
    const visitor = await visited(server, session, status, book, candles(1, true, 9 * HOUR));
    const subscribed = await visitor.heard() as { topics: string[] };
    assert.ok(subscribed.topics.includes("candles/BTCUSDT"));
    session.setInterval("1h");
    assert.deepEqual(session.candles, []);
    assert.equal(session.intervalMs, HOUR);
    assert.deepEqual([await visitor.heard(), await visitor.heard()], [
      { type: "unsubscribe", topics: ["candles/BTCUSDT"] },
      { type: "subscribe", topics: ["candles_1h/BTCUSDT"] },
    ]);
    const late = candles(2, false, 9 * HOUR);
    const { value } = session.version;
    visitor.send(late, { ...candles(7, true, 9 * HOUR, 90), type: "candles_1h" });
    await until(session, () => session.version.value >= value + 2);
    assert.deepEqual(session.candles.map(({ time, open }) => [time, open]), [[9 * HOUR, 90]]);
    assert.notEqual(session.book.known, null, "the book stays");
    session.wantCandles(0, 61 * HOUR, 100);
    assert.deepEqual(asked, [0], "sixty hours at once, and none beyond now");
  } finally {
    session.close();
  }
});

Deno.test("Session drops the book when the server is lost and keeps the candles", async () => {
  using _page = withDocument();
  await using server = new StreamServer();
  const { session } = open(server.url);
  try {
    const visitor = await visited(server, session, status, book, candles(1, true, 9 * HOUR));
    visitor.close();
    await until(session, () => session.link.value.state === "lost");
    assert.equal(session.book.known, null);
    assert.equal(session.book.bestBid, null);
    assert.equal(session.candles.length, 1);
  } finally {
    session.close();
  }
});

Deno.test("Session has the page begin anew when another run answers, and takes none of its data", async () => {
  using page = withDocument();
  await using server = new StreamServer();
  const { session, reloads } = open(server.url);
  try {
    const first = await visited(server, session, status, candles(1, true, 9 * HOUR));
    first.close();
    await until(session, () => session.link.value.state === "lost");
    page.show();
    const second = await server.visitor();
    second.send(hello("another"), candles(1, true, 20 * HOUR));
    assert.equal(await reloads.take(), true);
    await second.closed;
    assert.deepEqual(session.candles.map(({ time }) => time), [9 * HOUR]);
  } finally {
    session.close();
  }
});

Deno.test("Session holds walls and their threshold, and asks again for old ones after a loss", async () => {
  using _page = withDocument();
  await using server = new StreamServer();
  const { session, asked } = open(server.url);
  try {
    const visitor = await server.visitor();
    const { topics } = await visitor.heard() as { topics: string[] };
    assert.ok(topics.includes("walls/BTCUSDT"));
    visitor.send(hello("one"), status, walls);
    await until(session, () => session.walls.walls.length === 1);
    assert.equal(session.wallThresholdLots.value, 40);
    session.wantWalls(9 * HOUR, 10 * HOUR);
    session.wantWalls(9 * HOUR, 10 * HOUR);
    assert.deepEqual(asked, [9 * HOUR]);
    visitor.send({ ...walls, seq: 7, walls: [] });
    await until(session, () => session.walls.walls.length === 0);
    session.wantWalls(9 * HOUR, 10 * HOUR);
    assert.deepEqual(asked, [9 * HOUR, 9 * HOUR]);
  } finally {
    session.close();
  }
});
