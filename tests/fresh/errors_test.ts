import assert from "node:assert/strict";
import { join } from "node:path";
import { App, HttpError } from "fresh";
import { HttpError as RuntimeHttpError } from "fresh/runtime";
import { buildAndLoad, loggedErrors, withBuiltFixture, withFixture } from "./built_fixture.ts";

Deno.test("HttpError has a status, a message for it, and a cause", () => {
  const cause = new Error("why");
  const error = new HttpError(404, "no such symbol", { cause });
  assert.deepEqual([error.status, error.message, error.cause, error.name], [
    404,
    "no such symbol",
    cause,
    "HttpError",
  ]);
  assert.equal(new HttpError(503).message, "Service Unavailable");
  assert.equal(new HttpError(599).message, "HTTP status 599");
  assert.equal(RuntimeHttpError, HttpError);
});

Deno.test("an HttpError shows the error page with its status and is not logged", async () => {
  await withBuiltFixture(async (fetch) => {
    const log = await loggedErrors(async () => {
      const response = await fetch("/teapot");
      assert.equal(response.status, 418);
      assert.match(await response.text(), /<html.*<h1 id="error">418: short and stout at \/teapot/);
    });
    assert.deepEqual(log, []);
  });
});

Deno.test("a path that nothing answers shows the error page with status 404", async () => {
  await withBuiltFixture(async (fetch) => {
    const response = await fetch("/no/such/page");
    assert.equal(response.status, 404);
    assert.match(await response.text(), /<h1 id="error">404: Not Found at \/no\/such\/page/);
  });
});

Deno.test("_404.tsx takes the 404s and leaves the other errors to _error.tsx", async () => {
  await withFixture(async (root) => {
    await Deno.writeTextFile(join(root, "routes/_404.tsx"), "export default () => <h1>lost</h1>;");
    const server = await buildAndLoad(root);
    const lost = await server.fetch(new Request("http://localhost/lost"));
    assert.equal(lost.status, 404);
    assert.match(await lost.text(), /<h1>lost<\/h1>/);
    const teapot = await server.fetch(new Request("http://localhost/teapot"));
    assert.match(await teapot.text(), /short and stout/);
  });
});

Deno.test("an unexpected error is logged and its message kept from the client", async () => {
  await withBuiltFixture(async (fetch) => {
    const log = await loggedErrors(async () => {
      const response = await fetch("/throw");
      assert.equal(response.status, 500);
      const html = await response.text();
      assert.match(html, /<h1 id="error">500: Internal Server Error at \/throw/);
      assert.doesNotMatch(html, /secret/);
    });
    assert.match(log.join(), /GET \/throw failed: Error: secret of the fixture/);
  });
});

Deno.test("in development an unexpected error reaches the error page", async () => {
  await withBuiltFixture(async (fetch) => {
    await loggedErrors(async () => {
      const html = await (await fetch("/throw")).text();
      assert.match(html, /<h1 id="error">unexpected: secret of the fixture at \/throw/);
    });
  }, "development");
});

Deno.test("a folder's middleware can answer HttpErrors and 405s as JSON", async () => {
  await withBuiltFixture(async (fetch) => {
    const missing = await fetch("/api/strict/0");
    assert.equal(missing.status, 404);
    assert.deepEqual(await missing.json(), {
      error: { code: 404, message: "there is no item 0" },
    });
    const put = await fetch("/api/strict/1", { method: "PUT" });
    assert.equal(put.status, 405);
    assert.equal(put.headers.get("allow"), "DELETE, GET, HEAD");
    assert.equal((await put.json()).error.code, 405);
    assert.deepEqual(await (await fetch("/api/strict/1")).json(), { id: "1" });
  });
});

Deno.test("without an error page the answer is text, and no secret in production", async () => {
  const app = new App().get("/", () => {
    throw new Error("secret");
  });
  await loggedErrors(async () => {
    const response = await app.handler()(new Request("http://localhost/"));
    assert.equal(response.status, 500);
    assert.equal(await response.text(), "Internal Server Error");
  });
});

Deno.test("an error page that fails is logged and answered as text", async () => {
  await withFixture(async (root) => {
    await Deno.writeTextFile(
      join(root, "routes/_error.tsx"),
      "export default () => { throw new Error('worse'); };",
    );
    const server = await buildAndLoad(root);
    const log = await loggedErrors(async () => {
      const response = await server.fetch(new Request("http://localhost/teapot"));
      assert.equal(response.status, 418);
      assert.equal(await response.text(), "short and stout");
    });
    assert.match(log.join(), /The error page for GET \/teapot failed: Error: worse/);
  });
});

Deno.test("a handler that returns neither a Response nor page() is an error that says so", async () => {
  await withFixture(async (root) => {
    await Deno.writeTextFile(join(root, "routes/odd.ts"), "export const handler = () => 'text';");
    const server = await buildAndLoad(root);
    const log = await loggedErrors(async () => {
      assert.equal((await server.fetch(new Request("http://localhost/odd"))).status, 500);
    });
    assert.match(log.join(), /The handler of \/odd must return a Response or page\(\), not text\./);
  });
});
