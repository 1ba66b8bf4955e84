import type { DuckDBConnection } from "@duckdb/node-api";
import { errorText } from "../../bus/error_text.ts";
import { QueryError } from "../../bus/query_error.ts";
import type { GroupedCandle, Rows } from "../../market/higher_candle.ts";
import { parquetCandles, type ParquetRequest, parquetRows } from "./parquet_candles.ts";
import type { ArchivedCandles } from "./rollup_candles.ts";
import type { CandlesRequest } from "./rollup_read.ts";
import type { RollupSeries } from "./rollup_symbols.ts";
import type { TradeFiles } from "./trade_files.ts";

/** A file that is gone is looked for so often; meanwhile segments are merged once a day at most. */
const MAX_TRIES = 3;

/** Candles of one symbol straight from the trades in the archive. */
export class ArchivedTrades implements ArchivedCandles {
  readonly #connection: DuckDBConnection;
  readonly #files: TradeFiles;
  readonly #series: RollupSeries;

  constructor(connection: DuckDBConnection, files: TradeFiles, series: RollupSeries) {
    this.#connection = connection;
    this.#files = files;
    this.#series = series;
  }

  candles(request: CandlesRequest): Promise<GroupedCandle[]> {
    return this.#read(request, parquetCandles);
  }

  rows(request: CandlesRequest): Promise<ReadonlyMap<number, Rows>> {
    return this.#read(request, parquetRows);
  }

  async #read<T>(
    request: CandlesRequest,
    read: (connection: DuckDBConnection, request: ParquetRequest) => Promise<T>,
  ): Promise<T> {
    for (let tries = 1;; tries++) {
      const files = await this.#files.between(this.#series.symbol, request.from, request.to);
      try {
        return await read(this.#connection, { ...request, files, series: this.#series });
      } catch (error) {
        const coarser = /Trade \d+: \w+ is no multiple of [\d.]+/.exec(errorText(error))?.[0];
        if (coarser !== undefined) {
          const message =
            `trades were recorded in finer units than the exchange has now: ${coarser}`;
          throw new QueryError("unavailable", message);
        }
        if (tries >= MAX_TRIES || !isGone(error)) throw error;
      }
    }
  }
}

function isGone(error: unknown): boolean {
  return error instanceof Error && /No files found|No such file/i.test(error.message);
}
