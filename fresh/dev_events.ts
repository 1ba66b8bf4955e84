type Handler = (request: Request, info?: Deno.ServeHandlerInfo) => Promise<Response>;

export const DEV_EVENTS_PATH = "/_fresh/dev-events";

/**
 * Tells pages which run of the server they talk to. A page that comes back to another run, after the
 * watch loop restarted the server, reloads itself.
 */
export function developmentEvents(handle: Handler): Handler {
  const run = crypto.randomUUID();
  return (request, info) => {
    if (!new URL(request.url).pathname.endsWith(DEV_EVENTS_PATH)) return handle(request, info);
    const stream = new ReadableStream<Uint8Array<ArrayBuffer>>({
      start: (out) => out.enqueue(new TextEncoder().encode(`retry: 200\ndata: ${run}\n\n`)),
    });
    const headers = { "content-type": "text/event-stream", "cache-control": "no-store" };
    return Promise.resolve(new Response(stream, { headers }));
  };
}
