import type { Link } from "../../bus/link.ts";
import type {
  EventBatch,
  MarketEvent,
  ProcessorToCollector,
  ProcessorToWeb,
  WebToProcessor,
} from "../../bus/messages.ts";
import { QueryError } from "../../bus/query_error.ts";
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
    /** Opens the history; resolves once it can be read. */
    async record(folder: string, market: "spot" | "usdm" = "spot"): Promise<void> {
      tell({ type: "record", folder, market });
      // A question about walls needs the disk and nothing else of it.
      const walls = { type: "walls", symbol: symbols[0], from: 0, to: 1 };
      for (let tries = 0; tries < 1000; tries++) {
        try {
          return void await ask(walls);
        } catch (error) {
          if (!(error instanceof QueryError && error.code === "unavailable")) throw error;
          await new Promise((resolve) => setTimeout(resolve, 5));
        }
      }
      throw new Error(`The history in ${folder} did not open`);
    },
    /** Writes everything and closes the history. */
    finish: () => ask({ type: "finish" }),
  };
}
