/** The part of localStorage that is used. */
export type Keep = Pick<Storage, "getItem" | "setItem">;

/** A value that an earlier page kept, or null; a text that is no JSON counts as nothing. */
export function readKept(keep: Keep | null, key: string): unknown {
  try {
    return JSON.parse(keep?.getItem(key) ?? "null");
  } catch {
    return null;
  }
}

/** @returns whether it is kept: a browser may refuse */
export function writeKept(keep: Keep | null, key: string, value: unknown): boolean {
  try {
    keep?.setItem(key, JSON.stringify(value));
    return keep !== null;
  } catch {
    return false;
  }
}

/** The browser's own storage, or null where it is forbidden. */
export function browserKeep(): Keep | null {
  try {
    return globalThis.localStorage ?? null;
  } catch {
    return null;
  }
}
