import type { Method } from "./types.ts";

export interface Match<T> {
  readonly pattern: string;
  readonly groups: Readonly<Record<string, string | undefined>>;
  /** By method, or under "ALL"; at least one. */
  readonly methods: ReadonlyMap<Method | "ALL", T>;
}

interface Entry<T> {
  readonly pattern: string;
  readonly rank: string;
  readonly test: URLPattern;
  readonly methods: Map<Method | "ALL", T>;
}

/** Finds the most exact pattern: static segments before params, params before rests. */
export class Router<T> {
  readonly #entries: Entry<T>[] = [];

  add(method: Method | "ALL", pattern: string, value: T): void {
    const known = this.#entries.find((entry) => entry.pattern === pattern);
    if (known !== undefined) {
      // The first one registered wins, as everything in an app applies from top to bottom.
      if (!known.methods.has(method)) known.methods.set(method, value);
      return;
    }
    const test = new URLPattern({ pathname: pattern });
    const entry = { pattern, rank: rankOf(pattern), test, methods: new Map([[method, value]]) };
    this.#entries.push(entry);
    this.#entries.sort((a, b) => a.rank < b.rank ? -1 : a.rank > b.rank ? 1 : 0);
  }

  match(pathname: string): Match<T> | undefined {
    for (const { pattern, test, methods } of this.#entries) {
      const groups = test.exec({ pathname })?.pathname.groups;
      if (groups !== undefined) return { pattern, methods, groups };
    }
    return undefined;
  }
}

/** The handler for a method: HEAD falls back to GET, anything to "ALL". */
export function pickMethod<T>(methods: Match<T>["methods"], method: string): T | undefined {
  const get = method === "HEAD" ? methods.get("GET") : undefined;
  return methods.get(method as Method) ?? get ?? methods.get("ALL");
}

/** The value of the Allow header for a pattern's methods. */
export function allowedMethods(methods: Iterable<string>): string {
  const names = new Set(methods);
  if (names.has("GET")) names.add("HEAD");
  return [...names].sort().join(", ");
}

/** One digit a segment, so that comparing strings orders patterns from exact to general. */
function rankOf(pattern: string): string {
  const segments = pattern.match(/\{?\/[^/{]*/g) ?? [];
  return segments.map((segment) => {
    if (segment.includes("*")) return "3";
    if (segment.startsWith("{")) return "2";
    return segment.includes(":") ? "1" : "0";
  }).join("");
}
