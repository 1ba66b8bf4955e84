import { type Context, internalsOf } from "./context.ts";
import type { FileRoute } from "./file_routes.ts";
import { renderPage, runComponent } from "./render.ts";
import type { HandlerFn } from "./types.ts";

/**
 * Runs a route's handler and, unless that answered itself, renders the route's page with its data.
 * `status` is the page's when the handler names none.
 */
export async function respond<State>(
  ctx: Context<State>,
  route: FileRoute,
  handler: HandlerFn<unknown, unknown>,
  status = 200,
): Promise<Response> {
  const result = await handler(ctx);
  if (result instanceof Response) return result;
  if (typeof result !== "object" || result === null || !("data" in result)) {
    throw new TypeError(
      `The handler of ${route.pattern} must return a Response or page(), not ${String(result)}.`,
    );
  }
  if (route.component === undefined) {
    throw new TypeError(`The handler of ${route.pattern} returned page(), but there is no page.`);
  }
  ctx.data = result.data;
  const { view } = internalsOf(ctx);
  internalsOf(ctx).view = { appWrapper: view.appWrapper, layouts: route.layouts };
  const content = await runComponent(route.component, ctx);
  if (content instanceof Response) return content;
  const init = { status: result.status ?? status, headers: result.headers };
  return renderPage(ctx, content, init, route.config);
}
