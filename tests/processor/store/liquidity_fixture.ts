import { DuckDBInstance } from "@duckdb/node-api";
import { type LiquidityBin, LiquidityBinner } from "../../../market/liquidity.ts";
import { type KnownRange, OrderBook } from "../../../market/order_book.ts";
import type { DepthDiff, DepthSnapshot, FlatLevels } from "../../../market/types.ts";
import type { HeatmapGrid, HeatmapRequest } from "../../../processor/heatmap.ts";
import { LIQUIDITY_SCHEMA } from "../../../processor/store/liquidity_schema.ts";
import type { LiquidityKey } from "../../../processor/store/liquidity_series.ts";
import { LiquidityWriter } from "../../../processor/store/liquidity_writer.ts";

export const LIVE_MS = 250;
/** Samples of the plain recomputation; every time in these tests is a multiple. */
export const SAMPLE_MS = 50;

export const KEY: LiquidityKey = {
  market: "spot",
  symbol: "BTCUSDT",
  priceScale: { decimals: 2, step: 1 },
  qtyScale: { decimals: 8, step: 1 },
  baseTicks: 1,
  stepLots: 3,
};

export const ALL: HeatmapRequest = {
  from: 0,
  to: 0,
  stepMs: 1000,
  groupTicks: 1,
  lowTicks: null,
  highTicks: null,
  measure: "mean",
};

/** A database with the tables, and a second connection to read with. */
export async function openStore(path = ":memory:") {
  const instance = await DuckDBInstance.create(path);
  const connection = await instance.connect();
  await connection.run(LIQUIDITY_SCHEMA);
  const reading = await instance.connect();
  return {
    connection,
    reading,
    close() {
      connection.closeSync();
      reading.closeSync();
      instance.closeSync();
    },
  };
}

export function openWriter(
  connection: Awaited<ReturnType<typeof openStore>>["connection"],
  said: string[] = [],
  maxQueuedCells?: number,
): Promise<LiquidityWriter> {
  return LiquidityWriter.open(connection, {
    binMs: LIVE_MS,
    onLost: (lost) => said.push(`${lost.table} lost ${lost.from} to ${lost.to}`),
    ...(maxQueuedCells === undefined ? {} : { maxQueuedCells }),
  });
}

/** What the raw events say about one moment. */
interface Sample {
  readonly bids: ReadonlyMap<number, number>;
  readonly asks: ReadonlyMap<number, number>;
  readonly known: KnownRange | null;
}

/** Takes raw book events; makes the live path's bins, and remembers the book at every sample. */
export class RawBook {
  readonly bins: LiquidityBin[] = [];
  readonly samples: Sample[] = [];
  readonly #book = new OrderBook();
  readonly #binner: LiquidityBinner;
  #plain: { bids: Map<number, number>; asks: Map<number, number> } | null = null;
  /** Ranges and from when they count. */
  #ranges: { from: number; known: KnownRange }[] = [];
  #time = 0;
  #lastUpdateId = 0;

  constructor(baseTicks: number, keyframeBins = 240) {
    this.#binner = new LiquidityBinner(LIVE_MS, baseTicks, (bin) => {
      this.bins.push(bin);
      if (this.bins.length % keyframeBins === 0) this.#binner.requestKeyframe();
    });
  }

  get known(): KnownRange | null {
    return this.#book.known;
  }

  snapshot(time: number, bids: FlatLevels, asks: FlatLevels): void {
    this.#passTo(time);
    this.#book.applySnapshot({ lastUpdateId: ++this.#lastUpdateId, bids, asks }, time);
    this.#binner.begin(this.#book, time);
    this.#plain = { bids: new Map(), asks: new Map() };
    this.#set(bids, asks);
    this.#ranges = [{ from: nextBin(time), known: this.#book.known! }];
  }

  diff(time: number, bids: FlatLevels, asks: FlatLevels): void {
    this.#passTo(time);
    this.#binner.advance(time);
    const id = ++this.#lastUpdateId;
    const diff: DepthDiff = { firstUpdateId: id, lastUpdateId: id, eventTime: time, bids, asks };
    this.#book.applyDiff(diff, (side, ticks, before, after) => {
      this.#binner.change(side, ticks, after - before, time);
    });
    this.#set(bids, asks);
  }

  widen(time: number, bids: FlatLevels, asks: FlatLevels): void {
    this.#passTo(time);
    this.#binner.advance(time);
    const snapshot: DepthSnapshot = { lastUpdateId: this.#lastUpdateId, bids, asks };
    const range: KnownRange = [bids.at(-2)!, asks.at(-2)!];
    const clash = this.#book.widen(snapshot, range, (side, ticks, before, after) => {
      this.#binner.change(side, ticks, after - before, time);
    });
    if (clash !== null) throw new Error(`The test's own snapshot contradicts at ${clash}`);
    this.#binner.widen(this.#book.known!);
    this.#set(bids, asks);
    this.#ranges.push({ from: nextBin(time), known: this.#book.known! });
  }

  lose(time: number): void {
    this.#passTo(time);
    this.#binner.end(time);
    this.#book.drop();
    this.#plain = null;
    this.#ranges = [];
  }

  /** Time passes without a change. */
  advance(time: number): void {
    this.#passTo(time);
    this.#binner.advance(time);
  }

  /** A heatmap in the simplest way: every cell from the book at each of its moments. */
  heatmap(request: HeatmapRequest & { lowTicks: number; highTicks: number }): HeatmapGrid {
    const { from, to, stepMs, groupTicks, lowTicks, highTicks, measure } = request;
    const rows: number[] = [];
    for (let row = lowTicks; row <= highTicks; row += groupTicks) rows.push(row);
    const times: number[] = [];
    const columns = { bids: [] as Float64Array[], asks: [] as Float64Array[] };
    for (let time = from; time + stepMs <= to; time += stepMs) {
      const samples = this.samples.slice(time / SAMPLE_MS, (time + stepMs) / SAMPLE_MS);
      times.push(time);
      for (const side of ["bids", "asks"] as const) {
        columns[side].push(Float64Array.from(rows, (row) => {
          let sum = 0;
          let last = 0;
          for (const { known, [side]: levels } of samples) {
            if (known === null || row < known[0] || row + groupTicks - 1 > known[1]) return NaN;
            last = 0;
            for (let i = 0; i < groupTicks; i++) last += levels.get(row + i) ?? 0;
            sum += last * SAMPLE_MS;
          }
          return measure === "mean" ? sum / stepMs : last;
        }));
      }
    }
    return { times, firstRow: lowTicks, rowCount: rows.length, ...columns };
  }

  #set(bids: FlatLevels, asks: FlatLevels): void {
    for (const [levels, flat] of [[this.#plain!.bids, bids], [this.#plain!.asks, asks]] as const) {
      for (let i = 0; i < flat.length; i += 2) levels.set(flat[i], flat[i + 1]);
    }
  }

  #passTo(time: number): void {
    for (; this.#time < time; this.#time += SAMPLE_MS) {
      const known = this.#ranges.findLast(({ from }) => from <= this.#time)?.known ?? null;
      const { bids = new Map(), asks = new Map() } = this.#plain ?? {};
      this.samples.push({ bids: new Map(bids), asks: new Map(asks), known });
    }
  }
}

function nextBin(time: number): number {
  return Math.floor(time / LIVE_MS) * LIVE_MS + LIVE_MS;
}

/** Columns as plain arrays, to compare. */
export function plain({ times, firstRow, rowCount, bids, asks }: HeatmapGrid) {
  const arrays = (columns: readonly Float64Array[]) => columns.map((column) => [...column]);
  return { times, firstRow, rowCount, bids: arrays(bids), asks: arrays(asks) };
}
