import type { ComponentChildren, FunctionComponent } from "preact";
import type { Context } from "./context.ts";

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE" | "HEAD" | "OPTIONS";

export interface FreshConfig {
  /** Path under which the whole app is served, such as "/charts". */
  readonly basePath?: string;
  readonly mode?: "development" | "production";
}

export interface ResolvedFreshConfig {
  readonly root: string;
  readonly basePath: string;
  readonly mode: "development" | "production";
}

type MaybePromise<T> = T | Promise<T>;

export type MiddlewareFn<State> = (ctx: Context<State>) => MaybePromise<Response>;
export type Middleware<State> = MiddlewareFn<State> | readonly MiddlewareFn<State>[];

/** What a handler returns to have its route's page rendered with this data; made by page(). */
export interface PageResponse<Data> {
  readonly data: Data;
  readonly headers?: HeadersInit;
  readonly status?: number;
}

export type HandlerFn<Data, State> = (
  ctx: Context<State>,
) => MaybePromise<Response | PageResponse<Data>>;
export type HandlerByMethod<Data, State> = { [M in Method]?: HandlerFn<Data, State> };
export type RouteHandler<Data, State> = HandlerFn<Data, State> | HandlerByMethod<Data, State>;

/** Props of a page, a layout, the app wrapper and the error page. */
export interface PageProps<Data = unknown, State = unknown> {
  readonly Component: FunctionComponent;
  readonly config: ResolvedFreshConfig;
  readonly data: Data;
  readonly error: unknown;
  readonly info: Deno.ServeHandlerInfo;
  readonly isPartial: boolean;
  readonly params: Readonly<Record<string, string>>;
  readonly req: Request;
  readonly route: string | null;
  readonly state: State;
  readonly url: URL;
}

/** An async component runs before the page is rendered and may answer with a Response instead. */
export type PageComponent<Data, State> = (
  props: PageProps<Data, State>,
) => ComponentChildren | Promise<ComponentChildren | Response>;

export interface RenderConfig {
  readonly skipAppWrapper?: boolean;
  readonly skipInheritedLayouts?: boolean;
}

export interface RouteConfig extends RenderConfig {
  /** A URLPattern path used instead of the one that the file's name gives. */
  readonly routeOverride?: string;
}

type DataOfResult<Result> = Awaited<Result> extends infer R
  ? R extends PageResponse<infer Data> ? Data : never
  : never;

/** The data a route's handlers hand to its page. */
export type DataOf<Handler> = Handler extends (...args: never[]) => infer Result
  ? DataOfResult<Result>
  : {
    [M in keyof Handler]: Handler[M] extends (...args: never[]) => infer Result
      ? DataOfResult<Result>
      : never;
  }[keyof Handler];

export interface Define<State> {
  handlers<H extends RouteHandler<unknown, State>>(handlers: H): H;
  page<Handler = never>(
    component: PageComponent<DataOf<Handler>, State>,
  ): PageComponent<DataOf<Handler>, State>;
  layout(component: PageComponent<unknown, State>): PageComponent<unknown, State>;
  middleware<M extends Middleware<State>>(middleware: M): M;
}

export interface WebSocketUpgradeOptions {
  readonly protocol?: string;
  /** Seconds without a pong after which the socket is closed. */
  readonly idleTimeout?: number;
}

export interface WebSocketHandlers {
  open?(socket: WebSocket): void | Promise<void>;
  message?(socket: WebSocket, event: MessageEvent): void | Promise<void>;
  close?(socket: WebSocket, code: number, reason: string): void | Promise<void>;
  error?(socket: WebSocket, event: Event | ErrorEvent): void | Promise<void>;
}

/** The components around a page, outermost first. */
export interface View {
  readonly appWrapper: PageComponent<unknown, unknown> | undefined;
  readonly layouts: readonly PageComponent<unknown, unknown>[];
}
