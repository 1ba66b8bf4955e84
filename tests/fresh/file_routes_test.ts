import assert from "node:assert/strict";
import { join } from "node:path";
import { buildAndLoad, type Fetch, withBuiltFixture, withFixture } from "./built_fixture.ts";

/** What the page shows inside its body, without the framework's own script. */
async function body(fetch: Fetch, path: string): Promise<string> {
  const html = await (await fetch(path)).text();
  const shown = html.match(/<body>(.*)<\/body>/)?.[1] ?? html;
  return shown.replace(/<script.*?<\/script>/g, "");
}

Deno.test("files in routes/ answer at the paths their names say", async () => {
  await withBuiltFixture(async (fetch) => {
    assert.equal(await body(fetch, "/docs/a%20b"), "<p>param a b by /docs/:name</p>");
    assert.equal(await body(fetch, "/docs/latest"), "<p>static latest</p>");
    assert.equal(await body(fetch, "/docs/a/b"), "<p>rest a/b</p>");
    assert.equal(await body(fetch, "/shop"), "<p>shop in any language</p>");
    assert.equal(await body(fetch, "/shop/vi"), "<p>shop in vi</p>");
    assert.equal((await fetch("/shop/vi/more")).status, 404);
  });
});

Deno.test("a (group) folder has its layout and no part in the path", async () => {
  await withBuiltFixture(async (fetch) => {
    assert.equal(await body(fetch, "/grouped"), '<div class="group"><p>in a group</p></div>');
    assert.equal((await fetch("/group/grouped")).status, 404);
  });
});

Deno.test("a route's config skips the app wrapper and the layouts", async () => {
  await withBuiltFixture(async (fetch) => {
    const html = await (await fetch("/bare")).text();
    assert.match(html, /<p>bare<\/p>/);
    assert.doesNotMatch(html, /<html|class="group"/);
  });
});

Deno.test("_app.tsx wraps every page and sees the state", async () => {
  await withBuiltFixture(async (fetch) => {
    const html = await (await fetch("/plain")).text();
    assert.match(html, /^<!DOCTYPE html><html lang="en"><head>.*<title>Fixture<\/title>/);
    assert.match(html, /<body><p id="plain">app > routes<\/p>/);
  });
});

Deno.test("_middleware.ts runs for its folder, outermost first, arrays in order", async () => {
  await withBuiltFixture(async (fetch) => {
    const trail = await (await fetch("/section/trail")).json();
    assert.deepEqual(trail, ["app", "routes", "section 1", "section 2"]);
  });
});

Deno.test("a handler by method hands data, status and headers to its page", async () => {
  await withBuiltFixture(async (fetch) => {
    assert.equal(await body(fetch, "/form"), '<p id="answer">nothing yet</p>');
    const posted = await fetch("/form", {
      method: "POST",
      body: new URLSearchParams({ word: "tick" }),
    });
    assert.equal(posted.status, 201);
    assert.equal(posted.headers.get("x-form"), "taken");
    assert.match(await posted.text(), /<p id="answer">got tick<\/p>/);
  });
});

Deno.test("a file route answers HEAD by GET and other methods with 405", async () => {
  await withBuiltFixture(async (fetch) => {
    const head = await fetch("/form", { method: "HEAD" });
    assert.equal(head.status, 200);
    assert.equal(await head.text(), "");
    const deleted = await fetch("/form", { method: "DELETE" });
    assert.equal(deleted.status, 405);
    assert.equal(deleted.headers.get("allow"), "GET, HEAD, POST");
  });
});

Deno.test("a route function answers every method", async () => {
  await withBuiltFixture(async (fetch) => {
    assert.equal((await fetch("/section/trail", { method: "PUT" })).status, 200);
  });
});

Deno.test("an async page is awaited and may answer with a Response", async () => {
  await withBuiltFixture(async (fetch) => {
    assert.equal(await body(fetch, "/later"), "<p>awaited</p>");
    assert.equal((await fetch("/later?away")).headers.get("location"), "http://localhost/plain");
  });
});

Deno.test("routeOverride replaces the pattern of the file's name", async () => {
  await withFixture(async (root) => {
    await Deno.writeTextFile(
      join(root, "routes/named.ts"),
      `export const config = { routeOverride: "/v:version/x" };
       export const handler = (ctx) => new Response(ctx.params.version);`,
    );
    const server = await buildAndLoad(root);
    const response = await server.fetch(new Request("http://localhost/v7/x"));
    assert.equal(await response.text(), "7");
  });
});

Deno.test("mistakes in routes/ are errors that name the file", async () => {
  const mistakes: [name: string, source: string, message: RegExp][] = [
    ["_helper.ts", "export default 1;", /routes\/_helper\.ts has a name that means nothing/],
    [
      "empty.ts",
      "export const x = 1;",
      /routes\/empty\.ts exports neither a handler nor a default/,
    ],
    ["(group)/plain.ts", "export const handler = {};", /both answer \/plain\.$/],
    ["text.ts", "export default 'x';", /routes\/text\.ts must export a component by default/],
    [
      "docs/_middleware.ts",
      "export const x = 1;",
      /docs\/_middleware\.ts must export a middleware/,
    ],
  ];
  for (const [name, source, message] of mistakes) {
    await withFixture(async (root) => {
      await Deno.writeTextFile(join(root, "routes", name), source);
      await assert.rejects(buildAndLoad(root), { message });
    });
  }
});
