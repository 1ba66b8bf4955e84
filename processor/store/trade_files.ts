import { join } from "node:path";
import { TRADES_FOLDERS } from "../../bus/trades_folders.ts";
import { INTERVALS, openTimeOf } from "../../market/interval.ts";
import type { MarketKind } from "../../market/types.ts";

const DAY_MS = INTERVALS["1d"];

/** The Parquet files of trades in a data folder, by their day, as the collector writes them. */
export class TradeFiles {
  readonly #folder: string;

  constructor(dataFolder: string, market: MarketKind) {
    this.#folder = join(dataFolder, TRADES_FOLDERS[market]);
  }

  /**
   * Files that may hold trades of [from, to) and the ids beside them, as patterns that DuckDB takes
   * for these files alone. One may be gone by the time that it is read: then others hold its trades.
   */
  async between(symbol: string, from: number, to: number): Promise<string[]> {
    const [first, last] = [openTimeOf(from, DAY_MS) - DAY_MS, to + DAY_MS];
    const files: string[] = [];
    for (const { time, path } of await this.#days(symbol)) {
      if (time < first || time >= last) continue;
      for (const name of await namesIn(path)) {
        if (name.endsWith(".parquet")) files.push(literalPattern(join(path, name)));
      }
    }
    return files;
  }

  /** Starts of the days that have a folder, ascending. */
  async days(symbol: string): Promise<number[]> {
    return (await this.#days(symbol)).map(({ time }) => time);
  }

  /** Starts of the days that any symbol has a folder of. */
  async allDays(): Promise<number[]> {
    const days = [];
    for (const symbol of await namesIn(this.#folder)) days.push(...await this.days(symbol));
    return days;
  }

  async #days(symbol: string): Promise<{ time: number; path: string }[]> {
    const folder = join(this.#folder, symbol);
    const days = (await namesIn(folder)).map((name) => ({
      time: /^\d{4}-\d\d-\d\d$/.test(name) ? Date.parse(`${name}T00:00:00Z`) : NaN,
      path: join(folder, name),
    }));
    return days.filter(({ time }) => !Number.isNaN(time));
  }
}

/** Names in a folder, ascending; none where there is no folder. */
async function namesIn(folder: string): Promise<string[]> {
  const names: string[] = [];
  try {
    for await (const { name } of Deno.readDir(folder)) names.push(name);
  } catch (error) {
    const { NotFound, NotADirectory } = Deno.errors;
    if (!(error instanceof NotFound || error instanceof NotADirectory)) throw error;
  }
  return names.sort();
}

/** DuckDB takes every path for a pattern. */
function literalPattern(path: string): string {
  return path.replace(/[*?[]/g, "[$&]");
}
