import assert from "node:assert/strict";
import { App, type Context } from "fresh";

/** Answers one request with `handler` at /item/:id. */
function answer(
  handler: (ctx: Context<unknown>) => Response | Promise<Response>,
  init?: RequestInit,
) {
  const app = new App<unknown>().all("/item/:id", handler);
  return app.handler()(new Request("http://localhost/item/a%2Fb?q=1", init));
}

Deno.test("ctx has the request, its URL, the params and the route's pattern", async () => {
  const response = await answer(async (ctx) =>
    ctx.json({
      body: await ctx.req.text(),
      query: ctx.url.searchParams.get("q"),
      params: ctx.params,
      route: ctx.route,
      isPartial: ctx.isPartial,
      error: ctx.error,
      mode: ctx.config.mode,
      from: ctx.info.remoteAddr.transport,
    }), { method: "POST", body: "sent" });
  assert.deepEqual(await response.json(), {
    body: "sent",
    query: "1",
    params: { id: "a/b" },
    route: "/item/:id",
    isPartial: false,
    error: null,
    mode: "production",
    from: "tcp",
  });
});

Deno.test("ctx.route is null when no route matched", async () => {
  const app = new App().notFound((ctx) => ctx.json(ctx.route));
  const response = await app.handler()(new Request("http://localhost/"));
  assert.equal(await response.json(), null);
});

Deno.test("ctx.redirect sets the location with status 302, or the one given", async () => {
  const found = await answer((ctx) => ctx.redirect("/new?x=1"));
  assert.equal(found.status, 302);
  assert.equal(found.headers.get("location"), "/new?x=1");
  assert.equal((await answer((ctx) => ctx.redirect("/new", 307))).status, 307);
  const outside = await answer((ctx) => ctx.redirect("https://example.com//a"));
  assert.equal(outside.headers.get("location"), "https://example.com//a");
});

Deno.test("ctx.redirect to a path never leaves the host", async () => {
  for (
    const path of [
      "//evil.example",
      "/\\evil.example",
      "\\\\evil.example",
      "/\t/evil.example",
      " //evil.example",
    ]
  ) {
    const response = await answer((ctx) => ctx.redirect(path));
    assert.equal(response.headers.get("location"), "/evil.example");
  }
});

Deno.test("ctx.render answers with HTML and keeps status and headers", async () => {
  const response = await answer((ctx) =>
    ctx.render(<p title={`"`}>{"<b>"}</p>, { status: 201, headers: { "x-a": "b" } })
  );
  assert.equal(await response.text(), '<!DOCTYPE html><p title="&quot;">&lt;b></p>');
  assert.equal(response.status, 201);
  assert.equal(response.headers.get("x-a"), "b");
  assert.equal(response.headers.get("content-type"), "text/html; charset=utf-8");
});

Deno.test("ctx.text, ctx.html and ctx.json set their content type and keep a given one", async () => {
  const text = await answer((ctx) => ctx.text("a"));
  const html = await answer((ctx) => ctx.html("<p>a</p>", { status: 202 }));
  const json = await answer((ctx) => ctx.json({ a: 1 }, { headers: { "x-a": "b" } }));
  assert.equal(text.headers.get("content-type"), "text/plain; charset=utf-8");
  assert.equal(html.headers.get("content-type"), "text/html; charset=utf-8");
  assert.equal(html.status, 202);
  assert.equal(json.headers.get("content-type"), "application/json");
  assert.equal(json.headers.get("x-a"), "b");
  assert.deepEqual([await text.text(), await html.text(), await json.json()], ["a", "<p>a</p>", {
    a: 1,
  }]);
  const csv = await answer((ctx) => ctx.text("a,b", { headers: { "content-type": "text/csv" } }));
  assert.equal(csv.headers.get("content-type"), "text/csv");
});

Deno.test("ctx.stream sends what an async generator yields", async () => {
  async function* rows() {
    yield "one,";
    yield await Promise.resolve(new TextEncoder().encode("two"));
  }
  const response = await answer((ctx) =>
    ctx.stream(rows, { headers: { "content-type": "text/csv" } })
  );
  assert.equal(response.headers.get("content-type"), "text/csv");
  assert.equal(await response.text(), "one,two");
});

Deno.test("ctx.stream closes its source when the client goes away", async () => {
  const closed = Promise.withResolvers<void>();
  async function* endless() {
    try {
      while (true) yield await Promise.resolve("more");
    } finally {
      closed.resolve();
    }
  }
  const response = await answer((ctx) => ctx.stream(endless));
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  await reader.read();
  await reader.cancel();
  await closed.promise;
});
