import assert from "node:assert/strict";
import { openConnection } from "../../collector/connection.ts";
import { SocketServer } from "./socket_server.ts";

/** Longer than any test takes. */
const NEVER_IDLE = 60_000;

Deno.test("openConnection() hands on text frames in order and leaves binary ones out", async () => {
  await using server = new SocketServer();
  const frames: string[] = [];
  const third = Promise.withResolvers<void>();
  const connection = openConnection(server.url, NEVER_IDLE, (text) => {
    if (frames.push(text) === 3) third.resolve();
  });
  assert.equal(await connection.opened, true);
  const { socket, send, closed } = await server.next();
  send("1", "2");
  socket.send(new Uint8Array([1, 2, 3]));
  send("3");
  await third.promise;
  assert.deepEqual(frames, ["1", "2", "3"]);
  connection.close();
  assert.equal(await connection.ended, "closed");
  await closed;
});

Deno.test("openConnection() tells with which code and reason the other side closed", async () => {
  await using server = new SocketServer();
  const connection = openConnection(server.url, NEVER_IDLE, () => {});
  const { socket } = await server.next();
  socket.close(1008, "too slow");
  assert.equal(await connection.ended, "the connection was closed (1008 too slow)");
  assert.equal(await connection.opened, true);
});

Deno.test("openConnection() ends without opening when it is refused", async () => {
  await using server = new SocketServer();
  server.isRefusing = true;
  const connection = openConnection(server.url, NEVER_IDLE, () => {});
  assert.equal(await connection.opened, false);
  const reason = await connection.ended;
  assert.ok(reason.startsWith(`the connection failed (${server.host})`), reason);
});

Deno.test("openConnection() ends without opening where nobody listens", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const host = `127.0.0.1:${listener.addr.port}`;
  listener.close();
  const connection = openConnection(`ws://${host}`, NEVER_IDLE, () => {});
  assert.equal(await connection.opened, false);
  assert.match(await connection.ended, new RegExp(`^the connection failed \\(${host}\\)`));
});

Deno.test("openConnection() gives up a server that takes the call and never answers", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const taken = listener.accept();
  const url = `ws://127.0.0.1:${listener.addr.port}/`;
  const connection = openConnection(url, NEVER_IDLE, () => {}, 50);
  using _peer = await taken;
  assert.equal(await connection.ended, `no connection to ${url} within 0.05 s`);
  assert.equal(await connection.opened, false);
});

Deno.test("openConnection() ends a connection that is silent from its begin", async () => {
  await using server = new SocketServer();
  const connection = openConnection(server.url, 50, () => {});
  const { closed } = await server.next();
  assert.equal(await connection.ended, "no data for 0 s although connected");
  await closed;
});

Deno.test("openConnection() counts silence from the last frame", async () => {
  await using server = new SocketServer();
  const idleMs = 150;
  let lastFrameTime = 0;
  let frames = 0;
  const connection = openConnection(server.url, idleMs, () => {
    lastFrameTime = performance.now();
    frames++;
  });
  const served = await server.next();
  // So that a watch that began with the connection would end it 50 ms after the last of them.
  const ticker = setInterval(() => {
    if (frames < 5 && served.isOpen) served.send("tick");
  }, 20);
  const reason = await connection.ended;
  const silentMs = performance.now() - lastFrameTime;
  clearInterval(ticker);
  assert.match(reason, /^no data for/);
  assert.ok(frames > 0);
  assert.ok(silentMs >= idleMs - 2, `ended ${silentMs} ms after the last frame`);
});

Deno.test("a frame that is under way when the connection is closed goes nowhere", async () => {
  await using server = new SocketServer();
  const frames: string[] = [];
  const connection = openConnection(server.url, NEVER_IDLE, (text) => {
    frames.push(text);
    connection.close();
  });
  const { send, closed } = await server.next();
  send("1", "2", "3");
  await closed;
  assert.deepEqual(frames, ["1"]);
});

Deno.test("close() before the connection is there ends it, and twice is once", async () => {
  await using server = new SocketServer();
  const connection = openConnection(server.url, NEVER_IDLE, () => {});
  connection.close();
  connection.close();
  assert.equal(await connection.opened, false);
  assert.equal(await connection.ended, "closed");
});
