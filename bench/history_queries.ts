import { join } from "node:path";
import type { CandlesQuery, HeatmapQuery, ProfileQuery } from "../bus/queries.ts";
import type { Interval } from "../market/interval.ts";
import { fromUnits } from "../market/scale.ts";
import { answerCandles } from "../processor/candles_answer.ts";
import { answerHeatmap } from "../processor/heatmap_answer.ts";
import type { HistoryReader } from "../processor/history_storage.ts";
import { answerProfile } from "../processor/profile_answer.ts";
import { openHistory } from "../processor/store/open_history.ts";
import { SymbolState } from "../processor/symbol_state.ts";
import { SymbolTopics } from "../processor/symbol_topics.ts";
import { DAY_MS } from "./recorded_history.ts";
import { BTCUSDT } from "./replayed_market.ts";

export interface RecordedRange {
  readonly from: number;
  readonly to: number;
  /** In the middle of the rows that are asked for. */
  readonly midTicks: number;
}

type Ask = (state: SymbolState, history: HistoryReader) => Promise<unknown>;

export interface Question {
  readonly what: string;
  readonly budgetMs: number | null;
  readonly ask: Ask;
}

const TIMES = 5;
const ROWS = 400;
const MINUTE_MS = 60_000;

/** How long one question took, and how large its answer was. */
export interface AnswerTimes {
  /** Each with the database opened again, and read from the disk. */
  readonly coldMs: readonly number[];
  /** The same question again. */
  readonly warmMs: readonly number[];
  readonly jsonBytes: number;
}

/** Asks a question as the HTTP server does, but for the JSON. */
export async function timeQuestion({ ask }: Question, folder: string): Promise<AnswerTimes> {
  const coldMs: number[] = [];
  const warmMs: number[] = [];
  let jsonBytes = 0;
  for (let i = 0; i < TIMES; i++) {
    await dropPageCache(folder);
    const history = await openReader(folder);
    try {
      const state = new SymbolState(BTCUSDT.symbol, new SymbolTopics());
      state.setInstrument(BTCUSDT);
      for (const taken of [coldMs, warmMs]) {
        const start = performance.now();
        const answer = await ask(state, { recorded: () => Promise.resolve(history.recorded) });
        taken.push(performance.now() - start);
        if (jsonBytes === 0) jsonBytes = JSON.stringify(answer).length;
      }
    } finally {
      await history.close();
    }
  }
  return { coldMs, warmMs, jsonBytes };
}

function openReader(folder: string) {
  return openHistory({
    folder,
    market: "spot",
    dropTrades: () => {},
    onMessage: console.error,
    onLost: () => console.error("A generated quantity is too large"),
  });
}

/** What the page asks of the recorded history. */
export function questionsOf({ from, to, midTicks }: RecordedRange): Question[] {
  const days = Math.round((to - from) / DAY_MS);
  const candles = (interval: Interval, since: number, group: string): Ask => (state, history) =>
    answerCandles(state, candlesQuery(interval, Math.max(from, since), to, group), history);
  const heatmap = (since: number, until: number, stepMs: number, usd: number): Ask => {
    const half = usd * ROWS / 2;
    const mid = Math.round(fromUnits(BTCUSDT.priceScale, midTicks) / usd) * usd;
    const low = String(mid - half);
    const high = String(mid + half - usd);
    const query = { from: since, to: until, stepMs, group: String(usd), low, high };
    return (state, history) => answerHeatmap(state, { ...HEATMAP, ...query }, history);
  };
  const day = to - DAY_MS;
  // Not at the end of the tables, where everything is found first.
  const noon = to - DAY_MS / 2;
  const profile: Ask = (state, history) => answerProfile(state, profileQuery(from, to), history);
  return [
    question("24 h of 1m candles at 1 USD", 150, candles("1m", day, "1")),
    question("24 h of 1m candles at 10 USD", 150, candles("1m", day, "10")),
    question("24 h of 1m candles at 0.01 USD, from Parquet", null, candles("1m", day, "0.01")),
    question(`${days} d of 1h candles at 1 USD`, null, candles("1h", from, "1")),
    question(`${days} d of 1d candles at 1 USD`, null, candles("1d", from, "1")),
    question(`profile of ${days} d at 1 USD`, null, profile),
    question("heatmap of 24 h, 1440 x 400 of 10 USD", 150, heatmap(day, to, MINUTE_MS, 10)),
    question("heatmap of 24 h, 1440 x 400 of 5 USD", null, heatmap(day, to, MINUTE_MS, 5)),
    question(
      "heatmap of 25 min, 1500 x 400 of 1 USD",
      null,
      heatmap(noon, noon + 25 * MINUTE_MS, 1000, 1),
    ),
  ];
}

function question(what: string, budgetMs: number | null, ask: Ask): Question {
  return { what, budgetMs, ask };
}

const HEATMAP = {
  type: "heatmap",
  symbol: BTCUSDT.symbol,
  measure: "mean",
} as const satisfies Partial<HeatmapQuery>;

function candlesQuery(interval: Interval, from: number, to: number, group: string): CandlesQuery {
  return { type: "candles", symbol: BTCUSDT.symbol, interval, from, to, group, cvd: "day" };
}

function profileQuery(from: number, to: number): ProfileQuery {
  return { type: "profile", symbol: BTCUSDT.symbol, from, to, group: "1", by: "range" };
}

/**
 * Has the operating system forget what it holds of a folder's files.
 *
 * @returns whether it knows how
 */
export async function dropPageCache(folder: string): Promise<boolean> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = join(folder, name);
    // GNU dd: with nothing to read, `nocache` drops what is cached of the whole file.
    const isDropped = isDirectory ? await dropPageCache(path) : await run("dd", [
      ...[`if=${path}`, "iflag=nocache", "count=0", "status=none"],
    ]);
    if (!isDropped) return false;
  }
  return true;
}

async function run(command: string, args: string[]): Promise<boolean> {
  try {
    const { success } = await new Deno.Command(command, { args, stderr: "null" }).output();
    return success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
