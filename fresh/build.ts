import { join } from "node:path";
import { BOOT, bundleClient, type ClientBundle } from "./bundle_client.ts";
import { contentType } from "./content_type.ts";
import { listFiles, listModules } from "./list_files.ts";
import { serverSource, type SourceFile } from "./server_source.ts";

/** Absolute paths. */
export interface BuildPaths {
  readonly root: string;
  readonly serverEntry: string;
  readonly outDir: string;
  readonly islandDir: string;
  readonly routeDir: string;
  readonly staticDir: string;
}

interface Content {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly hash: string;
}

/** Writes `server.js`, `client/` and `static/` into outDir; what was there before is gone. */
export async function build(
  paths: BuildPaths,
  mode: "development" | "production",
): Promise<void> {
  const development = mode === "development";
  const client = await existingFile(join(paths.root, "client.ts"));
  const islands = await findIslands(paths.islandDir);
  const scratchDir = join(paths.outDir, "entries");
  const bundle = await bundleClient({ client, islands, development, scratchDir });
  const scripts = await hashed([...bundle.files].map(([name, bytes]) => ({ name, bytes })));
  const statics = await hashed(await readStatic(paths.staticDir));
  const buildId = await hashOf(
    new TextEncoder().encode([...scripts, ...statics].map(({ name, hash }) => name + hash).join()),
  );

  await writeAll(join(paths.outDir, "client"), scripts);
  await writeAll(join(paths.outDir, "static"), statics);
  const files = [
    ...statics.map((item) => served(`/${item.name}`, "static", item)),
    ...scripts.map((item) => served(`/_fresh/${buildId}/${item.name}`, "client", item)),
  ];
  const routes = await listModules(paths.routeDir);
  const source = serverSource({
    ...paths,
    mode,
    buildId,
    files,
    routes: new Map(routes.map((path) => [path, join(paths.routeDir, path)])),
    islands: [...islands].map(([name, source]) => ({ name, source, files: entry(bundle, name) })),
    boot: entry(bundle, BOOT),
    alwaysBoot: development || client !== undefined,
  });
  await Deno.writeTextFile(join(paths.outDir, "server.js"), source);
}

/** By name: "Chart.tsx" is Chart; in a folder, "orders/Book.tsx" is orders_Book. */
async function findIslands(folder: string): Promise<Map<string, string>> {
  const islands = new Map<string, string>();
  for (const path of await listModules(folder)) {
    if (!/^[A-Z]\w*\.[jt]sx?$/.test(path.slice(path.lastIndexOf("/") + 1))) {
      throw new Error(
        `${
          join(folder, path)
        } is taken for an island, whose file is named in PascalCase: move what ` +
          "is not an island elsewhere.",
      );
    }
    islands.set(path.replace(/\.[jt]sx?$/, "").replaceAll("/", "_"), join(folder, path));
  }
  return islands;
}

async function existingFile(path: string): Promise<string | undefined> {
  try {
    await Deno.stat(path);
    return path;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

async function readStatic(folder: string) {
  const names = await listFiles(folder);
  return Promise.all(
    names.map(async (name) => ({ name, bytes: await Deno.readFile(join(folder, name)) })),
  );
}

function hashed(items: readonly Omit<Content, "hash">[]): Promise<Content[]> {
  const sorted = items.toSorted((a, b) => a.name < b.name ? -1 : 1);
  return Promise.all(sorted.map(async (item) => ({ ...item, hash: await hashOf(item.bytes) })));
}

async function hashOf(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", bytes);
  return new Uint8Array(digest).toHex().slice(0, 16);
}

async function writeAll(folder: string, items: readonly Content[]): Promise<void> {
  await Deno.remove(folder, { recursive: true }).catch((error) => {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  });
  await Deno.mkdir(folder, { recursive: true });
  for (const { name, bytes } of items) {
    const path = join(folder, name);
    await Deno.mkdir(join(path, ".."), { recursive: true });
    await Deno.writeFile(path, bytes);
  }
}

function served(path: string, folder: string, { name, bytes, hash }: Content): SourceFile {
  // As the URL parser of a request spells it, because requests are looked up by that.
  const encoded = new URL(path.replace(/[?#%]/g, encodeURIComponent), "http://localhost").pathname;
  const file = `./${folder}/${name.replace(/[?#%]/g, encodeURIComponent)}`;
  return { path: encoded, file, hash, type: contentType(name), size: bytes.length };
}

function entry(bundle: ClientBundle, name: string): readonly string[] {
  return bundle.entries.get(name) ?? [];
}
