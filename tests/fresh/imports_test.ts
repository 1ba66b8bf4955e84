import assert from "node:assert/strict";
import { join, relative } from "node:path";

const ROOT = join(import.meta.dirname ?? "", "../..");
const SKIPPED = new Set(["node_modules", "_fresh", "data", "dist", "fresh"]);

async function* modules(folder: string): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = join(folder, name);
    if (isDirectory) {
      const skipped = name.startsWith(".") || (folder === ROOT && SKIPPED.has(name));
      if (!skipped && name !== "_fresh") yield* modules(path);
    } else if (/\.[jt]sx?$/.test(name)) yield path;
  }
}

/** The specifiers in a module's text that lead into fresh/, other than its three entries. */
function innerImports(source: string): string[] {
  const specifiers = [...source.matchAll(/(?:from|import)\s*\(?\s*["']([^"']+)["']/g)];
  return specifiers.map(([, specifier]) => specifier).filter((specifier) =>
    /^fresh\/(?!runtime$|dev$)/.test(specifier) ||
    /^(\.\.?\/)+fresh\/\w+\.[jt]sx?$/.test(specifier)
  );
}

Deno.test("an import of a file inside fresh/ is recognised", () => {
  const inner = ["../fresh/app.ts", "fresh/app.ts", "./fresh/mod.ts"];
  const source = [...inner, "fresh", "fresh/runtime", "fresh/dev", "./refresh/x.ts"]
    .map((specifier) => `import * as x from "${specifier}";`).join("\n");
  assert.deepEqual(innerImports(source), inner);
});

Deno.test("nothing outside of fresh/ imports a file inside it", async () => {
  const found: string[] = [];
  let seen = 0;
  for await (const path of modules(ROOT)) {
    if (path === import.meta.filename) continue;
    seen++;
    for (const specifier of innerImports(await Deno.readTextFile(path))) {
      found.push(`${relative(ROOT, path)} imports ${specifier}`);
    }
  }
  assert.deepEqual(found, []);
  assert.ok(seen > 20, `${seen} modules looked at`);
});
