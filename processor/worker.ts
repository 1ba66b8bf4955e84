/// <reference lib="deno.worker" />
import type {
  EventBatch,
  ProcessorToCollector,
  ProcessorToWeb,
  WebToProcessor,
} from "../bus/messages.ts";
import { portLink } from "../bus/port_link.ts";
import { Processor, type ProcessorOptions } from "./processor.ts";
import { openHistory } from "./store/open_history.ts";

/** At most ten frames a second per topic. */
const FRAME_MS = 100;

/** First and only message from the main thread. */
export interface ProcessorStart {
  readonly symbols: readonly string[];
  readonly options: ProcessorOptions;
  readonly collectorPort: MessagePort;
  readonly webPort: MessagePort;
}

self.onmessage = ({ data }: MessageEvent<ProcessorStart>) => {
  const collector = portLink<EventBatch, ProcessorToCollector>(data.collectorPort);
  const web = portLink<WebToProcessor, ProcessorToWeb>(data.webPort);
  const processor = new Processor(data.symbols, collector, openHistory, data.options);
  processor.serve(web);
  setInterval(() => {
    for (const frame of processor.takeFrames()) web.send(frame);
  }, FRAME_MS);
};
