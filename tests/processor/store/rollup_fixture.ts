import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { CandleSeries } from "../../../market/candle_series.ts";
import type { Instrument } from "../../../market/instrument.ts";
import { MINUTE_MS } from "../../../market/interval.ts";
import type { Trade } from "../../../market/types.ts";
import { RollupRecorder } from "../../../processor/store/rollup_recorder.ts";
import { ROLLUP_SCHEMA } from "../../../processor/store/rollup_schema.ts";
import { RollupStore } from "../../../processor/store/rollup_store.ts";

export const INSTRUMENT: Instrument = {
  symbol: "BTCUSDT",
  market: "spot",
  priceScale: { decimals: 2, step: 1 },
  qtyScale: { decimals: 8, step: 1 },
  stepSize: 0.00001,
  baseAsset: "BTC",
  quoteAsset: "USDT",
};

export const BASE_TICKS = 5;

/** A database with the tables. */
export async function openRollups() {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  await connection.run(ROLLUP_SCHEMA);
  return {
    connection,
    store: new RollupStore(connection),
    [Symbol.dispose]() {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

/** Every row of every table, in one order. */
export async function wholeTables(connection: DuckDBConnection): Promise<string[]> {
  const lines: string[] = [];
  for (
    const table of ["rollup_symbols", "candle_1m", "candle_1h", "footprint_1m", "footprint_1h"]
  ) {
    const reader = await connection.runAndReadAll(`FROM ${table} ORDER BY ALL`);
    for (const row of reader.getRows()) lines.push(`${table}: ${row.join(" ")}`);
  }
  return lines;
}

/** A processor's candles and their recorder. */
export class LiveRollups {
  readonly state = {
    symbol: INSTRUMENT.symbol,
    instrument: INSTRUMENT,
    baseTicks: BASE_TICKS as number | null,
    candles: new CandleSeries(MINUTE_MS, 10_000),
  };
  readonly #recorder: RollupRecorder;

  constructor(store: RollupStore) {
    this.#recorder = new RollupRecorder(store);
  }

  add(trades: Iterable<Trade>): void {
    for (const trade of trades) this.state.candles.add(trade);
  }

  record(all = false): Promise<void> {
    return this.#recorder.record(this.state, all);
  }
}

/** Trades in batches as an archive gives them. */
export async function* inBatches(trades: readonly Trade[], size = 7): AsyncGenerator<Trade[]> {
  for (let i = 0; i < trades.length; i += size) {
    await Promise.resolve();
    yield trades.slice(i, i + size);
  }
}
