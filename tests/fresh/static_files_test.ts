import assert from "node:assert/strict";
import { join } from "node:path";
import { Builder } from "fresh/dev";
import { buildAndLoad, withBuiltFixture, withFixture } from "./built_fixture.ts";

const FOR_EVER = "public, max-age=31536000, immutable";

Deno.test("a file in static/ is served as it is, with its type and an ETag", async () => {
  const types = {
    "/styles.css": "text/css; charset=utf-8",
    "/dot.svg": "image/svg+xml",
    "/app.webmanifest": "application/manifest+json; charset=utf-8",
    "/fonts/tiny.woff2": "font/woff2",
    "/with%20space.txt": "text/plain; charset=utf-8",
  };
  await withBuiltFixture(async (fetch) => {
    for (const [path, type] of Object.entries(types)) {
      const response = await fetch(path);
      assert.equal(response.status, 200, path);
      assert.equal(response.headers.get("content-type"), type);
      assert.match(response.headers.get("etag") ?? "", /^W\/"[0-9a-f]{16}"$/);
      assert.equal(response.headers.get("cache-control"), "no-cache");
      const source = new URL(`./fixture/static${path}`, import.meta.url);
      assert.equal(await response.text(), await Deno.readTextFile(source));
    }
  });
});

Deno.test("a known ETag gets 304 without a body, another one the file", async () => {
  await withBuiltFixture(async (fetch) => {
    const etag = (await fetch("/styles.css")).headers.get("etag") ?? "";
    const ask = (tag: string) => fetch("/styles.css", { headers: { "if-none-match": tag } });
    for (const tag of [etag, etag.replace("W/", ""), `"other", ${etag}`, "*"]) {
      const response = await ask(tag);
      assert.equal(response.status, 304, tag);
      assert.equal(response.headers.get("etag"), etag);
      assert.equal(await response.text(), "");
    }
    assert.equal((await ask('"other"')).status, 200);
  });
});

Deno.test("HEAD tells a file's size without its content", async () => {
  await withBuiltFixture(async (fetch) => {
    const response = await fetch("/fonts/tiny.woff2", { method: "HEAD" });
    assert.equal(response.headers.get("content-length"), "4");
    assert.equal(await response.text(), "");
    assert.equal((await fetch("/fonts/tiny.woff2", { method: "POST" })).status, 404);
  });
});

Deno.test("asset() addresses a file by the build, to be cached for ever", async () => {
  await withBuiltFixture(async (fetch) => {
    const html = await (await fetch("/plain")).text();
    const path = html.match(/href="(\/styles\.css\?v=[0-9a-f]{16})"/)?.[1] ?? "no asset";
    assert.equal((await fetch(path)).headers.get("cache-control"), FOR_EVER);
    const stale = await fetch("/styles.css?v=0123456789abcdef");
    assert.equal(stale.headers.get("cache-control"), "no-cache");
  });
});

Deno.test("the islands' code is addressed by the build, to be cached for ever", async () => {
  await withBuiltFixture(async (fetch) => {
    const html = await (await fetch("/")).text();
    const paths = [...html.matchAll(/(?:src|href)="(\/_fresh\/[^"]+)"/g)].map(([, path]) => path);
    assert.ok(paths.length >= 4, `${paths.length} scripts`);
    for (const path of paths) {
      const response = await fetch(path);
      assert.equal(response.status, 200, path);
      assert.equal(response.headers.get("content-type"), "text/javascript; charset=utf-8");
      assert.equal(response.headers.get("cache-control"), FOR_EVER);
      await response.body?.cancel();
    }
  });
});

Deno.test("no path reaches a file outside of the build", async () => {
  await withFixture(async (root) => {
    const server = await buildAndLoad(root);
    const tricks = [
      ...["/../app.ts", "/..%2fapp.ts", "/%2e%2e/app.ts", "/%2e%2e%2fapp.ts", "/..\\app.ts"],
      ...["/static/styles.css", "/styles.css%00", "/styles.css%00.txt", "/%00", "//styles.css"],
      ...["/fonts", "/fonts/", "/fonts%2ftiny.woff2", "/fonts%5ctiny.woff2", "/./%2e/..%5capp.ts"],
      ...["/app.ts", "/_fresh/server.js", "/client/server.js", "/__proto__", "/constructor"],
      `/${root}/app.ts`,
      "/file:///etc/passwd",
    ];
    for (const path of tricks) {
      const response = await server.fetch(new Request(`http://localhost${path}`));
      assert.equal(response.status, 404, path);
      assert.doesNotMatch(await response.text(), /new App|margin|wOF2|root:/);
    }
  });
});

Deno.test("a build refuses a symbolic link in static/", async () => {
  await withFixture(async (root) => {
    const link = join(root, "static/passwd");
    await Deno.symlink("/etc/passwd", link);
    await assert.rejects(new Builder({ root, serverEntry: "app.ts" }).build(), {
      message: `${link} is a symbolic link: a build takes files and folders only.`,
    });
  });
});

Deno.test("a build leaves out hidden files but serves .well-known", async () => {
  await withFixture(async (root) => {
    await Deno.writeTextFile(join(root, "static/.env"), "SECRET=1");
    await Deno.mkdir(join(root, "static/.well-known"));
    await Deno.writeTextFile(join(root, "static/.well-known/security.txt"), "Contact: x");
    const server = await buildAndLoad(root);
    const status = async (path: string) =>
      (await server.fetch(new Request(`http://localhost${path}`))).status;
    assert.equal(await status("/.env"), 404);
    assert.equal(await status("/.well-known/security.txt"), 200);
  });
});
