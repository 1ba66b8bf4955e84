import type { Define, PageResponse } from "./types.ts";

/** Helpers that return what they are given, typed for the app's State. */
export function createDefine<State>(): Define<State> {
  return {
    handlers: (handlers) => handlers,
    page: (component) => component,
    layout: (component) => component,
    middleware: (middleware) => middleware,
  };
}

export interface PageOptions {
  readonly headers?: HeadersInit;
  readonly status?: number;
}

/** Ends a handler by rendering its route's page with `data`. */
export function page(): PageResponse<undefined>;
export function page<Data>(data: Data, options?: PageOptions): PageResponse<Data>;
export function page<Data>(data?: Data, options: PageOptions = {}): PageResponse<Data | undefined> {
  return { data, headers: options.headers, status: options.status };
}
