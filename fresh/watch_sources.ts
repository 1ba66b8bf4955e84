import { relative, sep } from "node:path";
import type { BuildPaths } from "./build.ts";

const QUIET_MS = 50;

/**
 * Yields an empty list at once, then after each burst of changes the files changed, relative to the
 * root: modules and stylesheets, and anything in the static folder.
 */
export async function* watchSources(
  paths: BuildPaths,
  ignore: readonly RegExp[],
  signal: AbortSignal | undefined,
): AsyncGenerator<string[]> {
  const watcher = Deno.watchFs(paths.root);
  const changed = new Set<string>();
  let wake = Promise.withResolvers<void>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stop = () => watcher.close();
  signal?.addEventListener("abort", stop);

  const collect = async () => {
    for await (const { kind, paths: touched } of watcher) {
      if (kind === "access") continue;
      for (const path of touched.filter((path) => isSource(path, paths, ignore))) {
        changed.add(relative(paths.root, path));
        clearTimeout(timer);
        timer = setTimeout(() => wake.resolve(), QUIET_MS);
      }
    }
    wake.resolve();
  };
  const collecting = collect();
  try {
    yield [];
    while (true) {
      await wake.promise;
      if (signal?.aborted) return;
      wake = Promise.withResolvers();
      const burst = [...changed];
      changed.clear();
      if (burst.length > 0) yield burst;
    }
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", stop);
    if (!signal?.aborted) watcher.close();
    await collecting;
  }
}

function isSource(path: string, paths: BuildPaths, ignore: readonly RegExp[]): boolean {
  const inside = (folder: string) => path.startsWith(folder + sep);
  if (inside(paths.outDir) || ignore.some((pattern) => pattern.test(path))) return false;
  const parts = relative(paths.root, path).split(sep);
  if (parts.some((part) => part === "node_modules" || part.startsWith("."))) return false;
  return inside(paths.staticDir) || /\.([jt]sx?|css)$/.test(path);
}
