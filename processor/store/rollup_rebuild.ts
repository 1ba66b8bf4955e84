import type { DuckDBConnection } from "@duckdb/node-api";
import { addLevels, addTrade, type Footprint, startFootprint } from "../../market/footprint.ts";
import { type GroupedCandle, joinCandles } from "../../market/higher_candle.ts";
import { type IdRange, IdRanges } from "../../market/id_ranges.ts";
import { MINUTE_MS, openTimeOf } from "../../market/interval.ts";
import type { Trade } from "../../market/types.ts";
import { newestMinute, readCandles } from "./rollup_read.ts";
import { ROLLUPS } from "./rollup_schema.ts";
import { inTransaction } from "./transaction.ts";
import {
  openRollupSymbol,
  type RollupSeries,
  type RollupSymbol,
  setBaseTicks,
} from "./rollup_symbols.ts";
import { deleteRange, rebuildHours, writeMinutes } from "./rollup_write.ts";

export interface RebuildOptions {
  /** Size of the rows; without it those that are there stay. */
  readonly baseTicks?: number;
  /**
   * The first minute of the archive, which may begin later than the rollup. Minutes that opened
   * before are kept as they are, and this one where more was known of it.
   */
  readonly from?: number;
  /** Ids under which there is no trade. */
  readonly voidIds?: Iterable<IdRange>;
}

/** A trade so much older than the newest one is added to a minute that is written already. */
const KEPT_MS = 120 * MINUTE_MS;
const HOUR_MS = ROLLUPS["1h"];
const FIRST_BASE_TICKS = 1;

/**
 * Makes the rollups of a symbol anew from its trades: the same tables, bit by bit, as the recorder
 * writes. An hour after the other is replaced, each as a whole or not at all: years would not fit
 * into one transaction, and what an interruption leaves is as it was or as it is now.
 *
 * @param batches all trades in scales of `series`, ascending by id; a repeated id counts once
 * @returns the number of minutes
 */
export async function rebuildRollups(
  connection: DuckDBConnection,
  series: RollupSeries,
  batches: AsyncIterable<readonly Trade[]> | Iterable<readonly Trade[]>,
  { baseTicks, from = -Infinity, voidIds = [] }: RebuildOptions = {},
): Promise<number> {
  const symbol = await inTransaction(connection, async () => {
    const opened = await openRollupSymbol(connection, series, baseTicks ?? FIRST_BASE_TICKS);
    if (baseTicks === undefined || baseTicks === opened.baseTicks) return opened;
    for (const rollup of ["1m", "1h"] as const) {
      await deleteRange(connection, rollup, opened, -Infinity, Infinity);
    }
    return await setBaseTicks(connection, opened, baseTicks);
  });
  const writer = new MinuteWriter(connection, symbol, from, IdRanges.of(voidIds));
  for await (const batch of batches) {
    for (const trade of batch) writer.add(trade);
    await writer.writeClosed();
  }
  return await writer.finish();
}

/** Minutes on their way from trades, ascending by id, to the tables. */
class MinuteWriter {
  readonly #connection: DuckDBConnection;
  readonly #symbol: RollupSymbol;
  readonly #ids = new IdRanges();
  /** Those, and void ones. */
  readonly #knownIds: IdRanges;
  readonly #open = new Map<number, Footprint>();
  /** Trades of minutes that are written already. */
  readonly #late = new Map<number, Footprint>();
  #newest = -Infinity;
  readonly #from: number;
  #writtenBefore: number;
  #minutes = 0;

  constructor(
    connection: DuckDBConnection,
    symbol: RollupSymbol,
    from: number,
    knownIds: IdRanges,
  ) {
    this.#connection = connection;
    this.#symbol = symbol;
    this.#writtenBefore = from;
    this.#from = from;
    this.#knownIds = knownIds;
  }

  add(trade: Trade): void {
    const last = this.#ids.last ?? -Infinity;
    if (!this.#ids.add(trade.id)) return;
    this.#knownIds.add(trade.id);
    if (trade.id < last) {
      throw new RangeError(`Trades must ascend by id, ${trade.id} came after ${last}`);
    }
    const time = openTimeOf(trade.tradeTime, MINUTE_MS);
    this.#newest = Math.max(this.#newest, time);
    if (time < this.#from) return;
    const isWritten = time < this.#writtenBefore && !this.#open.has(time);
    const minutes = isWritten ? this.#late : this.#open;
    const footprint = minutes.get(time);
    if (footprint === undefined) minutes.set(time, startFootprint(time, trade));
    else addTrade(footprint, trade);
  }

  async writeClosed(): Promise<void> {
    let before = openTimeOf(this.#newest - KEPT_MS, HOUR_MS);
    // What follows the newest trade is to come, and makes its minute complete.
    for (const { openTime, lastId } of this.#open.values()) {
      if (lastId === this.#ids.last) before = Math.min(before, openTimeOf(openTime, HOUR_MS));
    }
    if (before > this.#writtenBefore) await this.#replace(before, before);
  }

  async finish(): Promise<number> {
    await this.#replace(this.#newest, Infinity);
    const { baseTicks } = this.#symbol;
    const joined: GroupedCandle[] = [];
    for (const [time, footprint] of this.#late) {
      const parts = [
        ...await readCandles(this.#connection, this.#symbol, {
          ...{ intervalMs: MINUTE_MS, from: time, to: time + MINUTE_MS, groupTicks: baseTicks },
        }),
        this.#candle(footprint),
      ];
      joined.push(
        joinCandles(time, parts, baseTicks, (from, to) => this.#knownIds.covers(from, to)),
      );
    }
    const stored = await newestMinute(this.#connection, this.#symbol) ?? -Infinity;
    const closedBefore = Math.max(this.#newest, stored + MINUTE_MS);
    if (joined.length > 0) {
      await inTransaction(
        this.#connection,
        () => writeMinutes(this.#connection, this.#symbol, joined, closedBefore),
      );
    }
    return this.#minutes;
  }

  /**
   * Replaces the minutes since the last time with those that open before a time, and their hours.
   *
   * @param until everything that was there up to this time goes
   */
  async #replace(before: number, until: number): Promise<void> {
    const closed = [...this.#open.values()].filter(({ openTime }) => openTime < before)
      .sort((a, b) => a.openTime - b.openTime);
    for (const { openTime } of closed) this.#open.delete(openTime);
    const from = this.#writtenBefore;
    const [connection, symbol] = [this.#connection, this.#symbol];
    await inTransaction(connection, async () => {
      // Of its first minute the archive may have dropped a part, or the ids that prove it whole.
      const isFirst = from === this.#from;
      await deleteRange(connection, "1m", symbol, isFirst ? from + MINUTE_MS : from, until);
      // No hour is built by this alone: those that were there may be older.
      await writeMinutes(connection, symbol, closed.map((one) => this.#candle(one)), -Infinity);
      await deleteRange(connection, "1h", symbol, openTimeOf(from, HOUR_MS), until);
      await rebuildHours(
        connection,
        symbol,
        openTimeOf(from, HOUR_MS),
        openTimeOf(before, HOUR_MS),
      );
    });
    this.#minutes += closed.length;
    this.#writtenBefore = before;
  }

  #candle(footprint: Footprint): GroupedCandle {
    const { levels, ...head } = footprint;
    const rows: GroupedCandle["rows"] = new Map();
    addLevels(rows, levels, this.#symbol.baseTicks);
    const complete = this.#knownIds.covers(head.firstId - 1, head.lastId + 1);
    return { head, rows, complete, hasGap: !complete, exact: true };
  }
}
