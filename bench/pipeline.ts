import type { MarketEvent } from "../bus/messages.ts";
import { SymbolState } from "../processor/symbol_state.ts";
import { SymbolTopics } from "../processor/symbol_topics.ts";
import { type Measurement, medianMs } from "./measure.ts";
import { collectEvents, collectorLines } from "./replayed_market.ts";

/** Events into a symbol's book, candles, liquidity and frames. */
export function processInto(): { state: SymbolState; take: (event: MarketEvent) => void } {
  const topics = new SymbolTopics();
  const state = new SymbolState("BTCUSDT", topics);
  const take = (event: MarketEvent) => {
    switch (event.type) {
      case "instrument":
        return state.setInstrument(event.instrument);
      case "trade":
        return state.addTrade(event.trade);
      case "depthSnapshot":
        return state.applySnapshot(event);
      case "depthDiff":
        state.applyDiff(event);
        // Depth diffs come ten times a second, and so do frames.
        topics.takeFrames(state, { feed: FEED, notices: [] }, (kind) => !/candles_/.test(kind));
    }
  };
  return { state, take };
}

const FEED = { kind: "capture", message: "", simulated: true } as const;

/** The whole line but sockets and threads, against JSON.parse alone over the same lines. */
export async function benchPipeline(captureLines: readonly string[]): Promise<Measurement[]> {
  const lines = collectorLines(captureLines);
  const parseMs = await medianMs(() => {
    for (const line of lines) JSON.parse(line);
  });
  const collectMs = await medianMs(() => collectEvents(lines, () => {}));
  const wholeMs = await medianMs(() => {
    const { take } = processInto();
    collectEvents(lines, take);
  });
  const ratio = (ms: number) => `${(ms / parseMs).toFixed(2)} x JSON.parse (${ms.toFixed(0)} ms)`;
  return [
    {
      what: `JSON.parse of ${lines.length} frames`,
      result: `${parseMs.toFixed(0)} ms`,
      budget: "",
    },
    { what: "collector: parse, map, synchronise", result: ratio(collectMs), budget: "" },
    {
      what: "whole line: and book, footprint, liquidity, frames",
      result: ratio(wholeMs),
      budget: "at most 2 x JSON.parse",
    },
  ];
}
