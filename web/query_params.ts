import { QueryError } from "../bus/query_error.ts";

/** Reads and checks the query of a request; every refusal names the parameter and its value. */
export interface QueryParams {
  /** A parameter that must be there. */
  text(name: string): string;
  optionalText(name: string): string | null;
  /** A whole number within [min, max]; `fallback` where the parameter is missing. */
  integer(name: string, fallback: number, min?: number, max?: number): number;
  /** `from` and `to` in UTC ms: from is inclusive, to exclusive. */
  range(): { from: number; to: number };
  oneOf<T extends string>(name: string, allowed: readonly T[], fallback: T): T;
}

/** Latest time that a Date can hold. */
const MAX_TIME = 8.64e15;

export function queryParams(url: URL): QueryParams {
  const params = url.searchParams;

  function optionalText(name: string): string | null {
    const values = params.getAll(name);
    if (values.length > 1) throw refused(`${name} is given ${values.length} times`);
    return values[0] ?? null;
  }

  function text(name: string): string {
    const value = optionalText(name);
    if (value === null || value === "") throw refused(`the parameter ${name} is missing`);
    return value;
  }

  function integer(name: string, fallback: number, min = 0, max = MAX_TIME): number {
    const value = optionalText(name);
    if (value === null) return fallback;
    const number = /^-?\d{1,16}$/.test(value) ? Number(value) : NaN;
    if (number >= min && number <= max) return number;
    throw refused(`${name} must be a whole number from ${min} to ${max}, received "${value}"`);
  }

  return {
    text,
    optionalText,
    integer,
    range() {
      const from = integer("from", 0);
      const to = integer("to", MAX_TIME);
      if (from >= to) throw refused(`from must be before to, received from ${from} and to ${to}`);
      return { from, to };
    },
    oneOf(name, allowed, fallback) {
      const value = optionalText(name);
      if (value === null) return fallback;
      const found = allowed.find((one) => one === value);
      if (found !== undefined) return found;
      throw refused(`${name} must be one of ${allowed.join(", ")}, received "${value}"`);
    },
  };
}

function refused(message: string): QueryError {
  return new QueryError("bad_request", message);
}
