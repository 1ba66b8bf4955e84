import assert from "node:assert/strict";
import { App, type WebSocketHandlers } from "fresh";
import { loggedErrors } from "./built_fixture.ts";

/** Serves the app on loopback and gives the test the address to connect to. */
async function withServer(app: App<unknown>, test: (address: string) => Promise<void>) {
  const handler = app.handler();
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    (request, info) => handler(request, info),
  );
  try {
    await test(`127.0.0.1:${server.addr.port}`);
  } finally {
    await server.shutdown();
  }
}

function nextEvent<Name extends keyof WebSocketEventMap>(socket: WebSocket, name: Name) {
  return new Promise<WebSocketEventMap[Name]>((resolve, reject) => {
    socket.addEventListener(name, resolve, { once: true });
    if (name !== "error") socket.addEventListener("error", reject, { once: true });
  });
}

Deno.test("App.ws calls open, message and close over a real socket", async () => {
  const closed = Promise.withResolvers<[number, string]>();
  const handlers: WebSocketHandlers = {
    open: (socket) => socket.send("welcome"),
    message: (socket, event) => socket.send(`echo ${event.data}`),
    close: (_socket, code, reason) => closed.resolve([code, reason]),
  };
  await withServer(new App<unknown>().ws("/ws", handlers), async (address) => {
    const socket = new WebSocket(`ws://${address}/ws`);
    assert.equal((await nextEvent(socket, "message")).data, "welcome");
    socket.send("one");
    assert.equal((await nextEvent(socket, "message")).data, "echo one");
    socket.close(4001, "enough");
    assert.deepEqual(await closed.promise, [4001, "enough"]);
    await nextEvent(socket, "close");
  });
});

Deno.test("ctx.upgrade without handlers gives the socket and the response", async () => {
  const app = new App<unknown>().get("/ws", (ctx) => {
    const { socket, response } = ctx.upgrade({ protocol: "chart" });
    socket.onmessage = ({ data }) => socket.send(`bare ${data}`);
    return response;
  });
  await withServer(app, async (address) => {
    const socket = new WebSocket(`ws://${address}/ws`, "chart");
    await nextEvent(socket, "open");
    assert.equal(socket.protocol, "chart");
    socket.send("one");
    assert.equal((await nextEvent(socket, "message")).data, "bare one");
    socket.close();
    await nextEvent(socket, "close");
  });
});

Deno.test("App.ws runs the middlewares before it, which can refuse the socket", async () => {
  const app = new App<unknown>()
    .use((ctx) => ctx.req.headers.has("origin") ? ctx.next() : ctx.text("no", { status: 403 }))
    .ws("/ws", {});
  await withServer(app, async (address) => {
    const response = await fetch(`http://${address}/ws`);
    assert.equal(response.status, 403);
    await response.body?.cancel();
  });
});

Deno.test("a websocket handler that throws ends its socket and is logged", async () => {
  const app = new App<unknown>().ws("/ws", {
    message: () => {
      throw new Error("broken handler");
    },
  });
  const log = await loggedErrors(() =>
    withServer(app, async (address) => {
      const socket = new WebSocket(`ws://${address}/ws`);
      await nextEvent(socket, "open");
      socket.send("one");
      assert.equal((await nextEvent(socket, "close")).code, 1011);
    })
  );
  assert.match(log.join(), /message handler failed: Error: broken handler/);
});

Deno.test("a request that is no websocket gets status 400 and the rule", async () => {
  const app = new App<unknown>().ws("/ws", {});
  const response = await app.handler()(new Request("http://localhost/ws"));
  assert.equal(response.status, 400);
  assert.equal(
    await response.text(),
    'This address answers websockets only: the upgrade header must be "websocket" and is null.',
  );
});
