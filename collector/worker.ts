/// <reference lib="deno.worker" />
import type { EventBatch, FeedNoticeEvent, ProcessorToCollector } from "../bus/messages.ts";
import { portLink } from "../bus/port_link.ts";
import type { MarketKind } from "../market/types.ts";
import type { FromArchive, ToArchive } from "./archive/messages.ts";
import { ArchiveClient } from "./archive_client.ts";
import { spotAdapter } from "./binance_spot.ts";
import { usdmAdapter } from "./binance_usdm.ts";
import { Collector, type CollectorOptions } from "./collector.ts";
import type { ExchangeUrls } from "./exchange_adapter.ts";
import { Outbox } from "./outbox.ts";
import { openRawRecorder } from "./raw_recorder.ts";

/** What the main thread is told. */
export type FromCollector = FeedNoticeEvent | { readonly type: "stopped" };

/** First message from the main thread. */
export interface CollectorStart
  extends Pick<CollectorOptions, "symbols" | "exchangeName" | "backfillMs">, ExchangeUrls {
  readonly market: MarketKind;
  readonly processorPort: MessagePort;
  readonly archivePort: MessagePort;
  /** Where every frame is recorded as it was received, or null. */
  readonly rawFolder: string | null;
}

const ADAPTERS = { spot: spotAdapter, usdm: usdmAdapter } satisfies Record<MarketKind, unknown>;

const tell = (message: FromCollector) => self.postMessage(message);

self.onmessage = ({ data }: MessageEvent<CollectorStart>) => {
  const { processorPort, archivePort, rawFolder, market, wsUrl, restUrl, ...options } = data;
  const processor = portLink<ProcessorToCollector, EventBatch>(processorPort);
  const stop = new AbortController();
  const outbox = new Outbox((batch) => processor.send(batch), (symbols, trades) => {
    for (const symbol of symbols) collector.resync(symbol, "the processor fell too far behind");
    for (const { symbol, fromId, toId } of trades) collector.refetch(symbol, fromId, toId);
  });
  const archive = new ArchiveClient(portLink<FromArchive, ToArchive>(archivePort), {
    onLost: (symbol, lost) => {
      for (const { from, to } of lost) collector.refetch(symbol, from, to);
    },
    onMessage: (message) => collector.tell("warning", message),
  });
  const exchange = ADAPTERS[market]({ wsUrl, restUrl });
  const raw = rawFolder === null ? null : openRawRecorder({
    folder: rawFolder,
    market,
    symbols: options.symbols,
    onProblem: (message) => collector.tell("warning", message),
    onRecovered: (message) => collector.tell("info", message),
    onSnapshotsNeeded: () => collector.refreshBooks("a raw recording needs a snapshot"),
  });
  if (raw !== null) exchange.rest.onDepthBody = (symbol, text) => raw.takeSnapshot(symbol, text);
  const collector = new Collector({
    ...options,
    archive,
    onFrame: (text) => raw?.take(text),
    room: () => outbox.room(),
    exchange,
    emit: (event) => {
      outbox.push(event);
      // For the log, which is the main thread's.
      if (event.type === "feedNotice") tell(event);
    },
    signal: stop.signal,
  });
  processor.onMessage((message) => {
    switch (message.type) {
      case "ack":
        return outbox.acknowledge(message.seq);
      case "resync":
        return collector.resync(message.symbol, message.reason);
      case "dropTrades":
        return archive.drop(message.before);
      default:
        message satisfies never;
    }
  });
  self.onmessage = async ({ data }: MessageEvent<{ type: "stop" }>) => {
    if (data.type !== "stop") return;
    stop.abort(new Error("stopped"));
    outbox.close();
    archive.flush();
    processor.close();
    await raw?.close();
    tell({ type: "stopped" });
    self.close();
  };
  void collector.run();
};
