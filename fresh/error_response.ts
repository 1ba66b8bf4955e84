import type { Context } from "./context.ts";
import { errorHandlerOf, type FileRoutes } from "./file_routes.ts";
import { HttpError } from "./http_error.ts";
import { respond } from "./route_response.ts";
import type { MiddlewareFn } from "./types.ts";

/**
 * The answer to something thrown: the app's notFound or _404 for status 404, else _error, else text.
 * In production an unexpected error is logged and the page gets an HttpError in its place.
 */
export async function errorResponse<State>(
  ctx: Context<State>,
  thrown: unknown,
  files: FileRoutes,
  notFound: MiddlewareFn<State> | undefined,
): Promise<Response> {
  const error = presentable(thrown, ctx);
  const status = error instanceof HttpError ? error.status : 500;
  ctx.error = error;
  try {
    if (status === 404 && notFound !== undefined) return await notFound(ctx);
    const page = status === 404 ? files.notFound ?? files.error : files.error;
    if (page !== undefined) {
      return await respond(ctx, page, errorHandlerOf(page), status);
    }
  } catch (failure) {
    console.error(`The error page for ${ctx.req.method} ${ctx.url.pathname} failed:`, failure);
  }
  const text = error instanceof HttpError ? error.message : describe(error);
  return ctx.text(text, { status });
}

function presentable<State>(thrown: unknown, ctx: Context<State>): unknown {
  if (thrown instanceof HttpError) return thrown;
  console.error(`${ctx.req.method} ${ctx.url.pathname} failed:`, thrown);
  if (ctx.config.mode === "development") return thrown;
  return new HttpError(500, undefined, { cause: thrown });
}

function describe(error: unknown): string {
  return error instanceof Error ? error.stack ?? error.message : String(error);
}
