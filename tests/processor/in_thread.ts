import type { Link } from "../../bus/link.ts";
import type {
  EventBatch,
  MarketEvent,
  ProcessorToCollector,
  ProcessorToWeb,
  WebToProcessor,
} from "../../bus/messages.ts";
import { KEEP_EVERYTHING } from "../../bus/retention.ts";
import { Processor } from "../../processor/processor.ts";
import { openHistory } from "../../processor/store/open_history.ts";

/** A processor in this thread, with its history in a folder where one is given. */
export function processorHere(symbols: readonly string[]) {
  let take = (_batch: EventBatch) => {};
  let tell = (_message: WebToProcessor) => {};
  let answer = (_question: unknown): unknown => null;
  const none = { request: () => Promise.resolve(null), close: () => {}, send: () => {} };
  const collector: Link<EventBatch, ProcessorToCollector> = {
    ...none,
    onMessage: (handler) => void (take = handler),
    onRequest: () => {},
  };
  const web: Link<WebToProcessor, ProcessorToWeb> = {
    ...none,
    onMessage: (handler) => void (tell = handler),
    onRequest: (handler) => void (answer = handler),
  };
  const processor = new Processor(symbols, collector, openHistory);
  processor.serve(web);
  let seq = 0;
  const ask = <Answer>(question: unknown) => Promise.resolve(answer(question)) as Promise<Answer>;
  return {
    processor,
    ask,
    feed: (...events: MarketEvent[]) => take({ type: "events", seq: ++seq, events }),
    /** Opens the history; questions wait until it can be read. */
    record: (folder: string, market: "spot" | "usdm" = "spot") =>
      tell({ type: "record", folder, market, retention: KEEP_EVERYTHING }),
    /** Writes everything and closes the history. */
    finish: () => ask({ type: "finish" }),
  };
}
