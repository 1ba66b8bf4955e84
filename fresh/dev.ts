/** Builds an app and runs it while it is worked on: `fresh/dev`. */
import { resolve } from "node:path";
import { build, type BuildPaths } from "./build.ts";
import { isDevChild, serveChild, supervise } from "./dev_server.ts";

/** Paths are relative to `root`, which is the current folder by default. */
export interface BuilderOptions {
  readonly root?: string;
  /** The module that exports `app`. */
  readonly serverEntry?: string;
  readonly outDir?: string;
  readonly islandDir?: string;
  readonly routeDir?: string;
  readonly staticDir?: string;
  /** Files whose change is no reason to build; what has its folder outside of the app's own. */
  readonly ignore?: readonly RegExp[];
}

export class Builder {
  readonly #paths: BuildPaths;
  readonly #ignore: readonly RegExp[];

  constructor({
    root = Deno.cwd(),
    serverEntry = "main.ts",
    outDir = "_fresh",
    islandDir = "islands",
    routeDir = "routes",
    staticDir = "static",
    ignore = [],
  }: BuilderOptions = {}) {
    this.#ignore = ignore;
    this.#paths = {
      root: resolve(root),
      serverEntry: resolve(root, serverEntry),
      outDir: resolve(root, outDir),
      islandDir: resolve(root, islandDir),
      routeDir: resolve(root, routeDir),
      staticDir: resolve(root, staticDir),
    };
  }

  /** Writes `server.js` and all it serves into outDir; `server.js` exports `{ fetch }`. */
  async build(
    { mode = "production" }: { mode?: "development" | "production" } = {},
  ): Promise<void> {
    await build(this.#paths, mode);
  }

  /**
   * The watch loop. This process builds and watches; the app runs in a child process, the same
   * program started again, which takes `importApp` and serves. Each saved change builds anew and
   * replaces the child, so changed server code is never half loaded; open pages then reload. A build
   * or a child that fails leaves the loop waiting for the next change. Ends when `options.signal` is
   * aborted.
   */
  async listen(
    importApp: () => Promise<unknown>,
    options: Deno.ServeTcpOptions = {},
  ): Promise<void> {
    if (isDevChild()) return await serveChild(this.#paths.outDir, importApp, options);
    await supervise({
      paths: this.#paths,
      ignore: this.#ignore,
      build: () => build(this.#paths, "development"),
      signal: options.signal,
    });
  }
}
