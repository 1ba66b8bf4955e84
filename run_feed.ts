import { join } from "node:path";
import { aborted } from "./bus/aborted.ts";
import { getLogger } from "@logtape/logtape";
import type { FeedState } from "./bus/messages.ts";
import type { ExchangeUrls } from "./collector/exchange_adapter.ts";
import { type Config, exchangeUrlsOf, type Feed, feedOf } from "./config.ts";
import { type DataFolder, type DataSource, openDataFolder } from "./data_folder.ts";
import type { Parts } from "./parts.ts";
import { whyUnreachable } from "./reachability.ts";
import { type SimulatorSource, startSimulator } from "./simulator_part.ts";

const log = getLogger(["footprint", "feed"]);

const MARKET_NAMES = {
  spot: "Binance spot",
  usdm: "Binance USD-M",
} as const satisfies Record<Config["market"], string>;

/** `--feed auto` waits so long for Binance. */
const REACH_LIMIT_MS = 10_000;

/** Chooses what feeds the collector, starts it, and waits until the signal aborts. */
export async function runFeed(config: Config, parts: Parts, signal: AbortSignal): Promise<void> {
  const feed = await chooseFeed(config, parts, signal);
  const folder = await openDataFolder(config.dataDir, dataSourceOf(feed, config), Date.now());
  if (feed.kind === "binance") {
    const message = MARKET_NAMES[config.market];
    const state = { kind: feed.kind, message, simulated: false } as const;
    startCollector(config, parts, folder, state, exchangeUrlsOf(config));
    return await recordUntil(signal, parts, folder);
  }
  const source: SimulatorSource = feed.kind === "capture"
    ? { kind: "capture", files: feed.files, speed: config.speed, market: config.market }
    : {
      kind: "market",
      symbols: config.symbols,
      seed: config.seed,
      begin: folder.marketBegin,
      speed: config.speed,
      market: config.market,
    };
  await using simulator = await startSimulator(source, (level, message) => {
    log[level]("{message}", { message });
  });
  const state: FeedState = feed.kind === "capture"
    ? { kind: "capture", message: `Capture played back: ${feed.files.join(", ")}`, simulated: true }
    : { kind: "simulator", message: feed.message, simulated: true };
  startCollector(config, parts, folder, state, simulator);
  await recordUntil(signal, parts, folder);
}

/** The parts end before the exchange they record: its end is no loss that should be told. */
async function recordUntil(signal: AbortSignal, parts: Parts, folder: DataFolder): Promise<void> {
  await aborted(signal);
  await parts.stop();
  folder.release();
}

function dataSourceOf(feed: ChosenFeed, { seed, speed }: Config): DataSource {
  return feed.kind === "simulator" ? { kind: feed.kind, seed, speed } : feed;
}

/** A feed that is settled, and for the simulator why it is not the real market. */
type ChosenFeed =
  | Extract<Feed, { kind: "capture" }>
  | { readonly kind: "binance" }
  | { readonly kind: "simulator"; readonly message: string };

async function chooseFeed(config: Config, parts: Parts, signal: AbortSignal): Promise<ChosenFeed> {
  const feed = feedOf(config);
  if (feed.kind === "capture") return feed;
  if (feed.kind === "binance") return { kind: "binance" };
  if (feed.kind === "simulator") return { kind: "simulator", message: "Simulated market" };
  const message = `Waiting for Binance (up to ${REACH_LIMIT_MS / 1000} s)`;
  parts.processor.setFeed({ kind: "waiting", message, simulated: false });
  log.info("{message}", { message });
  const reason = await whyUnreachable(
    exchangeUrlsOf(config),
    config.market,
    REACH_LIMIT_MS,
    signal,
  );
  if (reason === null) return { kind: "binance" };
  log.warn("Binance cannot be reached ({reason}): the simulator takes over", { reason });
  return { kind: "simulator", message: "Simulated market: Binance cannot be reached" };
}

function startCollector(
  config: Config,
  parts: Parts,
  folder: DataFolder,
  state: FeedState,
  { wsUrl, restUrl }: ExchangeUrls,
): void {
  log.info("Recording {symbols} from {feed}", {
    symbols: config.symbols.join(", "),
    feed: state.message,
  });
  parts.startCollector(
    {
      symbols: config.symbols,
      market: config.market,
      wsUrl,
      restUrl,
      exchangeName: state.simulated ? "The simulated exchange" : MARKET_NAMES[config.market],
      backfillMs: config.backfill,
      rawFolder: config.recordRaw ? join(folder.path, "raw") : null,
    },
    folder.path,
    { keepMs: config.keep, maxBytes: config.maxSize },
    state,
  );
}
