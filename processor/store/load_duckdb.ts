import { createHash } from "node:crypto";
import { createRequire } from "node:module";
import { join } from "node:path";
import { makePrivateFolder } from "./private_folder.ts";
import { verifiedCopy } from "./verified_copy.ts";

/** What `@duckdb/node-api` exports. */
export type DuckDb = typeof import("@duckdb/node-api");

/** DuckDB's native files and their SHA-256, as packaging/staging.ts puts them into the executable. */
const EMBEDDED = new URL("./native/", import.meta.url);
const EMBEDDED_HASHES = new URL("./native/sha256.json", import.meta.url);
/** In the executable `@duckdb/node-bindings` is one line that takes the bindings from here. */
const BINDINGS = Symbol.for("footprint.duckdb.bindings");

let loading: Promise<DuckDb> | null = null;

/**
 * Loads `@duckdb/node-api`. Everything that needs more of it than its types must get it here: the
 * executable has to make the native files ready first.
 *
 * @throws when the executable finds no place for them in which nobody else can write
 */
export function loadDuckDb(): Promise<DuckDb> {
  loading ??= load();
  return loading;
}

async function load(): Promise<DuckDb> {
  if (Deno.build.standalone) {
    try {
      await loadEmbeddedBindings();
    } catch (cause) {
      const hint = "XDG_CACHE_HOME may name another folder for its files, safe and not noexec";
      throw new Error(`DuckDB cannot be loaded (${hint})`, { cause });
    }
  }
  return await import("@duckdb/node-api");
}

/**
 * The system can load native code only from real files. Deno would write one of the two itself, to
 * a place and name that all users share and know; so both go to a folder of ours, as neighbours,
 * which is how they find each other under `deno run` as well.
 */
async function loadEmbeddedBindings(): Promise<void> {
  const hashes = await Deno.readTextFile(EMBEDDED_HASHES);
  const cache = await openCache();
  try {
    const folder = join(cache.path, `duckdb-${createHash("sha256").update(hashes).digest("hex")}`);
    await makePrivateFolder(folder);
    for (const [name, sha256] of Object.entries<string>(JSON.parse(hashes))) {
      await verifiedCopy(new URL(name, EMBEDDED), join(folder, name), sha256);
    }
    const bindings: unknown = createRequire(import.meta.url)(join(folder, "duckdb.node"));
    Object.assign(globalThis, { [BINDINGS]: bindings });
  } finally {
    // What is loaded needs its name no more; Windows keeps the files, in its folder for such.
    if (cache.isTemporary) await Deno.remove(cache.path, { recursive: true }).catch(() => {});
  }
}

/** The user's cache folder, or a temporary one where there is none or nothing can be written. */
async function openCache(): Promise<{ path: string; isTemporary: boolean }> {
  const path = cachePath();
  if (path !== null) {
    try {
      await makePrivateFolder(path);
      return { path, isTemporary: false };
    } catch (error) {
      if (!isUnwritable(error)) throw error;
    }
  }
  const temporary = await Deno.makeTempDir({ prefix: "footprint-" });
  await makePrivateFolder(temporary);
  return { path: temporary, isTemporary: true };
}

function cachePath(): string | null {
  const given = Deno.env.get("XDG_CACHE_HOME") || Deno.env.get("LOCALAPPDATA");
  if (given) return join(given, "footprint");
  const home = Deno.env.get("HOME");
  return home ? join(home, ".cache", "footprint") : null;
}

/** A service has a home that is missing or read-only; an unsafe folder is another thing. */
function isUnwritable(error: unknown): boolean {
  if (error instanceof Deno.errors.PermissionDenied) return true;
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return code === "EROFS" || code === "EACCES" || code === "EPERM" || code === "ENOENT";
}
