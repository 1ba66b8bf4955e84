/** `deno task bench`: measures against the budgets. Ratios within one run, because machines differ. */
import { type Measurement, printTable } from "./measure.ts";
import { benchPipeline } from "./pipeline.ts";
import { benchQueries } from "./queries.ts";

const CAPTURES = ["spot_btcusdt_20240808.gz", "spot_btcusdt_20240809.gz"].map((name) =>
  new URL(`../../shared/data/captures/${name}`, import.meta.url)
);

const measurements: Measurement[] = [];
try {
  const lines = await readLines(CAPTURES);
  measurements.push(...await benchPipeline(lines), ...await benchQueries(lines));
} catch (error) {
  if (!(error instanceof Deno.errors.NotFound)) throw error;
  console.error("NOTICE: nothing is measured: the captures are missing beside the repository");
}
printTable(measurements);

/** JSON texts of capture files, without the local time in front. */
async function readLines(files: readonly URL[]): Promise<string[]> {
  const lines: string[] = [];
  for (const file of files) {
    const { readable } = await Deno.open(file);
    const text = await new Response(readable.pipeThrough(new DecompressionStream("gzip"))).text();
    for (const line of text.split("\n")) {
      if (line !== "") lines.push(line.slice(line.indexOf(" ") + 1));
    }
  }
  return lines;
}
