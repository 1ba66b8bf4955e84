import type { RouteModule } from "./snapshot.ts";
import type {
  HandlerFn,
  Method,
  MiddlewareFn,
  PageComponent,
  RouteConfig,
  RouteHandler,
} from "./types.ts";

export interface FileRoute {
  readonly pattern: string;
  readonly handler: RouteHandler<unknown, unknown> | undefined;
  readonly component: PageComponent<unknown, unknown> | undefined;
  readonly config: RouteConfig;
  /** Of the folders around the file, outermost first. */
  readonly middlewares: readonly MiddlewareFn<unknown>[];
  readonly layouts: readonly PageComponent<unknown, unknown>[];
}

export interface FileRoutes {
  readonly routes: readonly FileRoute[];
  readonly appWrapper: PageComponent<unknown, unknown> | undefined;
  readonly error: FileRoute | undefined;
  readonly notFound: FileRoute | undefined;
  /** Of routes/ itself, for requests that no route matches. */
  readonly middlewares: readonly MiddlewareFn<unknown>[];
}

type Modules = ReadonlyMap<string, RouteModule>;

const PAGES = new Set(["_app", "_error", "_404"]);
const PER_FOLDER = new Set(["_middleware", "_layout"]);

/** Reads the conventions of routes/ out of its modules, given by path such as "api/[id].ts". */
export function readFileRoutes(modules: Modules): FileRoutes {
  const special = new Map<string, [string, RouteModule]>();
  const pages: string[] = [];
  for (const [path, module] of modules) {
    const bare = path.replace(/\.[jt]sx?$/, "");
    const name = bare.slice(bare.lastIndexOf("/") + 1);
    if (!name.startsWith("_")) pages.push(path);
    else if (PER_FOLDER.has(name) || (PAGES.has(name) && name === bare)) {
      special.set(bare, [path, module]);
    } else {
      throw new Error(
        `routes/${path} has a name that means nothing: a file starting with "_" is _middleware or ` +
          "_layout in any folder, or _app, _error or _404 in routes/ itself.",
      );
    }
  }

  const owners = new Map<string, string>();
  const build = (path: string, module: RouteModule) => readRoute(path, module, special);
  const routes = pages.map((path) => {
    const route = build(path, modules.get(path) ?? {});
    const owner = owners.get(route.pattern);
    if (owner !== undefined) {
      throw new Error(`routes/${owner} and routes/${path} both answer ${route.pattern}.`);
    }
    owners.set(route.pattern, path);
    return route;
  });
  const pageOf = (name: string) => {
    const found = special.get(name);
    return found && build(...found);
  };
  return {
    routes,
    appWrapper: pageOf("_app")?.component,
    error: pageOf("_error"),
    notFound: pageOf("_404"),
    middlewares: middlewaresOf(special.get("_middleware")),
  };
}

function readRoute(
  path: string,
  module: RouteModule,
  special: ReadonlyMap<string, [string, RouteModule]>,
): FileRoute {
  const { default: component, config = {} } = module;
  const handler = module.handler ?? module.handlers;
  if (component === undefined && handler === undefined) {
    throw new Error(`routes/${path} exports neither a handler nor a default page.`);
  }
  if (component !== undefined && typeof component !== "function") {
    throw new Error(`routes/${path} must export a component by default, not ${typeof component}.`);
  }
  const around = foldersOf(path);
  return {
    pattern: config.routeOverride ?? toPattern(path),
    handler: handler as RouteHandler<unknown, unknown> | undefined,
    component: component as PageComponent<unknown, unknown> | undefined,
    config,
    middlewares: around.flatMap((folder) => middlewaresOf(special.get(`${folder}_middleware`))),
    layouts: around.flatMap((folder) => {
      const layout = special.get(`${folder}_layout`)?.[1].default;
      return typeof layout === "function" ? [layout as PageComponent<unknown, unknown>] : [];
    }),
  };
}

/** "api/chart/x.ts" -> "", "api/", "api/chart/" */
function foldersOf(path: string): string[] {
  const parts = path.split("/").slice(0, -1);
  return ["", ...parts.map((_, index) => `${parts.slice(0, index + 1).join("/")}/`)];
}

function middlewaresOf(found: [string, RouteModule] | undefined): MiddlewareFn<unknown>[] {
  if (found === undefined) return [];
  const [path, module] = found;
  const exported = module.default ?? module.handler ?? module.handlers;
  const all: unknown[] = [exported].flat();
  if (!all.every((item) => typeof item === "function")) {
    throw new Error(`routes/${path} must export a middleware, or an array of them, by default.`);
  }
  return all as MiddlewareFn<unknown>[];
}

/** "chart/[symbol].tsx" -> "/chart/:symbol" */
export function toPattern(path: string): string {
  const parts = path.replace(/\.[jt]sx?$/, "").split("/");
  if (parts.at(-1) === "index") parts.pop();
  const pattern = parts.filter((part) => !/^\(.*\)$/.test(part)).map((part) => {
    const optional = part.match(/^\[\[(\w+)\]\]$/);
    if (optional !== null) return `{/:${optional[1]}}?`;
    const rest = part.match(/^\[\.\.\.(\w+)\]$/);
    if (rest !== null) return `/:${rest[1]}*`;
    const text = part.split(/(\[\w+\])/).map((piece) =>
      /^\[\w+\]$/.test(piece) ? `:${piece.slice(1, -1)}` : piece.replace(/[{}()*+?:\\[\]]/g, "\\$&")
    );
    return `/${text.join("")}`;
  }).join("");
  return pattern === "" ? "/" : pattern;
}

const noData = () => ({ data: undefined });

/** The handlers of a route by method; a page without a handler answers GET. */
export function handlersOf(route: FileRoute): [Method | "ALL", HandlerFn<unknown, unknown>][] {
  const { handler, component } = route;
  if (typeof handler === "function") return [["ALL", handler]];
  const methods = Object.entries(handler ?? {}) as [Method, HandlerFn<unknown, unknown>][];
  const hasGet = methods.some(([method]) => method === "GET");
  return component === undefined || hasGet ? methods : [...methods, ["GET", noData]];
}

/** An error page answers every method alike: by its handler function, or by its page. */
export function errorHandlerOf(route: FileRoute): HandlerFn<unknown, unknown> {
  return typeof route.handler === "function" ? route.handler : noData;
}
