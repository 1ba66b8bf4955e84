import type { VNode } from "preact";
import { renderPage } from "./render.ts";
import type { Snapshot } from "./snapshot.ts";
import type {
  RenderConfig,
  ResolvedFreshConfig,
  View,
  WebSocketHandlers,
  WebSocketUpgradeOptions,
} from "./types.ts";
import { isHandlers, listenToSocket, upgradeRequest } from "./websocket.ts";

type Chunk = string | Uint8Array<ArrayBuffer>;
type ChunkSource = ReadableStream<Chunk> | AsyncIterable<Chunk> | Iterable<Chunk>;

/** What the framework needs of a context and an app must not see. */
export interface Internals {
  next: () => Promise<Response>;
  view: View;
  readonly snapshot: Snapshot | undefined;
}

export interface ContextInit {
  readonly req: Request;
  readonly url: URL;
  readonly info: Deno.ServeHandlerInfo;
  readonly config: ResolvedFreshConfig;
  readonly params: Readonly<Record<string, string>>;
  readonly route: string | null;
  readonly internals: Internals;
}

const hidden = new WeakMap<Context<unknown>, Internals>();

export function internalsOf<State>(ctx: Context<State>): Internals {
  const internals = hidden.get(ctx);
  if (internals === undefined) throw new TypeError("A context is made by App.handler() alone.");
  return internals;
}

/** One request on its way through the middlewares to its route. */
export class Context<State> {
  readonly req: Request;
  readonly url: URL;
  readonly info: Deno.ServeHandlerInfo;
  readonly config: ResolvedFreshConfig;
  readonly params: Readonly<Record<string, string>>;
  /** The pattern that matched, or null when none did. */
  readonly route: string | null;
  readonly isPartial = false;
  state: State = {} as State;
  /** What the route's handler passed to page(). */
  data: unknown = undefined;
  /** What was thrown; set while the error page is rendered. */
  error: unknown = null;

  constructor(init: ContextInit) {
    this.req = init.req;
    this.url = init.url;
    this.info = init.info;
    this.config = init.config;
    this.params = init.params;
    this.route = init.route;
    hidden.set(this, init.internals);
  }

  /** Runs the next middleware, or the route after the last one. */
  next(): Promise<Response> {
    return internalsOf(this).next();
  }

  redirect(location: string, status = 302): Response {
    // A path such as "//evil.example" or "/\evil.example" would leave this host.
    const safe = location.replace(/^\s*[/\\][\s/\\]*/, "/");
    return new Response(null, { status, headers: { location: safe } });
  }

  render(content: VNode | null, init: ResponseInit = {}, config: RenderConfig = {}) {
    return renderPage(this, content, init, config);
  }

  text(content: string, init?: ResponseInit): Response {
    return typedResponse(content, "text/plain; charset=utf-8", init);
  }

  html(content: string, init?: ResponseInit): Response {
    return typedResponse(content, "text/html; charset=utf-8", init);
  }

  json(content: unknown, init?: ResponseInit): Response {
    return Response.json(content, init);
  }

  /** Streams text or bytes; a source that is cancelled by the client has its iterator closed. */
  stream(source: ChunkSource | (() => ChunkSource), init?: ResponseInit): Response {
    const chunks = typeof source === "function" ? source() : source;
    const encoder = new TextEncoder();
    const bytes = ReadableStream.from(chunks).pipeThrough(
      new TransformStream<Chunk, Uint8Array<ArrayBuffer>>({
        transform: (chunk, out) =>
          out.enqueue(typeof chunk === "string" ? encoder.encode(chunk) : chunk),
      }),
    );
    return new Response(bytes, init);
  }

  /**
   * Answers with a websocket: with handlers as the finished Response, without as the pair of socket and
   * response to wire by hand. Throws an HttpError with status 400 when the request is not an upgrade.
   */
  upgrade(handlers: WebSocketHandlers, options?: WebSocketUpgradeOptions): Response;
  upgrade(options?: WebSocketUpgradeOptions): Deno.WebSocketUpgrade;
  upgrade(
    first?: WebSocketHandlers | WebSocketUpgradeOptions,
    options?: WebSocketUpgradeOptions,
  ): Response | Deno.WebSocketUpgrade {
    if (!isHandlers(first)) return upgradeRequest(this.req, first);
    const { socket, response } = upgradeRequest(this.req, options);
    listenToSocket(socket, first);
    return response;
  }
}

function typedResponse(content: string, type: string, init: ResponseInit = {}): Response {
  const headers = new Headers(init.headers);
  if (!headers.has("content-type")) headers.set("content-type", type);
  return new Response(content, { ...init, headers });
}
