import { internalsOf } from "./context.ts";
import type { ServedFile } from "./snapshot.ts";
import type { MiddlewareFn } from "./types.ts";

const FOR_EVER = "public, max-age=31536000, immutable";

/**
 * Serves what was in static/ and the islands' code at build time. A request's path is a key into
 * that list and never reaches the file system.
 */
export function staticFiles<State>(): MiddlewareFn<State> {
  return async (ctx) => {
    const { snapshot } = internalsOf(ctx);
    const { pathname, searchParams } = ctx.url;
    const { basePath } = ctx.config;
    const readable = ctx.req.method === "GET" || ctx.req.method === "HEAD";
    if (snapshot === undefined || !readable || !pathname.startsWith(basePath)) return ctx.next();
    const path = pathname.slice(basePath.length);
    const file = snapshot.files.get(path);
    if (file === undefined) return ctx.next();

    const addressed = path.startsWith(`/_fresh/${snapshot.buildId}/`) ||
      searchParams.get("v") === snapshot.buildId;
    const headers = new Headers({
      "content-type": file.type,
      // Weak, because Deno compresses the body on the way out.
      etag: `W/"${file.hash}"`,
      "cache-control": addressed ? FOR_EVER : "no-cache",
    });
    if (isFresh(ctx.req, file)) return new Response(null, { status: 304, headers });
    if (ctx.req.method === "HEAD") {
      headers.set("content-length", String(file.size));
      return new Response(null, { headers });
    }
    return new Response(await Deno.readFile(file.url), { headers });
  };
}

function isFresh(request: Request, file: ServedFile): boolean {
  const known = request.headers.get("if-none-match");
  if (known === null) return false;
  return known.split(",").map((tag) => tag.trim()).some((tag) =>
    tag === "*" || tag.replace(/^W\//, "") === `"${file.hash}"`
  );
}
