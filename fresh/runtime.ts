/** What both the server and the browser may import: `fresh/runtime`. */
import type { ComponentChildren } from "preact";
import { getBuildId } from "./build_id.ts";

export { HttpError } from "./http_error.ts";

export const IS_BROWSER: boolean = typeof document !== "undefined";

/** The path of a static file with the build's hash, so that browsers may keep it for ever. */
export function asset(path: string): string {
  const id = getBuildId();
  if (id === "" || !path.startsWith("/") || path.startsWith("//")) return path;
  const [before, fragment] = path.split("#", 2);
  const query = `${before.includes("?") ? "&" : "?"}v=${id}`;
  return `${before}${query}${fragment === undefined ? "" : `#${fragment}`}`;
}

/**
 * Puts its children into the page's `<head>`; a `<title>` replaces the one of the app wrapper. The
 * server moves the children while rendering; in the browser it does nothing.
 */
export function Head(_props: { children?: ComponentChildren }): null {
  return null;
}
