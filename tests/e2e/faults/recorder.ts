import type {
  EventBatch,
  MarketEvent,
  ProcessorToCollector,
  ProcessorToWeb,
  WebToProcessor,
} from "../../../bus/messages.ts";
import { portLink } from "../../../bus/port_link.ts";
import type { BookAnswer, CandleAnswer, GapAnswer, HeatmapAnswer } from "../../../bus/queries.ts";
import { spotAdapter } from "../../../collector/binance_spot.ts";
import { Collector, type CollectorOptions } from "../../../collector/collector.ts";
import type { ExchangeUrls } from "../../../collector/exchange_adapter.ts";
import { Outbox } from "../../../collector/outbox.ts";
import { Processor } from "../../../processor/processor.ts";

/** What has not come by then will not come: the test fails instead of hanging. */
const WAIT_LIMIT_MS = 15_000;
const SYMBOL = "BTCUSDT";

export type RecorderOptions = Partial<
  Pick<CollectorOptions, "backfillMs" | "now" | "streamLimits">
>;

export type Recorder = ReturnType<typeof startRecorder>;

/** The real collector and processor, joined by their real link, in the process of the test. */
export function startRecorder(urls: ExchangeUrls, options: RecorderOptions = {}) {
  const stop = new AbortController();
  const between = new MessageChannel();
  const outside = new MessageChannel();
  const toProcessor = portLink<ProcessorToCollector, EventBatch>(between.port1);
  const toCollector = portLink<EventBatch, ProcessorToCollector>(between.port2);
  const asking = portLink<ProcessorToWeb, WebToProcessor>(outside.port1);
  const answering = portLink<WebToProcessor, ProcessorToWeb>(outside.port2);
  const processor = new Processor([SYMBOL], toCollector);
  processor.serve(answering);

  const events: MarketEvent[] = [];
  let emitted = Promise.withResolvers<void>();
  let processed = Promise.withResolvers<void>();
  // Batches leave at once: the usual 50 ms would only make the tests slower.
  const outbox = new Outbox(
    (batch) => toProcessor.send(batch),
    (symbols) => {
      throw new Error(`a test must not overrun the outbox: ${[...symbols]}`);
    },
    { setTimer: (run) => setTimeout(run, 0) },
  );
  const collector = new Collector({
    symbols: [SYMBOL],
    exchange: spotAdapter(urls),
    backfillMs: 0,
    ...options,
    signal: stop.signal,
    emit(event) {
      events.push(event);
      outbox.push(event);
      emitted.resolve();
      emitted = Promise.withResolvers();
    },
  });
  toProcessor.onMessage((message) => {
    if (message.type === "resync") return collector.resync(message.symbol, message.reason);
    if (message.type !== "ack") return;
    outbox.acknowledge(message.seq);
    processed.resolve();
    processed = Promise.withResolvers();
  });
  const running = collector.run();

  const ask = async <T>(question: unknown) => await asking.request(question) as T;
  const ever = { symbol: SYMBOL, from: 0, to: 2 ** 52 };

  const recorder = {
    /** Everything that the collector has told. */
    events: events as readonly MarketEvent[],
    book: () => ask<BookAnswer>({ type: "book", symbol: SYMBOL, levels: 5000, group: null }),
    async candles(): Promise<readonly CandleAnswer[]> {
      const query = { type: "candles", ...ever, interval: "1m", group: null };
      return (await ask<{ candles: CandleAnswer[] }>(query)).candles;
    },
    async gaps(): Promise<readonly GapAnswer[]> {
      return (await ask<{ gaps: GapAnswer[] }>({ type: "gaps", ...ever })).gaps;
    },
    heatmap: (from: number, to: number) =>
      ask<HeatmapAnswer>({
        ...{ type: "heatmap", symbol: SYMBOL, from, to, stepMs: 250, group: null },
        ...{ low: "59890", high: "60110", measure: "close" },
      }),

    /** Asks again after every batch that the processor took, until the answer is as wanted. */
    async until<T>(question: () => Promise<T>, wanted: (answer: T) => boolean): Promise<T> {
      let answer: T | undefined;
      return await within(() => `the last answer was ${JSON.stringify(answer)}`, async () => {
        while (true) {
          const next = processed.promise;
          // Nothing can be asked of a symbol before its instrument has come.
          answer = await question().catch(() => undefined);
          if (answer !== undefined && wanted(answer)) return answer;
          await next;
        }
      });
    },

    /** The first event of the collector from index `since` on that is as wanted. */
    async told(wanted: (event: MarketEvent) => boolean, since = 0): Promise<MarketEvent> {
      return await within(() => `${events.length} events came`, async () => {
        for (let at = since;; at++) {
          while (at >= events.length) await emitted.promise;
          const event = events[at];
          if (wanted(event)) return event;
        }
      });
    },

    async [Symbol.asyncDispose]() {
      stop.abort(new Error("stopped"));
      await running;
      outbox.close();
      for (const link of [toProcessor, toCollector, asking, answering]) link.close();
    },
  };
  return recorder;
}

/** Waits for a promise, but not for ever. */
export function soon<T>(promise: Promise<T>, what: string): Promise<T> {
  return within(() => what, () => promise);
}

async function within<T>(state: () => string, wait: () => Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>();
  const limit = setTimeout(
    () => late.reject(new Error(`Not as wanted within ${WAIT_LIMIT_MS / 1000} s: ${state()}`)),
    WAIT_LIMIT_MS,
  );
  try {
    return await Promise.race([wait(), late.promise]);
  } finally {
    clearTimeout(limit);
  }
}
