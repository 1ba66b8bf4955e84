import assert from "node:assert/strict";
import type { TradesFrame } from "../../bus/messages.ts";
import { Feed, type FeedHandlers } from "../../live/feed.ts";
import { hello, Mailbox, StreamServer, withDocument } from "./stream_fixture.ts";

function trades(seq: number, full = false): TradesFrame {
  return { type: "trades", symbol: "BTCUSDT", seq, full, trades: [], skipped: 0 };
}

/** Everything that the feed tells, in order, except the moments of waiting. */
function recorder() {
  const told = new Mailbox<string>();
  let lastLink = "";
  const handlers: FeedHandlers = {
    frame: (frame) => told.put(`frame ${frame.seq}`),
    link: (state) => {
      if (state !== lastLink) told.put(state);
      lastLink = state;
    },
    problem: (message) => told.put(`problem: ${message}`),
    restarted: () => told.put("restarted"),
  };
  const next = async (...expected: string[]) => {
    for (const one of expected) assert.equal(await told.take(), one);
  };
  return { handlers, next };
}

Deno.test("Feed subscribes, hands frames on and asks again for a topic that skipped one", async () => {
  using _page = withDocument();
  await using server = new StreamServer();
  const { handlers, next } = recorder();
  const feed = new Feed(server.url, ["trades/BTCUSDT"], handlers);
  try {
    const visitor = await server.visitor();
    const subscribe = { type: "subscribe", topics: ["trades/BTCUSDT"] };
    assert.deepEqual(await visitor.heard(), subscribe);
    visitor.send(hello("one"), trades(4, true), trades(5), trades(7));
    await next("connecting", "open", "frame 4", "frame 5");
    assert.deepEqual(await visitor.heard(), subscribe);
    visitor.send({ type: "error", code: "bad_request", message: "No such topic" }, trades(8, true));
    await next("problem: No such topic", "frame 8");
  } finally {
    feed.close();
  }
});

Deno.test("Feed goes on after a loss when the same run of the server answers", async () => {
  using page = withDocument();
  await using server = new StreamServer();
  const { handlers, next } = recorder();
  const feed = new Feed(server.url, ["trades/BTCUSDT"], handlers);
  try {
    const first = await server.visitor();
    first.send(hello("one"), trades(4, true));
    await next("connecting", "open", "frame 4");
    first.close();
    await next("lost");
    // Whoever looks at the page again need not wait.
    page.show();
    const second = await server.visitor();
    second.send(hello("one"), trades(9, true));
    await next("connecting", "open", "frame 9");
  } finally {
    feed.close();
  }
});

Deno.test("Feed ends when another run of the server answers, and hands nothing of it on", async () => {
  using page = withDocument();
  await using server = new StreamServer();
  const { handlers, next } = recorder();
  const feed = new Feed(server.url, ["trades/BTCUSDT"], handlers);
  try {
    const first = await server.visitor();
    first.send(hello("one"), trades(4, true));
    await next("connecting", "open", "frame 4");
    first.close();
    await next("lost");
    page.show();
    const second = await server.visitor();
    second.send(hello("another"), trades(5, true));
    await next("connecting", "restarted");
    await second.closed;
    handlers.problem("the end");
    // Had the other run's frame been handed on, it would have been told before.
    await next("problem: the end");
  } finally {
    feed.close();
  }
});

Deno.test("Feed tells nothing more once it is closed", async () => {
  using page = withDocument();
  await using server = new StreamServer();
  const { handlers, next } = recorder();
  const feed = new Feed(server.url, ["trades/BTCUSDT"], handlers);
  const visitor = await server.visitor();
  visitor.send(hello("one"));
  await next("connecting", "open");
  feed.close();
  await visitor.closed;
  page.show();
  handlers.problem("the end");
  await next("problem: the end");
});
