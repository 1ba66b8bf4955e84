import type { Link } from "../../bus/link.ts";
import type { Trade } from "../../market/types.ts";
import type { ArchiveQuestion, FromArchive, ToArchive } from "./messages.ts";
import { Recorder, type RecorderOptions } from "./recorder.ts";

export interface ServeArchiveOptions extends Pick<RecorderOptions, "fs" | "folder" | "now"> {
  readonly collector: Link<ToArchive, FromArchive>;
}

/** What was given is on the disk at the latest so much later. */
const FLUSH_MS = 500;

/** Records what a collector sends and answers its questions. */
export function serveArchive({ collector, ...options }: ServeArchiveOptions) {
  const recorder = new Recorder({
    ...options,
    onLost: (symbol, ranges) => collector.send({ type: "lost", symbol, ranges }),
    onMessage: (message) => collector.send({ type: "message", message }),
  });
  const readings = new Map<number, AsyncGenerator<Trade[]>>();
  let lastReading = 0;
  let isBusy = false;
  const timer = setInterval(async () => {
    if (isBusy) return;
    isBusy = true;
    await recorder.flush();
    isBusy = false;
    collector.send({ type: "state", recording: recorder.state });
  }, FLUSH_MS);

  collector.onMessage((message) => {
    switch (message.type) {
      case "trades":
        recorder.take(message.symbol, message.trades);
        return collector.send({ type: "taken", seq: message.seq });
      case "gap":
        return recorder.note(message.symbol, message.note);
      case "drop":
        return void recorder.drop(message.before);
      default:
        message satisfies never;
    }
  });

  async function answer(question: ArchiveQuestion): Promise<unknown> {
    switch (question.type) {
      case "open":
        await recorder.open(question.series);
        return recorder.newest(question.series.symbol);
      case "read":
        readings.set(++lastReading, recorder.read(question.symbol, question.fromTime));
        return lastReading;
      case "next": {
        const step = await readings.get(question.reading)?.next();
        if (step !== undefined && !step.done) return step.value;
        readings.delete(question.reading);
        return null;
      }
      case "close":
        clearInterval(timer);
        await recorder.close();
        return null;
      default:
        return question satisfies never;
    }
  }

  collector.onRequest((question) => answer(question as ArchiveQuestion));
  return { answer };
}
