import { Command, Option } from "commander";
import { type Config, parseConfig } from "./config.ts";
import denoJson from "./deno.json" with { type: "json" };

export const VERSION: string = denoJson.version;

const DATA_DIR = "--data-dir <folder>";

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
  [DATA_DIR, "./data", "folder for everything recorded"],
  ["--exchange-ws-url <url>", null, "websocket streams of the exchange instead of Binance's own"],
  ["--exchange-rest-url <url>", null, "REST interface of the exchange instead of Binance's own"],
  ["--log-level <level>", "info", "debug, info, warning or error"],
  [
    "--speed <factor>",
    "1",
    "pace of the simulator or of a capture; Infinity is as fast as it goes",
  ],
  ["--seed <number>", "1", "seed of the simulated market"],
  [
    "--record-raw [true|false]",
    "false",
    "keep every frame as received in DATA-DIR/raw, for --feed FILE",
  ],
  [
    "--backfill <time>",
    "24h",
    "how far back trades that are missing are fetched at the start, e.g. 90m, 24h, 7d; 0 fetches none",
  ],
  [
    "--keep <list>",
    "liquidity_1s=7d",
    "how long is kept what takes room: liquidity_1s, liquidity_1m, trades, walls, each =7d or " +
    "=forever; what is not named is kept forever",
  ],
  [
    "--max-size <size>",
    "unlimited",
    "most room for the database and the trades, e.g. 50GB; the oldest is dropped, seconds of " +
    "liquidity first",
  ],
  [
    "--rows <list>",
    "",
    "price rows in which the heatmap is recorded, e.g. BTCUSDT=1,ETHUSDT=0.05; a symbol that is not " +
    "named has rows of about 0.2 basis points of its price",
  ],
  [
    "--walls <list>",
    "percentile=99.5,range=2,window=60,age=2",
    "what is a wall: a row of at least this percentile of the rows within so many percent of the " +
    "price over so many minutes, for so many seconds",
  ],
];

/** What the command line asks for. */
export type Task =
  | { readonly name: "run"; readonly config: Config }
  | { readonly name: "check" | "rebuild"; readonly dataDir: string };

/**
 * Reads the command line; prints help or a message and exits where there is nothing to do.
 *
 * @throws ConfigError when a value is wrong.
 */
export async function readCommandLine(args: readonly string[]): Promise<Task | null> {
  let task: Task | null = null;
  const program = new Command("footprint")
    .description("Footprint chart and liquidity heatmap of a crypto market, in the browser")
    .version(VERSION)
    .showHelpAfterError("(footprint --help lists the options)");
  const command = (name: string, description: string, flags: readonly string[]) => {
    const added = program.command(name, { isDefault: name === "run" })
      .description(description)
      .allowExcessArguments(false);
    for (const option of OPTIONS) {
      if (flags.includes(option[0])) added.addOption(optionOf(option));
    }
    return added;
  };
  command("run", "record and show, all in one process", OPTIONS.map(([flags]) => flags))
    .action((values) => {
      task = { name: "run", config: parseConfig(values) };
    });
  command(
    "check",
    "verify what is recorded: ids, segments, journal, gaps; exit code 1 when something is wrong",
    [DATA_DIR],
  ).action(({ dataDir }) => {
    task = { name: "check", dataDir };
  });
  command(
    "rebuild",
    "make the footprints in the database anew from the recorded trades, with the program stopped",
    [DATA_DIR],
  ).action(({ dataDir }) => {
    task = { name: "rebuild", dataDir };
  });
  await program.parseAsync([...args], { from: "user" });
  return task;
}

function optionOf([flags, fallback, help]: (typeof OPTIONS)[number]): Option {
  const option = new Option(flags, help);
  if (fallback !== null) option.default(fallback);
  return option.env(`FOOTPRINT_${option.name().replaceAll("-", "_").toUpperCase()}`);
}
