import assert from "node:assert/strict";
import { asset, IS_BROWSER } from "fresh/runtime";
import { withPage } from "./browser.ts";
import {
  buildAndLoad,
  loggedErrors,
  type Server,
  withBuiltFixture,
  withFixture,
} from "./built_fixture.ts";

const STRICT = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; " +
  "connect-src 'self'; base-uri 'none'; form-action 'self'";

/** Serves the app on loopback under a Content-Security-Policy without inline script. */
async function serveStrictly(app: Server, test: (origin: string) => Promise<void>) {
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    async (request, info) => {
      const response = await app.fetch(request, info);
      response.headers.set("content-security-policy", STRICT);
      return response;
    },
  );
  try {
    await test(`http://127.0.0.1:${server.addr.port}`);
  } finally {
    await server.shutdown();
  }
}

Deno.test("an island is rendered on the server, with its props in a JSON script", async () => {
  await withBuiltFixture(async (fetch) => {
    const html = await (await fetch("/")).text();
    assert.match(html, /<output id="count-one">3<\/output>/);
    assert.match(html, /<output id="count-inner">10<\/output>/);
    const scripts = [...html.matchAll(/<script([^>]*)>/g)].map(([, attributes]) => attributes);
    assert.equal(scripts.length, 2);
    assert.match(scripts[0], /^ type="module" src="\/_fresh\/[0-9a-f]{16}\/fresh-boot\.js"$/);
    assert.equal(scripts[1], ' type="application/json" id="fresh-state"');
    assert.doesNotMatch(html, /style=/);
  });
});

Deno.test("an island inside an island is sent and marked once, as a part of it", async () => {
  await withBuiltFixture(async (fetch) => {
    const html = await (await fetch("/")).text();
    const marks = [...html.matchAll(/<!--(\/?fresh:\d)-->/g)].map(([, mark]) => mark);
    assert.deepEqual(marks, [0, 1, 2, 3].flatMap((id) => [`fresh:${id}`, `/fresh:${id}`]));
    const state = JSON.parse(html.match(/id="fresh-state">(.*?)<\/script>/)?.[1] ?? "");
    const modules = state.islands.map((island: { module: string }) => island.module.slice(25));
    assert.deepEqual(modules, ["Counter.js", "Counter.js", "Holder.js", "Shapes.js"]);
  });
});

Deno.test("a page asks for its islands' code at once, and for no other island's", async () => {
  await withBuiltFixture(async (fetch) => {
    const asked = async (path: string) => {
      const html = await (await fetch(path)).text();
      return [...html.matchAll(/(?:src|href)="(\/_fresh\/[^"]*)"/g)].map(([, url]) => url);
    };
    const islands = (urls: string[]) => urls.filter((url) => /\/[A-Z]\w*\.js$/.test(url));
    const urls = await asked("/");
    assert.deepEqual(islands(urls).map((url) => url.slice(25)), [
      ...["Counter.js", "Holder.js", "Shapes.js"],
    ]);
    for (const url of urls) {
      const code = await (await fetch(url)).text();
      for (const [, imported] of code.matchAll(/(?:from|import)"\.\/([^"]+)"/g)) {
        assert.ok(urls.includes(url.slice(0, 25) + imported), `${imported} is not asked for`);
      }
    }
    assert.deepEqual(islands(await asked("/plain")), []);
  });
});

Deno.test("props that cannot travel are errors naming island, prop and kind", async () => {
  const mistakes = {
    function: 'a function as its prop "value.deep[0]"',
    jsx: 'JSX as its prop "value"',
    circular: 'an object that contains itself as its prop "value.self"',
    class: 'an instance of URL as its prop "value"',
    symbol: 'a symbol as its prop "value"',
    children: 'JSX as its prop "children[1]"',
  };
  await withBuiltFixture(async (fetch) => {
    for (const [kind, what] of Object.entries(mistakes)) {
      const log = await loggedErrors(async () => {
        assert.equal((await fetch(`/unsendable?kind=${kind}`)).status, 500);
      });
      const expected = `The island "Anything" cannot take ${what}: props travel`;
      assert.ok(log.join().includes(expected), `${log.join()} lacks ${expected}`);
    }
  });
});

Deno.test("Head moves its children into the head and its title replaces the app's", async () => {
  await withBuiltFixture(async (fetch) => {
    const html = await (await fetch("/")).text();
    const head = html.slice(0, html.indexOf("</head>"));
    assert.match(head, /<title>Islands<\/title><meta name="description" content="made by Head"/);
    assert.equal(html.match(/<title>/g)?.length, 1);
  });
});

Deno.test("on the server IS_BROWSER is false, and asset() leaves other hosts alone", async () => {
  await withBuiltFixture(async (fetch) => {
    await (await fetch("/plain")).body?.cancel();
    assert.equal(IS_BROWSER, false);
    assert.match(asset("/a.css?x=1#top"), /^\/a\.css\?x=1&v=[0-9a-f]{16}#top$/);
    for (const other of ["https://example.com/a.css", "//example.com/a.css", "a.css"]) {
      assert.equal(asset(other), other);
    }
  });
});

Deno.test("islands work in Chromium under a strict Content-Security-Policy", async () => {
  await withPage(async (page, complaints) => {
    await withFixture(async (root) => {
      await serveStrictly(await buildAndLoad(root), async (origin) => {
        await page.goto(origin);

        // Props arrive as what they were; the effect that writes this runs after hydration.
        const seen = page.locator("#shapes:not(:empty)");
        assert.equal(
          await seen.textContent(),
          "1970-01-02T00:00:00.000Z|1|true|-Infinity|true|" +
            "</script><script>document.title = 'broken'</script>\u2028",
        );
        assert.equal(await page.title(), "Islands");
        assert.equal(await page.locator("html").getAttribute("data-client"), "loaded");

        // A signal given to two islands is one signal.
        await page.click("#add-one");
        await page.click("#add-two");
        await page.locator("#count-one", { hasText: /^5$/ }).waitFor();
        await page.locator("#count-two", { hasText: /^5$/ }).waitFor();

        // The inner island works as a part of the one around it.
        await page.click("#add-inner");
        await page.click("#add-inner");
        await page.locator("#count-inner", { hasText: /^12$/ }).waitFor();
        assert.equal(await page.locator("#holder").count(), 1);

        // An island may change its root: the new one stands where the old one stood.
        await page.click("#open");
        await page.locator("#opened", { hasText: "in the browser" }).waitFor();
        const children = await page.locator("main > *").evaluateAll((elements) =>
          elements.map((element) => element.id)
        );
        assert.deepEqual(children, [
          ...["add-one", "count-one", "add-two", "count-two", "opened", "shapes"],
        ]);
        const picture = await page.locator("#opened img").getAttribute("src");
        assert.match(picture ?? "", /^\/dot\.svg\?v=[0-9a-f]{16}#dot$/);
        assert.deepEqual(complaints, []);
      });
    });
  });
});

Deno.test("one island that fails in the browser leaves the others working", async () => {
  await withPage(async (page, complaints) => {
    await withFixture(async (root) => {
      await Deno.writeTextFile(
        `${root}/islands/Holder.tsx`,
        `import { IS_BROWSER } from "fresh/runtime";
         export default () => { if (IS_BROWSER) throw new Error("broken island"); return <i />; };`,
      );
      await serveStrictly(await buildAndLoad(root), async (origin) => {
        await page.goto(origin);
        await page.locator("#shapes:not(:empty)").waitFor();
        await page.click("#add-two");
        await page.locator("#count-one", { hasText: /^4$/ }).waitFor();
        assert.match(complaints.join(), /broken island/);
      });
    });
  });
});
