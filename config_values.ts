/** Values of flags and environment variables, from text; every refusal quotes what was given. */
import { z } from "zod";
import { KEEP_EVERYTHING, KEPT_LEVELS, type KeptLevel } from "./bus/retention.ts";
import type { WallOptions } from "./market/wall.ts";

export const url = (protocols: RegExp, example: string) =>
  z.string().refine((text) => protocols.test(text) && URL.canParse(text), {
    error: ({ input }) => `must be a URL like ${example}, received "${input}"`,
  });

/** A number given as text; the messages quote what was given. */
export const number = z.string().transform((text, context) => {
  const value = text.trim() === "" ? NaN : Number(text);
  if (!Number.isNaN(value)) return value;
  context.addIssue({ code: "custom", message: `must be a number, received "${text}"` });
  return z.NEVER;
});

export const integer = (min: number, max: number) =>
  number.pipe(
    z.number()
      .refine((value) => Number.isInteger(value) && value >= min && value <= max, {
        error: ({ input }) => `must be a whole number from ${min} to ${max}, received ${input}`,
      }),
  );

/** A flag of the command line is true; as an environment variable it is a text. */
export const flag = z.union([z.boolean(), z.enum(["true", "false", "1", "0"])], {
  error: ({ input }) => `must be true or false, received "${input}"`,
}).transform((value) => value === true || value === "true" || value === "1");

const UNIT_MINUTES = { m: 1, h: 60, d: 24 * 60 } as const;

/** "90m", "24h" or "7d" -> ms, or null. */
function durationMs(text: string): number | null {
  const [, count, unit] = /^(\d+)(m|h|d)$/.exec(text.trim()) ?? [];
  if (unit === undefined) return null;
  return Number(count) * UNIT_MINUTES[unit as keyof typeof UNIT_MINUTES] * 60_000;
}

/** "90m", "24h", "7d" or "0" -> ms. */
export const duration = (maxMinutes: number) =>
  z.string().transform((text, context) => {
    const ms = text.trim() === "0" ? 0 : durationMs(text);
    if (ms !== null && ms <= maxMinutes * 60_000) return ms;
    const rule = `must be 0 or a time like 90m, 24h or 7d, at most ${maxMinutes / 1440}d`;
    context.addIssue({ code: "custom", message: `${rule}, received "${text}"` });
    return z.NEVER;
  });

/** The least that a level may be kept: less would be fetched or asked for in vain. */
const LEAST_KEPT_HOURS: Readonly<Record<KeptLevel, number>> = {
  liquidity_1s: 1,
  liquidity_1m: 24,
  trades: 48,
  walls: 24,
};

/** "liquidity_1s=7d,trades=forever" -> ms by level; what is not named is kept for ever. */
export const keep = z.string().transform((text, context) => {
  const keepMs: Record<KeptLevel, number | null> = { ...KEEP_EVERYTHING.keepMs };
  const refuse = (message: string) => context.addIssue({ code: "custom", message });
  for (const [name, time] of namedParts(text)) {
    const level = KEPT_LEVELS.find((one) => one === name);
    if (level === undefined) {
      refuse(`must name one of ${KEPT_LEVELS.join(", ")}, received "${name}"`);
      continue;
    }
    if (time === "forever") continue;
    const ms = durationMs(time);
    const least = LEAST_KEPT_HOURS[level];
    if (ms !== null && ms >= least * 3_600_000) keepMs[level] = ms;
    else refuse(`must keep ${level} forever or at least ${least}h, received "${time}"`);
  }
  return keepMs;
});

const UNIT_BYTES = { MB: 10 ** 6, GB: 10 ** 9, TB: 10 ** 12 } as const;

/** "50GB" -> bytes; "unlimited" -> null. */
export const size = z.string().transform((text, context) => {
  if (text.trim() === "unlimited") return null;
  const [, count, unit] = /^(\d+(?:\.\d+)?) ?(MB|GB|TB)$/i.exec(text.trim()) ?? [];
  const bytes = Number(count) * UNIT_BYTES[unit?.toUpperCase() as keyof typeof UNIT_BYTES];
  if (bytes >= 100 * UNIT_BYTES.MB) return bytes;
  const rule = "must be unlimited or a size like 500MB or 50GB, at least 100MB";
  context.addIssue({ code: "custom", message: `${rule}, received "${text}"` });
  return z.NEVER;
});

/** What may be said of walls: the option's unit in that of `WallOptions`, and its bounds. */
const WALL_VALUES = {
  percentile: { option: "percentile", factor: 1, min: 50, max: 100, unit: "" },
  range: { option: "rangeShare", factor: 0.01, min: 0.01, max: 20, unit: " percent of the price" },
  window: { option: "windowMinutes", factor: 1, min: 1, max: 1440, unit: " minutes" },
  age: { option: "minAgeMs", factor: 1000, min: 0, max: 3600, unit: " seconds" },
} as const satisfies Record<string, { option: keyof WallOptions } & Record<string, unknown>>;

/** "percentile=99.5,range=2,window=60,age=2" -> what walls are. */
export const walls = z.string().transform((text, context) => {
  const options: Partial<Record<keyof WallOptions, number>> = {};
  const refuse = (message: string) => context.addIssue({ code: "custom", message });
  for (const [name, value] of namedParts(text)) {
    if (!Object.hasOwn(WALL_VALUES, name)) {
      refuse(`must name one of ${Object.keys(WALL_VALUES).join(", ")}, received "${name}"`);
      continue;
    }
    const { option, factor, min, max, unit } = WALL_VALUES[name as keyof typeof WALL_VALUES];
    const number = value.trim() === "" ? NaN : Number(value);
    const isWhole = option !== "windowMinutes" || Number.isInteger(number);
    if (number >= min && number <= max && isWhole) options[option] = number * factor;
    else {
      const what = option === "windowMinutes" ? "whole number" : "number";
      refuse(`must have a ${what} from ${min} to ${max}${unit} for ${name}, received "${value}"`);
    }
  }
  return options as Partial<WallOptions>;
});

/** "BTCUSDT=1,ETHUSDT=0.05" -> size of a row by symbol, as decimal text. */
export const rows = z.string().transform((text, context) => {
  const sizes: Record<string, string> = {};
  for (const [symbol, size] of namedParts(text)) {
    if (/^\d+(\.\d+)?$/.test(size) && Number(size) > 0) sizes[symbol.toUpperCase()] = size;
    else {
      const rule = "must be sizes above 0 by symbol, like BTCUSDT=1";
      context.addIssue({ code: "custom", message: `${rule}, received "${symbol}=${size}"` });
    }
  }
  return sizes;
});

/** "a=1, b=2" -> ["a", "1"], ["b", "2"]. */
function namedParts(text: string): [name: string, value: string][] {
  return text.split(",").map((part) => part.trim()).filter((part) => part !== "").map((part) => {
    const [name, ...value] = part.split("=");
    return [name.trim(), value.join("=").trim()];
  });
}
