import type { DuckDBConnection } from "@duckdb/node-api";
import type { LiquidityBin } from "../../market/liquidity.ts";
import { type LiquidityLevel, MINUTES, SECONDS } from "./liquidity_schema.ts";
import { type LiquiditySeries, saveSeries } from "./liquidity_series.ts";
import { inTransaction } from "./transaction.ts";

/** A finished bin on its way into the database. */
export interface QueuedBin {
  readonly series: LiquiditySeries;
  readonly level: LiquidityLevel;
  readonly bin: LiquidityBin;
}

/** Appending is synchronous: about 1 us a row; now and then the live path gets its turn. */
const ROWS_AT_ONCE = 5_000;
const SIDES = ["bids", "asks"] as const;
/** BIGINT holds what is smaller. */
const MAX_LOT_MS = 2 ** 62;

export function cellsOf(bin: LiquidityBin): number {
  return bin.bids.length + bin.asks.length;
}

/** Whether every sum fits into the tables: orders of 1000 times the largest allowed size do. */
export function isStorable({ bids, asks }: LiquidityBin, { binMs }: LiquidityLevel): boolean {
  return [...bids, ...asks].every(({ lotMs, closeLots }) =>
    Math.max(lotMs, closeLots * binMs) < MAX_LOT_MS
  );
}

/**
 * Writes bins in one transaction: all of them or none.
 *
 * @param connection used by nobody else meanwhile, since a transaction belongs to the connection
 */
export async function appendBins(
  connection: DuckDBConnection,
  bins: readonly QueuedBin[],
): Promise<void> {
  await inTransaction(connection, async () => {
    for (const series of new Set(bins.map((one) => one.series))) {
      await saveSeries(connection, series);
    }
    for (const level of [SECONDS, MINUTES]) {
      const ofLevel = bins.filter((one) => one.level === level);
      if (ofLevel.length > 0) await appendLevel(connection, level, ofLevel);
    }
  });
}

async function appendLevel(
  connection: DuckDBConnection,
  level: LiquidityLevel,
  bins: readonly QueuedBin[],
): Promise<void> {
  const heads = await connection.createAppender(`${level.table}_bins`);
  try {
    for (const { series, bin } of bins) {
      if (bin.known === null) continue;
      heads.appendInteger(series.id);
      heads.appendBigInt(BigInt(bin.time));
      heads.appendBigInt(BigInt(bin.known[0]));
      heads.appendBigInt(BigInt(bin.known[1]));
      heads.appendBoolean(bin.keyframe);
      heads.endRow();
    }
  } finally {
    heads.closeSync();
  }
  const cells = await connection.createAppender(level.table);
  try {
    let rows = 0;
    for (const { series, bin } of bins) {
      const { baseTicks, stepLots } = series.key;
      // Up in one bin and down in the next: the steps from row to row stay small, and so the table.
      const isUp = bin.time / level.binMs % 2 === 0;
      for (const side of isUp ? SIDES : SIDES.toReversed()) {
        for (const { row, lotMs, closeLots } of isUp ? bin[side] : bin[side].toReversed()) {
          const overLotMs = lotMs - closeLots * level.binMs;
          const overSteps = Math.floor(overLotMs / stepLots);
          const closeSteps = Math.floor(closeLots / stepLots);
          cells.appendInteger(series.id);
          cells.appendBigInt(BigInt(bin.time));
          cells.appendBoolean(side === "bids");
          cells.appendBigInt(BigInt(row / (baseTicks * level.baseRows)));
          cells.appendBigInt(BigInt(overSteps));
          cells.appendBigInt(BigInt(overLotMs - overSteps * stepLots));
          cells.appendBigInt(BigInt(closeSteps));
          cells.appendBigInt(BigInt(closeLots - closeSteps * stepLots));
          cells.endRow();
        }
      }
      rows += cellsOf(bin);
      if (rows < ROWS_AT_ONCE) continue;
      rows = 0;
      await new Promise((resolve) => setTimeout(resolve));
    }
  } finally {
    cells.closeSync();
  }
}
