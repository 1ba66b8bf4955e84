import { answerCandles } from "../processor/candles_answer.ts";
import { answerHeatmap } from "../processor/heatmap_answer.ts";
import { type Measurement, medianMs } from "./measure.ts";
import { processInto } from "./pipeline.ts";
import { collectEvents, collectorLines } from "./replayed_market.ts";

/** Questions that the page asks, over the eleven minutes of the captures. */
export async function benchQueries(captureLines: readonly string[]): Promise<Measurement[]> {
  const { state, take } = processInto();
  collectEvents(collectorLines(captureLines), take);
  const range = { from: 0, to: Number.MAX_SAFE_INTEGER };
  const candlesMs = await medianMs(() =>
    answerCandles(state, {
      type: "candles",
      symbol: "BTCUSDT",
      interval: "1m",
      group: "1",
      cvd: "day",
      ...range,
    }, null)
  );
  const heatmapMs = await medianMs(() =>
    answerHeatmap(state, {
      type: "heatmap",
      symbol: "BTCUSDT",
      from: state.liquidity.firstTime ?? 0,
      to: range.to,
      stepMs: 1000,
      group: "2",
      low: null,
      high: null,
      measure: "mean",
    }, null)
  );
  return [
    { what: "12 candles of 1m at 1 USD", result: `${candlesMs.toFixed(1)} ms`, budget: "" },
    { what: "heatmap of 11 min at 1 s x 2 USD", result: `${heatmapMs.toFixed(1)} ms`, budget: "" },
  ];
}
