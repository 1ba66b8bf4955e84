/**
 * A stand-in for @fresh/core 2 with the same public surface, for a project that builds from npm
 * alone. Import `fresh`, `fresh/runtime` and `fresh/dev` only, never a file inside this folder:
 * then deno.json can switch to the real one.
 */
export { App } from "./app.ts";
export type { Context } from "./context.ts";
export { createDefine, page } from "./define.ts";
export { HttpError } from "./http_error.ts";
export { staticFiles } from "./static_files.ts";
export type {
  Define,
  HandlerByMethod,
  HandlerFn,
  Method,
  Middleware,
  PageProps,
  PageResponse,
  RouteConfig,
  RouteHandler,
  WebSocketHandlers,
  WebSocketUpgradeOptions,
} from "./types.ts";
