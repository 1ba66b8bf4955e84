import assert from "node:assert/strict";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** Which of our folders each folder may import; "." stands for files at the root. */
const ALLOWED: Record<string, readonly string[]> = {
  market: [],
  bus: ["market"],
  collector: ["market", "bus"],
  processor: ["market", "bus"],
  web: ["market", "bus"],
  live: ["market", "bus"],
  chart: ["market"],
  islands: ["chart", "live", "market"],
  routes: ["web", "islands", "utils.ts"],
  simulator: ["market"],
  fresh: [],
};

const IMPORT = /(?:\bfrom\s+|\bimport\s+|\bimport\()\s*["'](\.{1,2}\/[^"']+)["']/g;

async function* sourceFiles(folder: string): AsyncGenerator<string> {
  for await (const entry of Deno.readDir(folder)) {
    const path = join(folder, entry.name);
    if (entry.isDirectory) yield* sourceFiles(path);
    else if (/\.tsx?$/.test(entry.name)) yield path;
  }
}

/** Imports of other folders of ours that a file makes: the folder, or the file at the root. */
function foreignImports(path: string, source: string): string[] {
  const own = relative(ROOT, path).split("/")[0];
  return [...source.matchAll(IMPORT)]
    .map(([, specifier]) => relative(ROOT, join(dirname(path), specifier)).split("/")[0])
    .filter((folder) => folder !== own);
}

for (const [folder, allowed] of Object.entries(ALLOWED)) {
  const rule = allowed.length === 0 ? "nothing of ours" : allowed.join(", ");
  Deno.test(`${folder}/ imports ${rule}`, async () => {
    let files = 0;
    for await (const path of sourceFiles(join(ROOT, folder))) {
      files++;
      const wrong = foreignImports(path, await Deno.readTextFile(path))
        .filter((one) => !allowed.includes(one));
      assert.deepEqual(wrong, [], relative(ROOT, path));
    }
    assert.ok(files > 0, `${folder}/ has no source file`);
  });
}

Deno.test("the dependency rule sees an import that breaks it", () => {
  const path = join(ROOT, "market", "x.ts");
  const source =
    'import { a } from "../bus/a.ts";\nexport * from "./b.ts";\nawait import("../web/c.ts");';
  assert.deepEqual(foreignImports(path, source), ["bus", "web"]);
});
