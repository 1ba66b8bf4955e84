import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";

export interface ClientBundle {
  readonly files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>;
  /** By entry: the file names to load for it, its own first, then what it imports. */
  readonly entries: ReadonlyMap<string, readonly string[]>;
}

export interface BundleOptions {
  /** Path of the app's client.ts, when it has one. */
  readonly client: string | undefined;
  /** By island name. */
  readonly islands: ReadonlyMap<string, string>;
  readonly development: boolean;
  /** A folder for the generated entries; it is removed afterwards. */
  readonly scratchDir: string;
}

/** No island can have this name. */
export const BOOT = "fresh-boot";

/** Bundles client.ts, the hydration code and each island for the browser, with shared chunks. */
export async function bundleClient(options: BundleOptions): Promise<ClientBundle> {
  const sources = entrySources(options);
  await Deno.mkdir(options.scratchDir, { recursive: true });
  try {
    const entrypoints: string[] = [];
    for (const [name, source] of sources) {
      const path = join(options.scratchDir, `${name}.ts`);
      await Deno.writeTextFile(path, source);
      entrypoints.push(path);
    }
    const result = await Deno.bundle({
      entrypoints,
      outputDir: join(options.scratchDir, "out"),
      write: false,
      platform: "browser",
      format: "esm",
      codeSplitting: true,
      minify: !options.development,
      sourcemap: "linked",
    });
    if (!result.success) throw new Error(describe(result.errors));
    const files = new Map<string, Uint8Array<ArrayBuffer>>();
    for (const { path, contents } of result.outputFiles ?? []) {
      if (contents !== undefined) files.set(basename(path), contents);
    }
    const entries = new Map(
      [...sources.keys()].map((name) => [name, withImports(`${name}.js`, files)]),
    );
    return { files, entries };
  } finally {
    await Deno.remove(options.scratchDir, { recursive: true });
  }
}

function entrySources({ client, islands, development }: BundleOptions): Map<string, string> {
  const ours = (file: string) => JSON.stringify(new URL(file, import.meta.url).href);
  const theirs = (path: string) => JSON.stringify(pathToFileURL(path).href);
  const boot = [
    client === undefined ? "" : `import ${theirs(client)};`,
    `import { boot } from ${ours("./client.ts")};`,
    development ? `import { reloadAfterRestart } from ${ours("./dev_reload.ts")};` : "",
    development ? "reloadAfterRestart();" : "",
    "await boot();",
  ];
  const sources = new Map([[BOOT, boot.join("\n")]]);
  for (const [name, path] of islands) {
    sources.set(name, `export { default } from ${theirs(path)};`);
  }
  return sources;
}

/** A chunk's static imports, of the whole tree, so that the page can ask for them at once. */
function withImports(
  name: string,
  files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>,
): string[] {
  const found = new Set([name]);
  for (const file of found) {
    const code = new TextDecoder().decode(files.get(file));
    for (const [, imported] of code.matchAll(/(?:from|import)\s*"\.\/([^"]+\.js)"/g)) {
      if (files.has(imported)) found.add(imported);
    }
  }
  return [...found];
}

function describe(errors: readonly Deno.bundle.Message[]): string {
  const lines = errors.map(({ text, location }) =>
    location === undefined ? text : `${location.file}:${location.line}: ${text}`
  );
  return `The browser's code cannot be bundled:\n${lines.join("\n")}`;
}
