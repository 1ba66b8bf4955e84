import type { ComponentType } from "preact";
import type { RouteConfig } from "./types.ts";

/** A file that may be served. The set is closed at build time: a request only ever selects one. */
export interface ServedFile {
  readonly url: URL;
  readonly hash: string;
  readonly type: string;
  readonly size: number;
}

/** What a file under routes/ may export; checked where it is used. */
export interface RouteModule {
  readonly default?: unknown;
  readonly handler?: unknown;
  readonly handlers?: unknown;
  readonly config?: RouteConfig;
}

export interface Island {
  readonly name: string;
  readonly component: ComponentType<Record<string, unknown>>;
  /** File names inside the client bundle: the module itself, then what it imports. */
  readonly files: readonly string[];
}

/** Everything a build knows about an app; `_fresh/server.js` holds one. */
export interface Snapshot {
  readonly mode: "development" | "production";
  readonly root: string;
  readonly buildId: string;
  /** By URL path below the base path. */
  readonly files: ReadonlyMap<string, ServedFile>;
  /** By path below routes/, such as "chart/[symbol].tsx". */
  readonly routes: ReadonlyMap<string, RouteModule>;
  readonly islands: readonly Island[];
  /** The browser's entry, then what it imports. */
  readonly boot: readonly string[];
  /** Load the entry on pages without islands too (there is a client.ts). */
  readonly alwaysBoot: boolean;
}

/** The file names are addressed by the build, so they never change their content. */
export function clientPath(snapshot: Snapshot, file: string): string {
  return `/_fresh/${snapshot.buildId}/${file}`;
}

const snapshots = new WeakMap<object, Snapshot>();

/** Gives an app its build; called by `_fresh/server.js` before it asks for the handler. */
export function attachSnapshot(app: object, snapshot: Snapshot): void {
  snapshots.set(app, snapshot);
}

export function snapshotOf(app: object): Snapshot | undefined {
  return snapshots.get(app);
}
