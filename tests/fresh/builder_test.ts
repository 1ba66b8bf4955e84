import assert from "node:assert/strict";
import { join } from "node:path";
import { Builder } from "fresh/dev";
import { listTree } from "./list_tree.ts";
import { buildAndLoad, withFixture } from "./built_fixture.ts";

const build = (root: string) => new Builder({ root, serverEntry: "app.ts" }).build();

Deno.test("a build's server.js exports fetch both ways, for Deno.serve", async () => {
  await withFixture(async (root) => {
    await build(root);
    const module = await import(`file://${root}/_fresh/server.js`);
    assert.equal(module.default.fetch, module.fetch);
    const options = { hostname: "127.0.0.1", port: 0, onListen: () => {} };
    const server = Deno.serve(options, module.default.fetch);
    const response = await fetch(`http://127.0.0.1:${server.addr.port}/plain`);
    assert.match(await response.text(), /app > routes/);
    await server.shutdown();
  });
});

Deno.test("a build's imports and files are literals relative to server.js", async () => {
  await withFixture(async (root) => {
    await build(root);
    const source = await Deno.readTextFile(join(root, "_fresh/server.js"));
    assert.match(source, /^import \{ app \} from "\.\.\/app\.ts";$/m);
    assert.match(source, /^import \* as route_\d+ from "\.\.\/routes\/docs\/\[name\]\.tsx";$/m);
    assert.match(source, /^import island_\d+ from "\.\.\/islands\/Counter\.tsx";$/m);
    assert.match(source, /file\("\.\/static\/styles\.css", "[0-9a-f]{16}", "text\/css/);
    assert.ok(!source.includes(root));
  });
});

Deno.test("building twice gives the same files, and nothing of an older build stays", async () => {
  await withFixture(async (root) => {
    await build(root);
    const first = await listTree(join(root, "_fresh"));
    await Deno.writeTextFile(join(root, "_fresh/client/old.js"), "old");
    await Deno.writeTextFile(join(root, "_fresh/static/old.css"), "old");
    await build(root);
    assert.deepEqual(await listTree(join(root, "_fresh")), first);
  });
});

Deno.test("a changed stylesheet changes the build that asset() addresses", async () => {
  await withFixture(async (root) => {
    const buildId = async () => {
      await build(root);
      const source = await Deno.readTextFile(join(root, "_fresh/server.js"));
      return source.match(/buildId: "([0-9a-f]{16})"/)?.[1];
    };
    const before = await buildId();
    assert.notEqual(before, undefined);
    await Deno.writeTextFile(join(root, "static/styles.css"), "body { margin: 1px; }");
    assert.notEqual(await buildId(), before);
  });
});

Deno.test("a page without islands loads no script when there is no client.ts", async () => {
  await withFixture(async (root) => {
    await Deno.remove(join(root, "client.ts"));
    const server = await buildAndLoad(root);
    const plain = await (await server.fetch(new Request("http://localhost/plain"))).text();
    assert.doesNotMatch(plain, /<script|modulepreload/);
    const islands = await (await server.fetch(new Request("http://localhost/"))).text();
    assert.match(islands, /<script type="module"/);
  });
});

Deno.test("an app without routes, islands and static files can be built", async () => {
  await withFixture(async (root) => {
    for (const folder of ["routes", "islands", "static"]) {
      await Deno.remove(join(root, folder), { recursive: true });
    }
    const server = await buildAndLoad(root);
    assert.equal((await server.fetch(new Request("http://localhost/"))).status, 404);
  });
});

Deno.test("Builder takes its folders from its options", async () => {
  await withFixture(async (root) => {
    for (const folder of ["routes", "islands", "static"]) {
      await Deno.rename(join(root, folder), join(root, `my_${folder}`));
    }
    const sources = await listTree(join(root, "my_routes"));
    for (const [path, text] of sources) {
      const moved = text.replaceAll("../islands/", "../my_islands/");
      await Deno.writeTextFile(join(root, "my_routes", path), moved);
    }
    await new Builder({
      root,
      serverEntry: "app.ts",
      outDir: "out",
      routeDir: "my_routes",
      islandDir: "my_islands",
      staticDir: "my_static",
    }).build();
    const { default: server } = await import(`file://${root}/out/server.js`);
    const html = await (await server.fetch(new Request("http://localhost/"))).text();
    assert.match(html, /Counter\.js/);
    assert.equal((await server.fetch(new Request("http://localhost/dot.svg"))).status, 200);
  });
});

Deno.test("an island that cannot be bundled is an error that names its file", async () => {
  await withFixture(async (root) => {
    await Deno.writeTextFile(join(root, "islands/Broken.tsx"), "export default () => <p;");
    await assert.rejects(build(root), /Broken\.tsx/);
    await Deno.writeTextFile(join(root, "islands/Broken.tsx"), 'import "./missing.ts";');
    await assert.rejects(build(root), /missing\.ts/);
  });
});

Deno.test("a file in islands/ that is not named like an island is an error", async () => {
  await withFixture(async (root) => {
    const path = join(root, "islands/helper.ts");
    await Deno.writeTextFile(path, "export const x = 1;");
    await assert.rejects(build(root), (error: Error) => {
      return error.message.startsWith(
        `${path} is taken for an island, whose file is named in Pascal`,
      );
    });
  });
});
