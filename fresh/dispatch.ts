import { Context, internalsOf } from "./context.ts";
import { errorResponse } from "./error_response.ts";
import type { FileRoutes } from "./file_routes.ts";
import { HttpError } from "./http_error.ts";
import { allowedMethods, pickMethod, type Router } from "./router.ts";
import type { Snapshot } from "./snapshot.ts";
import type { MiddlewareFn, PageComponent, ResolvedFreshConfig, View } from "./types.ts";

export interface Target<State> {
  /** Run for a method that the path does not answer, too. */
  readonly before: readonly MiddlewareFn<State>[];
  readonly handlers: readonly MiddlewareFn<State>[];
  readonly layouts: View["layouts"];
}

/** An app's steps, carried out once for all requests. */
export interface Compiled<State> {
  readonly config: ResolvedFreshConfig;
  readonly snapshot: Snapshot | undefined;
  readonly files: FileRoutes;
  /** In the end: those that run for a path nothing answers. */
  readonly middlewares: MiddlewareFn<State>[];
  readonly router: Router<Target<State>>;
  readonly appWrapper: PageComponent<unknown, State> | undefined;
  readonly notFound: MiddlewareFn<State> | undefined;
}

interface Plan<State> {
  readonly chain: readonly MiddlewareFn<State>[];
  readonly params: Readonly<Record<string, string>>;
  readonly route: string | null;
  readonly layouts: View["layouts"];
  /** The Allow header, when the path answers other methods only. */
  readonly allow?: string;
}

export async function answer<State>(
  app: Compiled<State>,
  req: Request,
  info: Deno.ServeHandlerInfo,
): Promise<Response> {
  const url = new URL(req.url);
  const { chain, params, route, layouts, allow } = planRequest(app, req.method, url.pathname);
  const appWrapper = app.appWrapper as PageComponent<unknown, unknown> | undefined;
  const view = { appWrapper: appWrapper ?? app.files.appWrapper, layouts };
  const internals = { next: endOfChain, view, snapshot: app.snapshot };
  const ctx = new Context<State>({ req, url, info, params, route, config: app.config, internals });
  let response: Response;
  try {
    response = await runChain(ctx, chain);
  } catch (error) {
    response = await errorResponse(ctx, error, app.files, app.notFound);
  }
  if (allow !== undefined && response.status === 405) response.headers.set("allow", allow);
  return req.method === "HEAD" ? withoutBody(response) : response;
}

function planRequest<State>(app: Compiled<State>, method: string, pathname: string): Plan<State> {
  const match = app.router.match(pathname);
  if (match === undefined) {
    return { chain: app.middlewares, params: {}, route: null, layouts: [] };
  }
  const { methods, pattern: route } = match;
  const params = decodeParams(match.groups);
  const fail = (target: Target<State>, error: HttpError) => [
    ...target.before,
    () => Promise.reject(error),
  ];
  const [any] = methods.values();
  if (params === undefined) {
    const error = new HttpError(400, `The path ${pathname} is not valid percent-encoding.`);
    return { chain: fail(any, error), params: {}, route, layouts: [] };
  }
  const target = pickMethod(methods, method);
  if (target === undefined) {
    const allow = allowedMethods(methods.keys());
    const error = new HttpError(405, `${pathname} answers ${allow}, not ${method}.`);
    return { chain: fail(any, error), params, route, layouts: [], allow };
  }
  const { before, handlers, layouts } = target;
  return { chain: [...before, ...handlers], params, route, layouts };
}

function decodeParams(
  groups: Record<string, string | undefined>,
): Record<string, string> | undefined {
  const given = Object.entries(groups).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value]]
  );
  try {
    return Object.fromEntries(given.map(([name, value]) => [name, decodeURIComponent(value)]));
  } catch {
    return undefined;
  }
}

function runChain<State>(
  ctx: Context<State>,
  chain: readonly MiddlewareFn<State>[],
): Promise<Response> {
  const internals = internalsOf(ctx);
  const run = async (index: number): Promise<Response> => {
    if (index === chain.length) return endOfChain();
    const before = internals.next;
    internals.next = () => run(index + 1);
    try {
      return await chain[index](ctx);
    } finally {
      // Whoever called next() gets its own next() back.
      internals.next = before;
    }
  };
  return run(0);
}

function endOfChain(): Promise<Response> {
  return Promise.reject(new HttpError(404));
}

async function withoutBody(response: Response): Promise<Response> {
  await response.body?.cancel();
  return new Response(null, response);
}
