import assert from "node:assert/strict";
import { App, HttpError } from "fresh";

function send<State>(app: App<State>, path: string, init?: RequestInit): Promise<Response> {
  return app.handler()(new Request(`http://localhost${path}`, init));
}

Deno.test("App answers each method with its own handler", async () => {
  const app = new App()
    .get("/x", () => new Response("get"))
    .post("/x", () => new Response("post"))
    .put("/x", () => new Response("put"))
    .patch("/x", () => new Response("patch"))
    .delete("/x", () => new Response("delete"));
  for (const method of ["GET", "POST", "PUT", "PATCH", "DELETE"]) {
    const response = await send(app, "/x", { method });
    assert.equal(await response.text(), method.toLowerCase());
  }
});

Deno.test("App.all answers every method that has no handler of its own", async () => {
  const app = new App().get("/x", () => new Response("get")).all("/x", () => new Response("all"));
  assert.equal(await (await send(app, "/x")).text(), "get");
  assert.equal(await (await send(app, "/x", { method: "OPTIONS" })).text(), "all");
});

Deno.test("App answers HEAD by App.head, or else by GET without the body", async () => {
  const app = new App()
    .get("/both", () => new Response("get"))
    .head("/both", () => new Response(null, { headers: { "x-by": "head" } }))
    .get("/get", () => new Response("get", { headers: { "x-by": "get" } }));
  assert.equal((await send(app, "/both", { method: "HEAD" })).headers.get("x-by"), "head");
  const response = await send(app, "/get", { method: "HEAD" });
  assert.equal(response.headers.get("x-by"), "get");
  assert.equal(await response.text(), "");
});

Deno.test("App answers an unknown method with 405 and the methods it allows", async () => {
  const app = new App().get("/x", () => new Response("get")).post("/x", () => new Response("post"));
  const response = await send(app, "/x", { method: "DELETE" });
  assert.equal(response.status, 405);
  assert.equal(response.headers.get("allow"), "GET, HEAD, POST");
  assert.equal(await response.text(), "/x answers GET, HEAD, POST, not DELETE.");
});

Deno.test("App answers an unknown path with 404", async () => {
  assert.equal((await send(new App(), "/nothing")).status, 404);
});

Deno.test("App.notFound answers what no route does and sees thrown 404s", async () => {
  const app = new App()
    .get("/gone", () => {
      throw new HttpError(404, "it is gone");
    })
    .notFound((ctx) => ctx.text(`custom: ${(ctx.error as Error).message}`, { status: 404 }));
  assert.equal(await (await send(app, "/gone")).text(), "custom: it is gone");
  assert.equal(await (await send(app, "/never")).text(), "custom: Not Found");
});

Deno.test("App runs middlewares in the order they were added, and back", async () => {
  const app = new App<{ trail: string[] }>()
    .use((ctx) => {
      ctx.state.trail = ["a"];
      return ctx.next();
    })
    .use(
      async (ctx) => {
        ctx.state.trail.push("b");
        const response = await ctx.next();
        response.headers.set("x-trail", ctx.state.trail.join(" "));
        return response;
      },
      [(ctx) => {
        ctx.state.trail.push("c");
        return ctx.next();
      }],
    )
    .get("/", (ctx) => {
      ctx.state.trail.push("d");
      return ctx.json(ctx.state.trail);
    })
    .use(() => new Response("a middleware added after the route ran before it"));
  const response = await send(app, "/");
  assert.deepEqual(await response.json(), ["a", "b", "c", "d"]);
  assert.equal(response.headers.get("x-trail"), "a b c d");
});

Deno.test("App gives each request a state of its own", async () => {
  const app = new App<{ count?: number }>().get("/", (ctx) => {
    ctx.state.count = (ctx.state.count ?? 0) + 1;
    return ctx.json(ctx.state);
  });
  const handler = app.handler();
  for (let request = 0; request < 2; request++) {
    const response = await handler(new Request("http://localhost/"));
    assert.deepEqual(await response.json(), { count: 1 });
  }
});

Deno.test("App.use with a path runs for that path and below it only", async () => {
  const app = new App<{ inside?: boolean }>()
    .use("/api", (ctx) => {
      ctx.state.inside = true;
      return ctx.next();
    })
    .get("/*", (ctx) => ctx.json(ctx.state.inside === true));
  const inside = async (path: string) => await (await send(app, path)).json();
  assert.equal(await inside("/api"), true);
  assert.equal(await inside("/api/deep/er"), true);
  assert.equal(await inside("/apish"), false);
  assert.equal(await inside("/"), false);
});

Deno.test("a handler given after middlewares of its own route gets what they pass on", async () => {
  const app = new App<{ user?: string }>().get("/", (ctx) => {
    ctx.state.user = "ann";
    return ctx.next();
  }, (ctx) => ctx.text(`hello ${ctx.state.user}`));
  assert.equal(await (await send(app, "/")).text(), "hello ann");
});

Deno.test("a middleware may call next() twice and gets the same answer", async () => {
  const app = new App()
    .use(async (ctx) => {
      const first = await (await ctx.next()).text();
      const second = await (await ctx.next()).text();
      return ctx.text(`${first} ${second}`);
    })
    .use((ctx) => ctx.next())
    .get("/", () => new Response("x"));
  assert.equal(await (await send(app, "/")).text(), "x x");
});

Deno.test("a middleware can catch what the route throws", async () => {
  const app = new App()
    .use(async (ctx) => {
      try {
        return await ctx.next();
      } catch (error) {
        return ctx.json({ caught: (error as Error).message });
      }
    })
    .get("/", () => {
      throw new HttpError(409, "two at once");
    });
  assert.deepEqual(await (await send(app, "/")).json(), { caught: "two at once" });
});

Deno.test("App prefers static segments to params and params to rests, in any order of adding", async () => {
  const app = new App()
    .get("/:rest*", () => new Response("rest"))
    .get("/a/:param", (ctx) => new Response(`param ${ctx.params.param}`))
    .get("/a/static", () => new Response("static"));
  assert.equal(await (await send(app, "/a/static")).text(), "static");
  assert.equal(await (await send(app, "/a/other")).text(), "param other");
  assert.equal(await (await send(app, "/a/b/c")).text(), "rest");
});

Deno.test("a path whose percent-encoding is broken gets status 400", async () => {
  const app = new App().get("/:name", (ctx) => new Response(ctx.params.name));
  assert.equal(await (await send(app, "/%E2%82%AC")).text(), "€");
  assert.equal((await send(app, "/%E2%82")).status, 400);
});

Deno.test("App serves everything below its basePath", async () => {
  const app = new App({ basePath: "/charts/" })
    .use("/api", async (ctx) => {
      const response = await ctx.next();
      response.headers.set("x-api", "yes");
      return response;
    })
    .get("/", () => new Response("root"))
    .get("/api/x", () => new Response("api"));
  assert.equal(app.config.basePath, "/charts");
  assert.equal(await (await send(app, "/charts")).text(), "root");
  const response = await send(app, "/charts/api/x");
  assert.equal(await response.text(), "api");
  assert.equal(response.headers.get("x-api"), "yes");
  assert.equal((await send(app, "/api/x")).status, 404);
});

Deno.test("App refuses a basePath that is no path", () => {
  assert.throws(() => new App({ basePath: "charts" }), {
    message: 'basePath must look like "/charts" and is "charts".',
  });
});

Deno.test("App.config says the mode it was given, production by default", () => {
  assert.equal(new App().config.mode, "production");
  assert.equal(new App({ mode: "development" }).config.mode, "development");
});

Deno.test("App.appWrapper wraps what ctx.render renders", async () => {
  const app = new App()
    .appWrapper(({ Component }) => (
      <body>
        <Component />
      </body>
    ))
    .get("/", (ctx) => ctx.render(<p>inside</p>));
  assert.equal(
    await (await send(app, "/")).text(),
    "<!DOCTYPE html><body><p>inside</p></body>",
  );
});

Deno.test("App.listen serves until its signal is aborted", async () => {
  const stop = new AbortController();
  const listening = Promise.withResolvers<number>();
  const app = new App().get("/", (ctx) => ctx.text(ctx.info.remoteAddr.transport));
  const ended = app.listen({
    hostname: "127.0.0.1",
    port: 0,
    signal: stop.signal,
    onListen: ({ port }) => listening.resolve(port),
  });
  const response = await fetch(`http://127.0.0.1:${await listening.promise}/`);
  assert.equal(await response.text(), "tcp");
  stop.abort();
  await ended;
});
