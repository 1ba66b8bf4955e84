import type { DuckDBConnection } from "@duckdb/node-api";
import type { GroupedCandle, HeadPart, IdsBeside, Rows } from "../../market/higher_candle.ts";
import { readIdsBeside } from "./rollup_heads.ts";
import {
  type CandlesRequest,
  doubtfulRanges,
  newestMinute,
  readCandles,
  readJoinedHeads,
  readRows,
} from "./rollup_read.ts";
import {
  findRollupSymbol,
  openRollupSymbol,
  type RollupSeries,
  type RollupSymbol,
} from "./rollup_symbols.ts";
import { inTransaction } from "./transaction.ts";
import { writeMinutes } from "./rollup_write.ts";

/** Footprints per minute and hour in the database. Reading and writing each want a connection. */
export class RollupStore {
  readonly #connection: DuckDBConnection;

  constructor(connection: DuckDBConnection) {
    this.#connection = connection;
  }

  /** Null when nothing of the symbol was ever written. */
  find(series: RollupSeries): Promise<RollupSymbol | null> {
    return findRollupSymbol(this.#connection, series);
  }

  /** The symbol to write to. @param baseTicks size of the rows of a symbol that is new */
  open(series: RollupSeries, baseTicks: number): Promise<RollupSymbol> {
    return openRollupSymbol(this.#connection, series, baseTicks);
  }

  /** Writes closed minutes as `writeMinutes` tells; all or none. */
  write(
    symbol: RollupSymbol,
    minutes: readonly GroupedCandle[],
    closedBefore: number,
  ): Promise<void> {
    return inTransaction(
      this.#connection,
      () => writeMinutes(this.#connection, symbol, minutes, closedBefore),
    );
  }

  /** See `readCandles`. */
  candles(symbol: RollupSymbol, request: CandlesRequest): Promise<GroupedCandle[]> {
    return readCandles(this.#connection, symbol, request);
  }

  /** The same without their rows. */
  heads(symbol: RollupSymbol, intervalMs: number, from: number, to: number): Promise<HeadPart[]> {
    return readJoinedHeads(this.#connection, symbol, intervalMs, from, to);
  }

  /** See `readIdsBeside`. */
  idsBeside(symbol: RollupSymbol, from: number, to: number): Promise<IdsBeside> {
    return readIdsBeside(this.#connection, symbol, from, to);
  }

  /** What traded in the minutes that opened in [from, to). */
  rows(symbol: RollupSymbol, request: Omit<CandlesRequest, "intervalMs">): Promise<Rows> {
    return readRows(this.#connection, symbol, request);
  }

  /** See `doubtfulRanges`. */
  doubtful(symbol: RollupSymbol, from: number, until: number) {
    return doubtfulRanges(this.#connection, symbol, from, until);
  }

  /** The open time of the newest minute that is stored, or null. */
  newestMinute(symbol: RollupSymbol): Promise<number | null> {
    return newestMinute(this.#connection, symbol);
  }
}
