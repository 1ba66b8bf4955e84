import { Signal } from "@preact/signals";
import { isValidElement } from "preact";

/** JSON in which an object with the key "$" stands for something JSON lacks; see props_decode.ts. */
export type Encoded = null | boolean | number | string | Encoded[] | { [key: string]: Encoded };

/**
 * Encodes the props of all islands of one page: a signal used twice is stored once, under its index
 * in `signals`, and stays one signal in the browser.
 */
export class PropsEncoder {
  readonly signals: Encoded[] = [];
  readonly #indexes = new Map<Signal, number>();

  /** Throws a TypeError naming the island and the prop that cannot be sent to the browser. */
  encode(island: string, props: Record<string, unknown>): Encoded {
    const encoded: Record<string, Encoded> = {};
    for (const [name, value] of Object.entries(props)) {
      encoded[name] = this.#value(value, { island, path: name, parents: [] });
    }
    return encoded;
  }

  #value(value: unknown, at: Place): Encoded {
    if (value === null || typeof value === "string" || typeof value === "boolean") return value;
    if (typeof value === "number") {
      if (Number.isFinite(value) && !Object.is(value, -0)) return value;
      return { $: "number", v: Object.is(value, -0) ? "-0" : String(value) };
    }
    if (value === undefined) return { $: "undefined" };
    if (typeof value === "bigint") return { $: "bigint", v: String(value) };
    if (typeof value === "function") throw unsendable(at, "a function");
    if (typeof value === "symbol") throw unsendable(at, "a symbol");
    if (at.parents.includes(value)) throw unsendable(at, "an object that contains itself");
    return this.#object(value, at);
  }

  #object(value: object, at: Place): Encoded {
    const inner = (item: unknown, key: string) =>
      this.#value(item, {
        island: at.island,
        path: `${at.path}${key}`,
        parents: [...at.parents, value],
      });
    if (value instanceof Signal) return { $: "signal", v: this.#signal(value, inner) };
    if (isValidElement(value)) throw unsendable(at, "JSX");
    if (Array.isArray(value)) return value.map((item, index) => inner(item, `[${index}]`));
    if (value instanceof Date) return { $: "date", v: inner(value.getTime(), "") };
    if (value instanceof Set) {
      return { $: "set", v: [...value].map((item) => inner(item, "{}")) };
    }
    if (value instanceof Map) {
      const entries = [...value].map(([key, item]) => [inner(key, "{}"), inner(item, `{${key}}`)]);
      return { $: "map", v: entries };
    }
    const prototype = Object.getPrototypeOf(value);
    if (prototype !== Object.prototype && prototype !== null) {
      throw unsendable(at, `an instance of ${value.constructor?.name ?? "a class"}`);
    }
    const plain = Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, inner(item, `.${key}`)]),
    );
    return "$" in plain ? { $: "object", v: plain } : plain;
  }

  #signal(signal: Signal, inner: (item: unknown, key: string) => Encoded): number {
    const known = this.#indexes.get(signal);
    if (known !== undefined) return known;
    const index = this.signals.push(null) - 1;
    this.#indexes.set(signal, index);
    this.signals[index] = inner(signal.peek(), ".value");
    return index;
  }
}

interface Place {
  readonly island: string;
  readonly path: string;
  readonly parents: readonly object[];
}

function unsendable(at: Place, what: string): TypeError {
  return new TypeError(
    `The island "${at.island}" cannot take ${what} as its prop "${at.path}": props travel to the ` +
      "browser as JSON, plain values, Date, Map, Set, bigint and signals only.",
  );
}
