import assert from "node:assert/strict";
import { keep } from "./stream_keeper_fixture.ts";

Deno.test("renew() hands on all frames of the old connection, then those of the new one", async () => {
  await using it = keep();
  const old = await it.first();
  old.send("1", "2", "3");
  await it.frames.upTo(3);
  it.keeper.renew();
  const next = await it.server.next();
  assert.ok(old.isOpen, "the old one goes on until the new one carries the stream");
  // In the overlap both carry the same; the new one is ahead.
  next.send("4", "5", "6", "7");
  old.send("4");
  await it.frames.upTo(4);
  old.send("5", "6");
  await it.frames.upTo(6);
  old.socket.close(1001, "restart");
  await it.frames.upTo(10);
  next.send("8");
  await it.frames.upTo(11);
  assert.deepEqual(it.frames.all, ["1", "2", "3", "4", "5", "6", "4", "5", "6", "7", "8"]);
  assert.deepEqual(it.downs.all, []);
  assert.equal(it.opens.all.length, 1);
});

Deno.test("renew() closes the old connection when the overlap is over", async () => {
  await using it = keep({ overlapMs: 50 });
  const old = await it.first();
  old.send("1");
  await it.frames.upTo(1);
  it.keeper.renew();
  const next = await it.server.next();
  next.send("2");
  await old.closed;
  next.send("3");
  assert.deepEqual(await it.frames.upTo(3), ["1", "2", "3"]);
  assert.deepEqual(it.downs.all, []);
  assert.equal(it.server.openCount, 1);
});

Deno.test("renew() takes a new connection that is silent when the old one is, too", async () => {
  await using it = keep({ overlapMs: 50 });
  const old = await it.first();
  it.keeper.renew();
  const next = await it.server.next();
  await old.closed;
  next.send("1");
  assert.deepEqual(await it.frames.upTo(1), ["1"]);
  assert.deepEqual(it.downs.all, []);
});

Deno.test("a renewal that is refused leaves the old connection as it is, and is tried again", async () => {
  await using it = keep({ overlapMs: 50 });
  const old = await it.first();
  old.send("1");
  await it.frames.upTo(1);
  it.server.isRefusing = true;
  it.keeper.renew();
  const refused = Promise.withResolvers<void>();
  const watch = setInterval(() => it.server.refused > 0 && refused.resolve(), 5);
  await refused.promise;
  clearInterval(watch);
  old.send("2");
  await it.frames.upTo(2);
  assert.ok(old.isOpen);
  it.server.isRefusing = false;
  const next = await it.server.next();
  next.send("3");
  await old.closed;
  assert.deepEqual(await it.frames.upTo(3), ["1", "2", "3"]);
  assert.deepEqual(it.downs.all, []);
});

Deno.test("a new connection that ends in the overlap leaves the old one as it is", async () => {
  await using it = keep();
  const old = await it.first();
  it.keeper.renew();
  const next = await it.server.next();
  next.send("not ours");
  next.socket.close(1001);
  await next.closed;
  old.send("1");
  assert.deepEqual(await it.frames.upTo(1), ["1"]);
  assert.ok(old.isOpen);
  const third = await it.server.next();
  third.send("2");
  old.socket.close();
  assert.deepEqual(await it.frames.upTo(2), ["1", "2"]);
  assert.deepEqual(it.downs.all, []);
});

Deno.test("a new connection that is silent while the old one speaks is let go", async () => {
  await using it = keep({ overlapMs: 200 });
  const old = await it.first();
  it.keeper.renew();
  const next = await it.server.next();
  const ticker = setInterval(() => old.send("old"), 10);
  await next.closed;
  clearInterval(ticker);
  assert.ok(old.isOpen);
  old.send("last");
  await it.frames.upToFirst("last");
  assert.deepEqual(it.downs.all, []);
});

Deno.test("an old connection that ends in the overlap leaves the new one, though silent so far", async () => {
  await using it = keep();
  const old = await it.first();
  it.keeper.renew();
  const next = await it.server.next();
  // A restart ends the old one soon after the new one is there.
  const ticker = setInterval(() => old.send("old"), 5);
  await it.frames.upTo(10);
  clearInterval(ticker);
  old.socket.close(1001, "restart");
  await old.closed;
  next.send("new");
  await it.frames.upToFirst("new");
  assert.deepEqual(it.downs.all, [], "no connection was ever missing");
  assert.equal(it.server.sockets.length, 2);
});

Deno.test("StreamKeeper renews by age, again and again, and loses nothing", async () => {
  await using it = keep({ maxAgeMs: 30, overlapMs: 30 });
  let current = await it.server.next();
  for (let i = 1; i <= 3; i++) {
    const next = await it.server.next();
    next.send(`${i}`);
    await current.closed;
    current = next;
  }
  assert.deepEqual(await it.frames.upTo(3), ["1", "2", "3"]);
  assert.deepEqual(it.downs.all, []);
});
