import { refusalOf } from "./access.ts";

const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "font-src 'self'",
  "img-src 'self' data: blob:",
  "connect-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

type Fetch = (request: Request, info: Deno.ServeHandlerInfo) => Response | Promise<Response>;

/**
 * Stands before everything that is served: refuses who may not connect, and adds what keeps a page
 * from running or leaking anything that is not ours. Error pages pass it too.
 */
export function guarded(fetch: Fetch, allowedHosts: readonly string[]): Fetch {
  return async (request, info) => {
    const refusal = refusalOf(request, allowedHosts);
    if (refusal !== null) return withSecurityHeaders(new Response(`${refusal}\n`, { status: 403 }));
    return withSecurityHeaders(await fetch(request, info));
  };
}

function withSecurityHeaders(response: Response): Response {
  // The answer to a websocket upgrade must go out as it is.
  if (response.status === 101) return response;
  const headers = new Headers(response.headers);
  headers.set("Content-Security-Policy", CONTENT_SECURITY_POLICY);
  headers.set("X-Content-Type-Options", "nosniff");
  headers.set("Referrer-Policy", "no-referrer");
  headers.set("Cross-Origin-Opener-Policy", "same-origin");
  const { status, statusText } = response;
  return new Response(response.body, { status, statusText, headers });
}
