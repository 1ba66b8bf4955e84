import type { FeedState, ProcessorToWeb, WebToProcessor } from "./bus/messages.ts";
import { portLink } from "./bus/port_link.ts";
import type { CollectorStart } from "./collector/worker.ts";
import type { ProcessorStart } from "./processor/worker.ts";
import { type ProcessorClient, processorClient } from "./web/processor_client.ts";

/** The collector and processor workers of one process, joined by ports. */
export interface Parts {
  readonly processor: ProcessorClient;
  /** Starts recording from an exchange, real or simulated. */
  startCollector(exchange: Omit<CollectorStart, "processorPort">, feed: FeedState): void;
  stop(): void;
}

/** A worker that ended by an error; nothing else notices it. */
export type PartFailed = (part: string, message: string) => void;

/** Starts the processor; the collector follows when it is known what feeds it. */
export function startParts(symbols: readonly string[], onFailed: PartFailed): Parts {
  const batches = new MessageChannel();
  const frames = new MessageChannel();
  const workers: Worker[] = [];
  const spawn = (part: string, url: URL): Worker => {
    const worker = new Worker(url, { type: "module", name: part });
    worker.onerror = (event) => {
      event.preventDefault();
      onFailed(part, event.message);
    };
    workers.push(worker);
    return worker;
  };

  const start: ProcessorStart = {
    symbols,
    collectorPort: batches.port2,
    webPort: frames.port2,
  };
  spawn("processor", new URL("./processor/worker.ts", import.meta.url))
    .postMessage(start, [batches.port2, frames.port2]);
  const link = portLink<ProcessorToWeb, WebToProcessor>(frames.port1);
  const processor = processorClient(link);

  return {
    processor,
    startCollector(exchange, feed) {
      processor.setFeed(feed);
      const message: CollectorStart = { ...exchange, processorPort: batches.port1 };
      spawn("collector", new URL("./collector/worker.ts", import.meta.url))
        .postMessage(message, [batches.port1]);
    },
    stop() {
      link.close();
      for (const worker of workers) worker.terminate();
    },
  };
}
