import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { loadDuckDb } from "../../../processor/store/load_duckdb.ts";
import { makePrivateFolder } from "../../../processor/store/private_folder.ts";
import { verifiedCopy } from "../../../processor/store/verified_copy.ts";

async function inFolder(test: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "footprint-private-" });
  try {
    await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

async function namesIn(folder: string): Promise<string[]> {
  return (await Array.fromAsync(Deno.readDir(folder), ({ name }) => name)).sort();
}

Deno.test("DuckDB is loaded once", async () => {
  assert.equal(await loadDuckDb(), await loadDuckDb());
});

Deno.test("only load_duckdb.ts imports more of DuckDB than its types", async () => {
  const folder = new URL("../../../processor/store/", import.meta.url);
  const wrong: string[] = [];
  for (const name of await namesIn(folder.pathname)) {
    if (!name.endsWith(".ts") || name === "load_duckdb.ts") continue;
    const source = await Deno.readTextFile(new URL(name, folder));
    if (/import (?!type )[^;]*"@duckdb\/node-api"/.test(source)) wrong.push(name);
  }
  assert.deepEqual(wrong, []);
});

Deno.test("a private folder is made for its owner alone, and found again", () =>
  inFolder(async (folder) => {
    const path = join(folder, "cache", "footprint");
    await makePrivateFolder(path);
    await makePrivateFolder(path);
    assert.equal((await Deno.stat(path)).mode! & 0o777, 0o700);
  }));

Deno.test("a folder that others may enter is refused", () =>
  inFolder(async (folder) => {
    const path = join(folder, "footprint");
    await makePrivateFolder(path);
    await Deno.chmod(path, 0o750);
    await assert.rejects(
      makePrivateFolder(path),
      /must be a folder of user \d+ with mode 700.* 750/,
    );
  }));

Deno.test("a link in place of the folder is refused", () =>
  inFolder(async (folder) => {
    await makePrivateFolder(join(folder, "real"));
    await Deno.symlink(join(folder, "real"), join(folder, "link"));
    await assert.rejects(makePrivateFolder(join(folder, "link")), /is not a folder/);
  }));

Deno.test("a folder that others could replace is refused", () =>
  inFolder(async (folder) => {
    await Deno.chmod(folder, 0o755);
    const open = join(folder, "open");
    await Deno.mkdir(open);
    await Deno.chmod(open, 0o777);
    await assert.rejects(makePrivateFolder(join(open, "footprint")), /open is open to them/);
    // As in /tmp, where only owners may rename; or where nobody else gets to.
    await Deno.chmod(open, 0o1777);
    await makePrivateFolder(join(open, "footprint"));
    await Deno.chmod(open, 0o777);
    await Deno.chmod(folder, 0o700);
    await makePrivateFolder(join(open, "footprint"));
  }));

Deno.test("a copy is made where there is none, or another, and kept where it is right", () =>
  inFolder(async (folder) => {
    const source = pathToFileURL(join(folder, "source"));
    const target = join(folder, "target");
    await Deno.writeTextFile(source, "library");
    await verifiedCopy(source, target, sha256("library"));
    assert.equal(await Deno.readTextFile(target), "library");
    const { ino, mode } = await Deno.stat(target);
    assert.equal(mode! & 0o777, 0o600);
    await verifiedCopy(source, target, sha256("library"));
    assert.equal((await Deno.stat(target)).ino, ino);
    await Deno.writeTextFile(target, "libr4ry");
    await verifiedCopy(source, target, sha256("library"));
    assert.equal(await Deno.readTextFile(target), "library");
    assert.deepEqual(await namesIn(folder), ["source", "target"]);
  }));

Deno.test("a source that is not what it should be is not copied", () =>
  inFolder(async (folder) => {
    const source = pathToFileURL(join(folder, "source"));
    await Deno.writeTextFile(source, "library");
    await assert.rejects(
      verifiedCopy(source, join(folder, "target"), sha256("other")),
      /has SHA-256 .* instead of/,
    );
    assert.deepEqual(await namesIn(folder), ["source"]);
  }));
