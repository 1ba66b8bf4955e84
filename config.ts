import { z } from "zod";
import { KEEP_EVERYTHING, KEPT_LEVELS, type KeptLevel } from "./bus/retention.ts";
import { SPOT_URLS } from "./collector/binance_spot.ts";
import { USDM_URLS } from "./collector/binance_usdm.ts";
import type { ExchangeUrls } from "./collector/exchange_adapter.ts";

/** Names of the feeds that need no file. */
const FEED_NAMES = ["auto", "binance", "simulator"] as const;

const url = (protocols: RegExp, example: string) =>
  z.string().refine((text) => protocols.test(text) && URL.canParse(text), {
    error: ({ input }) => `must be a URL like ${example}, received "${input}"`,
  });

/** A number given as text; the messages quote what was given. */
const number = z.string().transform((text, context) => {
  const value = text.trim() === "" ? NaN : Number(text);
  if (!Number.isNaN(value)) return value;
  context.addIssue({ code: "custom", message: `must be a number, received "${text}"` });
  return z.NEVER;
});

const integer = (min: number, max: number) =>
  number.pipe(
    z.number()
      .refine((value) => Number.isInteger(value) && value >= min && value <= max, {
        error: ({ input }) => `must be a whole number from ${min} to ${max}, received ${input}`,
      }),
  );

/** A flag of the command line is true; as an environment variable it is a text. */
const flag = z.union([z.boolean(), z.enum(["true", "false", "1", "0"])], {
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
const duration = (maxMinutes: number) =>
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
const keep = z.string().transform((text, context) => {
  const keepMs: Record<KeptLevel, number | null> = { ...KEEP_EVERYTHING.keepMs };
  const refuse = (message: string) => context.addIssue({ code: "custom", message });
  for (const part of text.split(",").map((one) => one.trim()).filter((one) => one !== "")) {
    const [name, time = ""] = part.split("=");
    const level = KEPT_LEVELS.find((one) => one === name);
    if (level === undefined) {
      refuse(`must name one of ${KEPT_LEVELS.join(", ")}, received "${name}"`);
      continue;
    }
    if (time === "forever") continue;
    const ms = durationMs(time);
    const least = LEAST_KEPT_HOURS[level];
    if (ms !== null && ms >= least * 3_600_000) keepMs[level] = ms;
    else refuse(`must keep ${level} forever or at least ${least}h, received "${part}"`);
  }
  return keepMs;
});

const UNIT_BYTES = { MB: 10 ** 6, GB: 10 ** 9, TB: 10 ** 12 } as const;

/** "50GB" -> bytes; "unlimited" -> null. */
const size = z.string().transform((text, context) => {
  if (text.trim() === "unlimited") return null;
  const [, count, unit] = /^(\d+(?:\.\d+)?) ?(MB|GB|TB)$/i.exec(text.trim()) ?? [];
  const bytes = Number(count) * UNIT_BYTES[unit?.toUpperCase() as keyof typeof UNIT_BYTES];
  if (bytes >= 100 * UNIT_BYTES.MB) return bytes;
  const rule = "must be unlimited or a size like 500MB or 50GB, at least 100MB";
  context.addIssue({ code: "custom", message: `${rule}, received "${text}"` });
  return z.NEVER;
});

/** What the program was asked to do, checked. One schema for flags and environment variables. */
export const configSchema = z.object({
  symbols: z.string().transform((text) => text.split(",").map((one) => one.trim().toUpperCase()))
    .pipe(
      z.array(
        z.string().regex(/^[^\s/?#,.\\:*"<>|]{1,40}$/u, {
          error: ({ input }) => `must be names like BTCUSDT, received "${input}"`,
        }),
      ).min(1).refine((symbols) => new Set(symbols).size === symbols.length, {
        error: ({ input }) => `names a symbol twice: "${(input as string[]).join(",")}"`,
      }),
    ),
  market: z.enum(["spot", "usdm"], {
    error: ({ input }) => `must be spot or usdm, received "${input}"`,
  }),
  feed: z.string().min(1),
  host: z.enum(["127.0.0.1", "localhost"], {
    error: ({ input }) =>
      `must be 127.0.0.1 or localhost: other machines are not let in, received "${input}"`,
  }),
  port: integer(0, 65_535),
  dataDir: z.string().min(1),
  exchangeWsUrl: url(/^wss?:/, SPOT_URLS.wsUrl).optional(),
  exchangeRestUrl: url(/^https?:/, SPOT_URLS.restUrl).optional(),
  logLevel: z.enum(["debug", "info", "warning", "error"], {
    error: ({ input }) => `must be debug, info, warning or error, received "${input}"`,
  }),
  speed: number.pipe(
    z.custom<number>().refine((value) => value > 0, {
      error: ({ input }) => `must be above 0, received ${input}`,
    }),
  ),
  seed: integer(0, 2 ** 32 - 1),
  recordRaw: flag,
  backfill: duration(30 * 24 * 60),
  keep,
  maxSize: size,
});

export type Config = z.infer<typeof configSchema>;

/** Where the exchange is reached: as asked for, else the real one of the market. */
export function exchangeUrlsOf({ market, exchangeWsUrl, exchangeRestUrl }: Config): ExchangeUrls {
  const real = market === "usdm" ? USDM_URLS : SPOT_URLS;
  return { wsUrl: exchangeWsUrl ?? real.wsUrl, restUrl: exchangeRestUrl ?? real.restUrl };
}

/** What feeds the collector. */
export type Feed =
  | { readonly kind: "auto" | "binance" | "simulator" }
  | { readonly kind: "capture"; readonly files: readonly string[] };

export function feedOf({ feed }: Pick<Config, "feed">): Feed {
  const name = FEED_NAMES.find((one) => one === feed);
  if (name !== undefined) return { kind: name };
  return { kind: "capture", files: feed.split(",").map((file) => file.trim()) };
}

/**
 * Checks raw values of flags and environment variables.
 *
 * @throws ConfigError with one line per wrong value.
 */
export function parseConfig(raw: Record<string, unknown>): Config {
  const parsed = configSchema.safeParse(raw);
  if (parsed.success) return parsed.data;
  throw new ConfigError(
    parsed.error.issues.map(({ path, message }) => `--${flagOf(String(path[0]))} ${message}`),
  );
}

/** The command line or the environment asks for something impossible. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";

  constructor(problems: readonly string[]) {
    super(problems.join("\n"));
  }
}

function flagOf(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
