/// <reference lib="deno.worker" />
import type { EventBatch, ProcessorToCollector } from "../bus/messages.ts";
import { portLink } from "../bus/port_link.ts";
import type { MarketKind } from "../market/types.ts";
import { spotAdapter } from "./binance_spot.ts";
import { usdmAdapter } from "./binance_usdm.ts";
import { Collector, type CollectorOptions } from "./collector.ts";
import type { ExchangeUrls } from "./exchange_adapter.ts";
import { Outbox } from "./outbox.ts";

/** First message from the main thread. */
export interface CollectorStart
  extends Pick<CollectorOptions, "symbols" | "exchangeName" | "backfillMs">, ExchangeUrls {
  readonly market: MarketKind;
  readonly processorPort: MessagePort;
}

const ADAPTERS = { spot: spotAdapter, usdm: usdmAdapter } satisfies Record<MarketKind, unknown>;

self.onmessage = ({ data }: MessageEvent<CollectorStart>) => {
  const { processorPort, market, wsUrl, restUrl, ...options } = data;
  const processor = portLink<ProcessorToCollector, EventBatch>(processorPort);
  const stop = new AbortController();
  const outbox = new Outbox((batch) => processor.send(batch), (symbols, trades) => {
    for (const symbol of symbols) collector.resync(symbol, "the processor fell too far behind");
    for (const { symbol, fromId, toId } of trades) collector.refetch(symbol, fromId, toId);
  });
  const collector = new Collector({
    ...options,
    exchange: ADAPTERS[market]({ wsUrl, restUrl }),
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
