import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { BuildPaths } from "./build.ts";
import { watchSources } from "./watch_sources.ts";

const CHILD = "FRESH_DEV_CHILD";
const STOP_PATIENCE_MS = 10_000;

interface Supervised {
  readonly paths: BuildPaths;
  readonly ignore: readonly RegExp[];
  readonly build: () => Promise<void>;
  readonly signal: AbortSignal | undefined;
}

export function isDevChild(): boolean {
  return Deno.env.has(CHILD);
}

/** Builds, runs the child, and does both again after each change until the signal is aborted. */
export async function supervise({ paths, ignore, build, signal }: Supervised): Promise<void> {
  const changes = watchSources(paths, ignore, signal);
  let child: Deno.ChildProcess | undefined;
  try {
    for await (const changed of changes) {
      if (changed.length > 0) console.info(`Changed: ${changed.join(", ")}`);
      try {
        await build();
      } catch (error) {
        console.error(error);
        continue;
      }
      if (child !== undefined) await stop(child);
      child = start();
    }
  } finally {
    if (child !== undefined) await stop(child);
  }
}

function start(): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", Deno.mainModule, ...Deno.args],
    env: { [CHILD]: "1" },
    stdin: "piped",
  }).spawn();
}

async function stop(child: Deno.ChildProcess): Promise<void> {
  // Closing its stdin asks the child to end; it also ends so when this process dies.
  await child.stdin.close().catch(() => {});
  const timer = setTimeout(() => child.kill("SIGKILL"), STOP_PATIENCE_MS);
  await child.status;
  clearTimeout(timer);
}

/** Serves the development build until the supervisor goes away. */
export async function serveChild(
  outDir: string,
  importApp: () => Promise<unknown>,
  options: Deno.ServeTcpOptions,
): Promise<void> {
  await importApp();
  const server = await import(pathToFileURL(join(outDir, "server.js")).href);
  Deno.serve(options, server.fetch);
  for await (const _ of Deno.stdin.readable) { /* nothing is sent: its end counts */ }
  Deno.exit(0);
}
