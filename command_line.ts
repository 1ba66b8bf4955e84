import { Command, Option } from "commander";
import { type Config, parseConfig } from "./config.ts";
import denoJson from "./deno.json" with { type: "json" };

export const VERSION: string = denoJson.version;

/** Flag, default and help of each setting; the environment variable's name follows from it. */
const OPTIONS: readonly (readonly [flags: string, fallback: string | null, help: string])[] = [
  ["--symbols <list>", "BTCUSDT", "symbols to record, separated by commas"],
  ["--market <name>", "spot", "market of the symbols: spot, or usdm (USD-M futures)"],
  [
    "--feed <feed>",
    "auto",
    "binance, simulator, auto (Binance where it can be reached within 10 s, else the simulator), " +
    "or capture files separated by commas",
  ],
  ["--host <address>", "127.0.0.1", "address of the page"],
  ["--port <number>", "8000", "port of the page; 0 takes a free one"],
  ["--data-dir <folder>", "./data", "folder for everything recorded"],
  ["--exchange-ws-url <url>", null, "websocket streams of the exchange instead of Binance's own"],
  ["--exchange-rest-url <url>", null, "REST interface of the exchange instead of Binance's own"],
  ["--log-level <level>", "info", "debug, info, warning or error"],
  [
    "--speed <factor>",
    "1",
    "pace of the simulator or of a capture; Infinity is as fast as it goes",
  ],
  ["--seed <number>", "1", "seed of the simulated market"],
  ["--backfill-minutes <n>", "60", "how far back trades are fetched when recording starts"],
];

/**
 * Reads the command line; prints help or a message and exits where there is nothing to run.
 *
 * @throws ConfigError when a value is wrong.
 */
export async function readCommandLine(args: readonly string[]): Promise<Config | null> {
  let config: Config | null = null;
  const program = new Command("footprint")
    .description("Footprint chart and liquidity heatmap of a crypto market, in the browser")
    .version(VERSION)
    .showHelpAfterError("(footprint --help lists the options)");
  const run = program.command("run", { isDefault: true })
    .description("record and show, all in one process")
    .allowExcessArguments(false);
  for (const [flags, fallback, help] of OPTIONS) {
    const option = new Option(flags, help);
    if (fallback !== null) option.default(fallback);
    option.env(`FOOTPRINT_${option.name().replaceAll("-", "_").toUpperCase()}`);
    run.addOption(option);
  }
  run.action((values) => {
    config = parseConfig(values);
  });
  await program.parseAsync([...args], { from: "user" });
  return config;
}
