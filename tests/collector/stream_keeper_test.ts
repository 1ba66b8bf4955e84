import assert from "node:assert/strict";
import { type Down, HandLimit, keep } from "./stream_keeper_fixture.ts";

/** Half of the pause may be left out by chance: 250 ms doubled with every failure. */
function assertPause({ retryMs }: Down, failures: number): void {
  const full = 250 * 2 ** (failures - 1);
  assert.ok(retryMs >= full / 2 && retryMs <= full, `${retryMs} ms after ${failures} failures`);
}

Deno.test("StreamKeeper comes back with growing pauses, and with a short one after a frame", async () => {
  await using it = keep();
  const first = await it.server.next();
  it.server.isRefusing = true;
  first.socket.close(1001, "restart");
  const downs = await it.downs.upTo(3);
  assert.equal(downs[0].reason, "the connection was closed (1001 restart)");
  assert.ok(downs[1].reason.startsWith(`the connection failed (${it.server.host})`));
  downs.forEach((down, i) => assertPause(down, i + 1));
  it.server.isRefusing = false;
  const second = await it.server.next();
  second.send("works");
  await it.frames.upTo(1);
  second.socket.close();
  assertPause((await it.downs.upTo(4))[3], 1);
  assert.equal(it.opens.all.length, 2);
  await it.server.next();
});

Deno.test("StreamKeeper does not count an opening alone as success", async () => {
  await using it = keep();
  for (let i = 1; i <= 3; i++) {
    (await it.server.next()).socket.close();
    assertPause((await it.downs.upTo(i))[i - 1], i);
  }
});

Deno.test("StreamKeeper replaces a connection that is silent", async () => {
  await using it = keep({ idleMs: 50 });
  const first = await it.server.next();
  const [down] = await it.downs.upTo(1);
  assert.equal(down.reason, "no data for 0 s although connected");
  await first.closed;
  const second = await it.server.next();
  second.send("again");
  assert.deepEqual(await it.frames.upTo(1), ["again"]);
});

Deno.test("StreamKeeper waits before an attempt when too many were made", async () => {
  const startTime = performance.now();
  await using it = keep({}, new HandLimit([60]));
  await it.first();
  // Timers may be early by a fraction.
  assert.ok(performance.now() - startTime >= 58);
});

Deno.test("StreamKeeper ends when it is stopped: before the connection is there", async () => {
  await using it = keep();
  await it.stop();
  assert.deepEqual([it.downs.all, it.opens.all], [[], []]);
});

Deno.test("StreamKeeper ends when it is stopped: while connected", async () => {
  await using it = keep();
  const only = await it.first();
  await it.stop();
  await only.closed;
  assert.deepEqual(it.downs.all, [], "who stops it knows");
});

Deno.test("StreamKeeper ends when it is stopped: in the pause before the next attempt", async () => {
  await using it = keep();
  (await it.server.next()).socket.close();
  await it.downs.upTo(1);
  await it.stop();
  assert.equal(it.server.sockets.length, 1);
});

Deno.test("StreamKeeper ends when it is stopped: both connections of an overlap, and no frame more", async () => {
  await using it = keep();
  const old = await it.first();
  it.keeper.renew();
  const next = await it.server.next();
  next.send("held");
  old.send("1");
  await it.frames.upTo(1);
  await it.stop();
  await Promise.all([old.closed, next.closed]);
  assert.deepEqual(it.frames.all, ["1"]);
  assert.deepEqual(it.downs.all, []);
});

Deno.test("StreamKeeper ends when it is stopped: while a renewal waits for its attempt", async () => {
  const attempts = new HandLimit([0, 3_600_000]);
  await using it = keep({}, attempts);
  const old = await it.first();
  it.keeper.renew();
  await attempts.used;
  await it.stop();
  await old.closed;
  assert.equal(it.server.sockets.length, 1, "nothing is opened any more");
});
