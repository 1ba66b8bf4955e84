/**
 * `deno task bench:history [--days 30] [--quick]`: records a generated month of one busy symbol
 * (see generated_market.ts), then measures questions about it and what it takes on the disk.
 */
import { parseArgs } from "node:util";
import { readCaptures } from "./captures.ts";
import { type CapturedMarket, captureMarket } from "./captured_market.ts";
import { questionsOf, type RecordedRange, timeQuestion } from "./history_queries.ts";
import { benchRetention } from "./history_retention.ts";
import { measureSizes } from "./history_sizes.ts";
import { type Measurement, printTable } from "./measure.ts";
import { DAY_MS, type HistoryPlan, recordHistory, seconds } from "./recorded_history.ts";

/** What the processor keeps of the 1 s level by default. */
const DAYS_OF_SECONDS = 7;
const FROM = Date.UTC(2026, 0, 1);
const THIS_FILE = new URL(import.meta.url);

/** The process that is being measured. */
let asking: Deno.ChildProcess | null = null;

const { values } = parseArgs({
  args: Deno.args,
  options: {
    days: { type: "string", default: "30" },
    quick: { type: "boolean", default: false },
    /** In a process of its own: the number of a question, about what is in `folder`. */
    question: { type: "string" },
    folder: { type: "string" },
    ticks: { type: "string" },
  },
});
const days = values.quick ? 1 : Number(values.days);
if (!Number.isInteger(days) || days < 1 || days > 365) {
  throw new RangeError(`--days must be a whole number from 1 to 365, received ${values.days}`);
}
if (values.question !== undefined && values.folder !== undefined) {
  const question = questionsOf(rangeOf(Number(values.ticks)))[Number(values.question)];
  const times = await timeQuestion(question, values.folder);
  console.log(JSON.stringify({ ...times, peakBytes: await peakBytes() }));
} else {
  const lines = await readCaptures();
  if (lines !== null) await inTemporaryFolder((folder) => bench(captureMarket(lines), folder));
}

async function bench(captured: CapturedMarket, folder: string): Promise<void> {
  const daysOfSeconds = Math.min(days, DAYS_OF_SECONDS);
  const plan: HistoryPlan = {
    ...{ folder, seed: 1, from: FROM, days, daysOfSeconds, tradesPerDay: 300_000 },
  };
  console.log(
    `${days} days of one busy symbol, generated from real seconds; of the 1 s level the newest ` +
      `${daysOfSeconds} days, of all else ${days}. Cold: the database closed and opened again, ` +
      "its files dropped from the page cache.",
  );
  const times = await recordHistory(captured, plan);
  const { measurements, cells } = await measureSizes(plan, times);
  const perSecond = Math.round(cells / times.writingMs);
  const range = rangeOf(times.noonTicks);
  const retention = { to: range.to, keptFrom: range.to - (daysOfSeconds - 1) * DAY_MS };
  printTable([
    ...await askAll(folder, range),
    // A single day of seconds would be the one that is written.
    ...daysOfSeconds > 1 ? await benchRetention(captured, folder, retention) : [],
    {
      what: "recording the 1 s level, and the 1 m level from it",
      result: `${perSecond},000 cells/s`,
      budget: "",
    },
    {
      what: `rollups rebuilt from ${times.trades} trades`,
      result: `${seconds(times.rollupMs)} s`,
      budget: "",
    },
    ...measurements,
  ]);
}

/** Each question in a new process, as after a start. */
async function askAll(folder: string, range: RecordedRange): Promise<Measurement[]> {
  const measurements: Measurement[] = [];
  let peak = { bytes: 0, what: "" };
  for (const [i, { what, budgetMs }] of questionsOf(range).entries()) {
    asking = new Deno.Command(Deno.execPath(), {
      args: [
        ...["run", "-A", THIS_FILE.href, "--days", String(days)],
        ...["--folder", folder, "--question", String(i), "--ticks", String(range.midTicks)],
      ],
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    const { stdout, success } = await asking.output();
    asking = null;
    if (!success) throw new Error(`Could not ask for ${what}`);
    const answer = JSON.parse(new TextDecoder().decode(stdout));
    const { coldMs, warmMs, jsonBytes, peakBytes } = answer;
    if (peakBytes > peak.bytes) peak = { bytes: peakBytes, what };
    measurements.push({
      what,
      result: `${median(coldMs)} ms cold, ${coldMs[0].toFixed(0)} in a new process, ` +
        `${median(warmMs)} again; ${(jsonBytes / 1e6).toFixed(1)} MB of JSON`,
      budget: budgetMs === null ? "" : `${budgetMs} ms`,
    });
  }
  const result = `${Math.round(peak.bytes / 2 ** 20)} MiB, by the ${peak.what}`;
  return [...measurements, { what: "peak RSS of these processes", result, budget: "" }];
}

function rangeOf(midTicks: number): RecordedRange {
  return { from: FROM, to: FROM + days * DAY_MS, midTicks };
}

function median(values: readonly number[]): string {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)].toFixed(0);
}

/** The largest resident memory this process has had, as Linux tells it; 0 elsewhere. */
async function peakBytes(): Promise<number> {
  const status = await Deno.readTextFile("/proc/self/status").catch(() => "");
  return 1024 * Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0);
}

/** Runs something with a folder that is gone at the end, also when it is interrupted. */
async function inTemporaryFolder(run: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "footprint_bench_" });
  const interrupt = async () => {
    // A file may still be made while they are removed.
    try {
      asking?.kill("SIGKILL");
      await asking?.status;
      await removeFolder(folder).catch(() => removeFolder(folder));
    } finally {
      Deno.exit(130);
    }
  };
  const signals = Deno.build.os === "windows"
    ? ["SIGINT"] as const
    : ["SIGINT", "SIGTERM"] as const;
  for (const signal of signals) Deno.addSignalListener(signal, interrupt);
  try {
    await run(folder);
  } finally {
    await removeFolder(folder);
  }
}

async function removeFolder(folder: string): Promise<void> {
  await Deno.remove(folder, { recursive: true }).catch((error) => {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  });
}
