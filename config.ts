import { z } from "zod";
import { SPOT_URLS } from "./collector/binance_spot.ts";
import { USDM_URLS } from "./collector/binance_usdm.ts";
import type { ExchangeUrls } from "./collector/exchange_adapter.ts";
import { duration, flag, integer, keep, number, rows, size, url, walls } from "./config_values.ts";

/** Names of the feeds that need no file. */
const FEED_NAMES = ["auto", "binance", "simulator"] as const;

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
  walls,
  rows,
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
