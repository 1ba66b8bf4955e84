export interface Measurement {
  readonly what: string;
  readonly result: string;
  readonly budget: string;
}

/** Median time of several runs, in ms; the first run only warms up. */
export async function medianMs(run: () => unknown, times = 7): Promise<number> {
  await run();
  const taken: number[] = [];
  for (let i = 0; i < times; i++) {
    const start = performance.now();
    await run();
    taken.push(performance.now() - start);
  }
  return taken.sort((a, b) => a - b)[Math.floor(times / 2)];
}

export function printTable(measurements: readonly Measurement[]): void {
  const columns = ["what", "result", "budget"] as const;
  const rows = [{ what: "what", result: "result", budget: "budget" }, ...measurements];
  const widths = columns.map((column) => Math.max(...rows.map((row) => row[column].length)));
  for (const row of rows) {
    console.log(columns.map((column, i) => row[column].padEnd(widths[i])).join("  ").trimEnd());
  }
}
