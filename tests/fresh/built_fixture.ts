import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { Builder } from "fresh/dev";

export type Fetch = (path: string, init?: RequestInit) => Promise<Response>;

export const FIXTURE = join(import.meta.dirname ?? "", "fixture");

async function copyFolder(from: string, to: string): Promise<void> {
  await Deno.mkdir(to, { recursive: true });
  for await (const entry of Deno.readDir(from)) {
    if (entry.name === "_fresh") continue;
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory) await copyFolder(source, target);
    else await Deno.copyFile(source, target);
  }
}

/** Gives the test a copy of the fixture app in a temporary folder of its own. */
export async function withFixture(test: (root: string) => Promise<void>): Promise<void> {
  const root = await Deno.realPath(await Deno.makeTempDir({ prefix: "fresh_fixture_" }));
  try {
    await copyFolder(FIXTURE, root);
    await test(root);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

export interface Server {
  fetch(request: Request, info?: Deno.ServeHandlerInfo): Promise<Response>;
}

export async function buildAndLoad(
  root: string,
  mode: "development" | "production" = "production",
): Promise<Server> {
  await new Builder({ root, serverEntry: "app.ts" }).build({ mode });
  const module = await import(pathToFileURL(join(root, "_fresh/server.js")).href);
  return module.default;
}

/** Gives the test a way to send requests to the built fixture. */
export async function withBuiltFixture(
  test: (fetch: Fetch) => Promise<void>,
  mode: "development" | "production" = "production",
): Promise<void> {
  await withFixture(async (root) => {
    const server = await buildAndLoad(root, mode);
    await test((path, init) => server.fetch(new Request(`http://localhost${path}`, init)));
  });
}

/** Keeps console.error quiet and returns what was logged. */
export async function loggedErrors(run: () => Promise<void>): Promise<string[]> {
  const original = console.error;
  const lines: string[] = [];
  console.error = (...parts: unknown[]) => lines.push(parts.map(String).join(" "));
  try {
    await run();
  } finally {
    console.error = original;
  }
  return lines;
}
