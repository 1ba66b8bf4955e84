import { type Signal, signal } from "@preact/signals";
import type { Encoded } from "./props_encode.ts";

/** The inverse of PropsEncoder for one page; equal signal indexes give the same signal. */
export function createDecoder(encodedSignals: readonly Encoded[]): (value: Encoded) => unknown {
  const signals = new Map<number, Signal>();

  function signalAt(index: number): Signal {
    const known = signals.get(index);
    if (known !== undefined) return known;
    const created = signal(decode(encodedSignals[index]));
    signals.set(index, created);
    return created;
  }

  function decode(value: Encoded): unknown {
    if (typeof value !== "object" || value === null) return value;
    if (Array.isArray(value)) return value.map(decode);
    // fromEntries defines own properties, so a key "__proto__" stays harmless.
    if (!("$" in value)) return decodeEntries(value);
    const { $: tag, v } = value;
    switch (tag) {
      case "undefined":
        return undefined;
      case "number":
        return Number(v);
      case "bigint":
        return BigInt(String(v));
      case "date":
        return new Date(decode(v) as number);
      case "set":
        return new Set(decode(v) as unknown[]);
      case "map":
        return new Map(decode(v) as [unknown, unknown][]);
      case "signal":
        return signalAt(Number(v));
      case "object":
        return decodeEntries(v as Record<string, Encoded>);
      default:
        throw new TypeError(
          `Island props hold the tag ${JSON.stringify(tag)}, which has no meaning.`,
        );
    }
  }

  function decodeEntries(value: Record<string, Encoded>): Record<string, unknown> {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, decode(item)]));
  }

  return decode;
}
