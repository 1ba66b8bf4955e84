/// <reference lib="deno.worker" />
import type { EventBatch, ProcessorToCollector } from "../bus/messages.ts";
import { portLink } from "../bus/port_link.ts";
import { Collector, type CollectorOptions } from "./collector.ts";
import { Outbox } from "./outbox.ts";

/** First message from the main thread. */
export interface CollectorStart
  extends Pick<CollectorOptions, "symbols" | "wsUrl" | "restUrl" | "exchangeName" | "backfillMs"> {
  readonly processorPort: MessagePort;
}

self.onmessage = ({ data }: MessageEvent<CollectorStart>) => {
  const { processorPort, ...options } = data;
  const processor = portLink<ProcessorToCollector, EventBatch>(processorPort);
  const stop = new AbortController();
  const outbox = new Outbox((batch) => processor.send(batch), (symbols) => {
    for (const symbol of symbols) collector.resync(symbol, "the processor fell too far behind");
  });
  const collector = new Collector({
    ...options,
    emit: (event) => outbox.push(event),
    signal: stop.signal,
  });
  processor.onMessage((message) => {
    switch (message.type) {
      case "ack":
        return outbox.acknowledge(message.seq);
      case "resync":
        return collector.resync(message.symbol, message.reason);
      default:
        message satisfies never;
    }
  });
  self.onmessage = ({ data }: MessageEvent<{ type: "stop" }>) => {
    if (data.type !== "stop") return;
    stop.abort(new Error("stopped"));
    outbox.close();
    processor.close();
    self.close();
  };
  void collector.run();
};
