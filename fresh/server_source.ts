import { relative } from "node:path";
import { fileURLToPath } from "node:url";

export interface SourceFile {
  /** URL path below the base path. */
  readonly path: string;
  /** Relative to server.js, such as "./static/styles.css". */
  readonly file: string;
  readonly hash: string;
  readonly type: string;
  readonly size: number;
}

export interface ServerSource {
  readonly outDir: string;
  readonly root: string;
  readonly serverEntry: string;
  readonly mode: "development" | "production";
  readonly buildId: string;
  readonly files: readonly SourceFile[];
  /** Absolute file by path below routes/. */
  readonly routes: ReadonlyMap<string, string>;
  readonly islands: readonly {
    readonly name: string;
    readonly source: string;
    readonly files: readonly string[];
  }[];
  readonly boot: readonly string[];
  readonly alwaysBoot: boolean;
}

/**
 * The text of `_fresh/server.js`. Its imports are literals and its files are URLs relative to itself,
 * so that `deno compile` finds them and the folder can be moved with the project.
 */
export function serverSource(source: ServerSource): string {
  const specifier = (path: string) => {
    const fromHere = relative(source.outDir, path).replaceAll("\\", "/");
    const escaped = fromHere.replace(/[%?#]/g, encodeURIComponent);
    return JSON.stringify(escaped.startsWith("..") ? escaped : `./${escaped}`);
  };
  const routes = [...source.routes];
  const ours = fileURLToPath(new URL("./snapshot.ts", import.meta.url));
  return `// Made by fresh/dev; the next build replaces it.
import { app } from ${specifier(source.serverEntry)};
import { attachSnapshot } from ${specifier(ours)};
${routes.map(([, file], i) => `import * as route_${i} from ${specifier(file)};`).join("\n")}
${
    source.islands.map((island, i) => `import island_${i} from ${specifier(island.source)};`).join(
      "\n",
    )
  }

const file = (path, hash, type, size) => ({ url: new URL(path, import.meta.url), hash, type, size });

attachSnapshot(app, {
  mode: ${JSON.stringify(source.mode)},
  root: new URL(${specifier(source.root)} + "/", import.meta.url).href,
  buildId: ${JSON.stringify(source.buildId)},
  boot: ${JSON.stringify(source.boot)},
  alwaysBoot: ${source.alwaysBoot},
  routes: new Map([
${routes.map(([path], i) => `    [${JSON.stringify(path)}, route_${i}],`).join("\n")}
  ]),
  islands: [
${
    source.islands.map(({ name, files }, i) =>
      `    { name: ${JSON.stringify(name)}, component: island_${i}, files: ${
        JSON.stringify(files)
      } },`
    ).join("\n")
  }
  ],
  files: new Map([
${
    source.files.map(({ path, file, hash, type, size }) =>
      `    [${JSON.stringify(path)}, file(${JSON.stringify(file)}, "${hash}", "${type}", ${size})],`
    ).join("\n")
  }
  ]),
});

const handler = app.handler();
export const fetch = (request, info) => handler(request, info);
export default { fetch };
`;
}
