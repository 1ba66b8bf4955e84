import type { DuckDBConnection, DuckDBValue } from "@duckdb/node-api";
import type { KeptLevel, KeptSpan } from "../../bus/retention.ts";
import { INTERVALS } from "../../market/interval.ts";
import type { RetentionStorage } from "../retention.ts";
import type { Database } from "./database.ts";
import { dropLiquidityBefore } from "./liquidity_drop.ts";
import { MINUTES, SECONDS } from "./liquidity_schema.ts";
import type { TradeFiles } from "./trade_files.ts";

export interface RetentionStoreOptions {
  readonly database: Database;
  /** Used by nobody else: writing goes on meanwhile on others. */
  readonly connection: DuckDBConnection;
  readonly market: string;
  readonly files: TradeFiles;
  /** Has the archive drop its trades before a UTC day. */
  readonly dropTrades: (before: number) => void;
}

/** Old history in the database and, by order, in the archive of trades. */
export class RetentionStore implements RetentionStorage {
  readonly #options: RetentionStoreOptions;

  constructor(options: RetentionStoreOptions) {
    this.#options = options;
  }

  async span(level: KeptLevel): Promise<KeptSpan | null> {
    const { files, market } = this.#options;
    switch (level) {
      case "liquidity_1s":
      case "liquidity_1m":
        return await this.#spanOf(`SELECT min(time), max(time) FROM ${level}_bins`, []);
      case "walls":
        return await this.#spanOf("SELECT min(died), max(died) FROM walls WHERE market = $1", [
          market,
        ]);
      case "trades": {
        const days = await files.allDays();
        if (days.length === 0) return null;
        return { from: Math.min(...days), to: Math.max(...days) + INTERVALS["1d"] };
      }
      default:
        return level satisfies never;
    }
  }

  async drop(level: KeptLevel, before: number): Promise<void> {
    const { connection, market, dropTrades } = this.#options;
    switch (level) {
      case "liquidity_1s":
        return await dropLiquidityBefore(connection, SECONDS, before);
      case "liquidity_1m":
        return await dropLiquidityBefore(connection, MINUTES, before);
      case "walls":
        await connection.run("DELETE FROM walls WHERE market = $1 AND died < $2", [
          ...[market, BigInt(before)],
        ]);
        return;
      case "trades":
        return dropTrades(before);
      default:
        level satisfies never;
    }
  }

  async bytes(): Promise<{ file: number; used: number }> {
    const { connection, database } = this.#options;
    // What was dropped is free once it is written so; while others write it is tried in vain.
    await connection.run("CHECKPOINT").catch(() => {});
    const reader = await connection.runAndReadAll(
      "SELECT block_size * used_blocks FROM pragma_database_size()",
    );
    return { file: await database.bytes(), used: Number(reader.getRows()[0][0]) };
  }

  async #spanOf(sql: string, params: DuckDBValue[]): Promise<KeptSpan | null> {
    const reader = await this.#options.connection.runAndReadAll(sql, params);
    const [from, to] = reader.getRows()[0];
    return from === null ? null : { from: Number(from), to: Number(to) };
  }
}
