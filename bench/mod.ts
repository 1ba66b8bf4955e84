/** `deno task bench`: measures against the budgets. Ratios within one run, because machines differ. */
import { readCaptures } from "./captures.ts";
import { printTable } from "./measure.ts";
import { benchPipeline } from "./pipeline.ts";
import { benchQueries } from "./queries.ts";

const lines = await readCaptures();
if (lines !== null) {
  printTable([...await benchPipeline(lines), ...await benchQueries(lines)]);
}
