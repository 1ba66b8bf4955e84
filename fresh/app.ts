import type { Context } from "./context.ts";
import { developmentEvents } from "./dev_events.ts";
import { answer, type Compiled } from "./dispatch.ts";
import { handlersOf, readFileRoutes } from "./file_routes.ts";
import { Router } from "./router.ts";
import { respond } from "./route_response.ts";
import { snapshotOf } from "./snapshot.ts";
import type {
  FreshConfig,
  Method,
  Middleware,
  MiddlewareFn,
  PageComponent,
  ResolvedFreshConfig,
  WebSocketHandlers,
  WebSocketUpgradeOptions,
} from "./types.ts";

type Handler = (request: Request, info?: Deno.ServeHandlerInfo) => Promise<Response>;

const LOCAL: Deno.ServeHandlerInfo = {
  remoteAddr: { transport: "tcp", hostname: "127.0.0.1", port: 0 },
  completed: Promise.resolve(),
};

/**
 * An app applies from top to bottom: a middleware runs for what is registered after it, and for
 * paths nothing answers. An error that no middleware catches ends on the error page, outside of all
 * middlewares, so what they do to a response does not happen to that page: headers that every
 * response must have are set around the handler.
 */
export class App<State = Record<string, unknown>> {
  config: ResolvedFreshConfig;
  readonly #steps: ((compiled: Compiled<State>) => void)[] = [];
  readonly #mode: FreshConfig["mode"];
  #wrapper: PageComponent<unknown, State> | undefined;
  #notFound: MiddlewareFn<State> | undefined;

  constructor({ basePath = "", mode }: FreshConfig = {}) {
    if (!/^(\/[^/]+)*\/?$/.test(basePath)) {
      throw new TypeError(`basePath must look like "/charts" and is ${JSON.stringify(basePath)}.`);
    }
    this.#mode = mode;
    this.config = { root: "", basePath: basePath.replace(/\/$/, ""), mode: mode ?? "production" };
  }

  use(path: string, ...middlewares: Middleware<State>[]): this;
  use(...middlewares: Middleware<State>[]): this;
  use(first: string | Middleware<State>, ...others: Middleware<State>[]): this {
    const path = this.#path(typeof first === "string" ? first : "*");
    const given = typeof first === "string" ? others : [first, ...others];
    const added = given.flat().map((middleware) => within(path, middleware));
    this.#steps.push(({ middlewares }) => middlewares.push(...added));
    return this;
  }

  get(path: string, ...handlers: Middleware<State>[]): this {
    return this.#on("GET", path, handlers);
  }

  post(path: string, ...handlers: Middleware<State>[]): this {
    return this.#on("POST", path, handlers);
  }

  put(path: string, ...handlers: Middleware<State>[]): this {
    return this.#on("PUT", path, handlers);
  }

  patch(path: string, ...handlers: Middleware<State>[]): this {
    return this.#on("PATCH", path, handlers);
  }

  delete(path: string, ...handlers: Middleware<State>[]): this {
    return this.#on("DELETE", path, handlers);
  }

  head(path: string, ...handlers: Middleware<State>[]): this {
    return this.#on("HEAD", path, handlers);
  }

  all(path: string, ...handlers: Middleware<State>[]): this {
    return this.#on("ALL", path, handlers);
  }

  /** Answers websockets at `path`; any other request there gets status 400. */
  ws(path: string, handlers: WebSocketHandlers, options?: WebSocketUpgradeOptions): this {
    return this.get(path, (ctx) => ctx.upgrade(handlers, options));
  }

  /** Puts the routes of the build here; without a build there are none. */
  fsRoutes(): this {
    this.#steps.push(({ files, middlewares, router }) => {
      for (const route of files.routes) {
        const before = [...middlewares, ...route.middlewares];
        const { layouts } = route;
        for (const [method, handler] of handlersOf(route)) {
          const handlers = [(ctx: Context<State>) => respond(ctx, route, handler)];
          router.add(method, this.#path(route.pattern), { before, handlers, layouts });
        }
      }
      middlewares.push(...files.middlewares);
    });
    return this;
  }

  /** The component around every page, in place of routes/_app.tsx. */
  appWrapper(component: PageComponent<unknown, State>): this {
    this.#wrapper = component;
    return this;
  }

  /** Answers what nothing else does, in place of routes/_404.tsx. */
  notFound(middleware: MiddlewareFn<State>): this {
    this.#notFound = middleware;
    return this;
  }

  handler(): Handler {
    const snapshot = snapshotOf(this);
    const mode = this.#mode ?? snapshot?.mode ?? "production";
    this.config = { ...this.config, mode, root: snapshot?.root ?? "" };
    const compiled: Compiled<State> = {
      config: this.config,
      snapshot,
      files: readFileRoutes(snapshot?.routes ?? new Map()),
      middlewares: [],
      router: new Router(),
      appWrapper: this.#wrapper,
      notFound: this.#notFound,
    };
    for (const step of this.#steps) step(compiled);
    const handle: Handler = (request, info = LOCAL) => answer(compiled, request, info);
    return snapshot?.mode === "development" ? developmentEvents(handle) : handle;
  }

  /** Serves until `options.signal` is aborted or the process ends. */
  async listen(options: Deno.ServeTcpOptions = {}): Promise<void> {
    const handler = this.handler();
    await Deno.serve(options, (request, info) => handler(request, info)).finished;
  }

  #path(path: string): string {
    const absolute = path.startsWith("/") || path.startsWith("{") ? path : `/${path}`;
    const { basePath } = this.config;
    return absolute === "/" && basePath !== "" ? basePath : basePath + absolute;
  }

  #on(method: Method | "ALL", path: string, given: Middleware<State>[]): this {
    const handlers = given.flat();
    this.#steps.push(({ middlewares, router }) => {
      router.add(method, this.#path(path), { before: [...middlewares], handlers, layouts: [] });
    });
    return this;
  }
}

/** Limits a middleware to a path and everything below it. */
function within<State>(path: string, middleware: MiddlewareFn<State>): MiddlewareFn<State> {
  const folder = path.replace(/\/\*?$/, "");
  if (folder === "") return middleware;
  const pattern = new URLPattern({ pathname: `${folder}{/*}?` });
  return (ctx) => pattern.test({ pathname: ctx.url.pathname }) ? middleware(ctx) : ctx.next();
}
