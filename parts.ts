import { join } from "node:path";
import type { FeedNoticeEvent, FeedState, ProcessorToWeb, WebToProcessor } from "./bus/messages.ts";
import { portLink } from "./bus/port_link.ts";
import type { RetentionSettings } from "./bus/retention.ts";
import { TRADES_FOLDERS } from "./bus/trades_folders.ts";
import type { ArchiveStart } from "./collector/archive/messages.ts";
import type { CollectorStart, FromCollector } from "./collector/worker.ts";
import type { ProcessorStart } from "./processor/worker.ts";
import { type ProcessorClient, processorClient } from "./web/processor_client.ts";

/** The collector and processor workers of one process, joined by ports. */
export interface Parts {
  readonly processor: ProcessorClient;
  /** Starts recording from an exchange, real or simulated, into a data folder. */
  startCollector(
    exchange: ExchangeStart,
    folder: string,
    retention: RetentionSettings,
    feed: FeedState,
  ): void;
  /** Ends all parts; what was recorded is on the disk before. */
  stop(): Promise<void>;
}

/** What the collector is told, but for the ports to its neighbours. */
export type ExchangeStart = Omit<CollectorStart, "processorPort" | "archivePort">;

/** What is not on the disk by then after a stop is fetched again at the next start. */
const FLUSH_LIMIT_MS = 1000;

export interface PartHandlers {
  /** A worker ended by an error; nothing else notices it. */
  failed(part: string, message: string): void;
  /** Something about the feed that belongs in the log. */
  notice(notice: FeedNoticeEvent): void;
}

/** Starts the processor; the collector follows when it is known what feeds it. */
export function startParts(
  { symbols, options }: Pick<ProcessorStart, "symbols" | "options">,
  handlers: PartHandlers,
): Parts {
  const batches = new MessageChannel();
  const frames = new MessageChannel();
  const workers: Worker[] = [];
  let stopping: Promise<void> | null = null;
  let closeFiles: () => Promise<void> = () => Promise.resolve();
  const spawn = (part: string, url: URL): Worker => {
    const worker = new Worker(url, { type: "module", name: part });
    worker.onerror = (event) => {
      event.preventDefault();
      handlers.failed(part, event.message);
    };
    workers.push(worker);
    return worker;
  };

  const start: ProcessorStart = {
    symbols,
    options,
    collectorPort: batches.port2,
    webPort: frames.port2,
  };
  spawn("processor", new URL("./processor/worker.ts", import.meta.url))
    .postMessage(start, [batches.port2, frames.port2]);
  const link = portLink<ProcessorToWeb, WebToProcessor>(frames.port1);
  const processor = processorClient(link);

  return {
    processor,
    startCollector(exchange, folder, retention, feed) {
      processor.setFeed(feed);
      processor.record(folder, exchange.market, retention);
      const trades = new MessageChannel();
      const archiveWorker = spawn(
        "archive",
        new URL("./collector/archive/worker.ts", import.meta.url),
      );
      const archiveStart: ArchiveStart = {
        folder: join(folder, TRADES_FOLDERS[exchange.market]),
        collectorPort: trades.port2,
      };
      archiveWorker.postMessage(archiveStart, [trades.port2]);
      const collector = spawn("collector", new URL("./collector/worker.ts", import.meta.url));
      const stopped = Promise.withResolvers<void>();
      collector.onmessage = ({ data }: MessageEvent<FromCollector>) => {
        if (data.type === "stopped") stopped.resolve();
        else handlers.notice(data);
      };
      const start: CollectorStart = {
        ...exchange,
        processorPort: batches.port1,
        archivePort: trades.port1,
      };
      collector.postMessage(start, [batches.port1, trades.port1]);
      closeFiles = async () => {
        collector.postMessage({ type: "stop" });
        await stopped.promise;
        await Promise.all([
          portLink<never, never>(archiveWorker).request({ type: "close" }),
          processor.finish(),
        ]);
      };
    },
    stop() {
      stopping ??= stop();
      return stopping;
    },
  };

  async function stop(): Promise<void> {
    const limit = Promise.withResolvers<void>();
    const timer = setTimeout(limit.resolve, FLUSH_LIMIT_MS);
    await Promise.race([closeFiles().catch(() => {}), limit.promise]);
    clearTimeout(timer);
    link.close();
    for (const worker of workers) worker.terminate();
  }
}
