import type { DuckDBConnection } from "@duckdb/node-api";
import type { Gap } from "../gap_ledger.ts";
import type { GapStorage } from "../gap_recorder.ts";
import { inTransaction } from "./transaction.ts";

/** A gap and its place in the ledger of its symbol. */
export interface NumberedGap {
  readonly number: number;
  readonly gap: Gap;
}

/** The recorded gaps of one market, and until when its books were known. */
export class GapsStore implements GapStorage {
  readonly #connection: DuckDBConnection;
  readonly #market: string;

  constructor(connection: DuckDBConnection, market: string) {
    this.#connection = connection;
    this.#market = market;
  }

  /** All gaps of a symbol, in the order in which they were found. */
  async load(symbol: string): Promise<{ gaps: NumberedGap[]; bookUntil: number | null }> {
    const reader = await this.#connection.runAndReadAll(
      `SELECT number, kind, from_time, to_time, reason, repaired, from_id, to_id
       FROM gaps WHERE market = $1 AND symbol = $2 ORDER BY number`,
      [this.#market, symbol],
    );
    const known = await this.#connection.runAndReadAll(
      "SELECT until_time FROM book_known WHERE market = $1 AND symbol = $2",
      [this.#market, symbol],
    );
    const until = known.getRows()[0]?.[0] ?? null;
    return {
      gaps: reader.getRows().map(gapOf),
      bookUntil: until === null ? null : Number(until),
    };
  }

  /** Writes gaps as they stand now; one that was written before is replaced. All or nothing. */
  async save(
    symbol: string,
    gaps: readonly NumberedGap[],
    bookUntil: number | null,
  ): Promise<void> {
    const connection = this.#connection;
    await inTransaction(connection, async () => {
      for (const { number, gap } of gaps) {
        const { kind, from, to, reason, repaired, ids } = gap;
        await connection.run(
          "INSERT OR REPLACE INTO gaps VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
          [
            ...[this.#market, symbol, BigInt(number), kind, BigInt(from), bigintOf(to)],
            ...[reason, repaired, bigintOf(ids?.from), bigintOf(ids?.to)],
          ],
        );
      }
      if (bookUntil !== null) {
        await connection.run("INSERT OR REPLACE INTO book_known VALUES ($1, $2, $3)", [
          ...[this.#market, symbol, BigInt(bookUntil)],
        ]);
      }
    });
  }
}

function gapOf(row: readonly unknown[]): NumberedGap {
  const [number, kind, from, to, reason, repaired, fromId, toId] = row;
  return {
    number: Number(number),
    gap: {
      kind: kind === "book" ? "book" : "trades",
      from: Number(from),
      to: to === null ? null : Number(to),
      reason: String(reason),
      repaired: repaired === true,
      ids: fromId === null ? null : { from: Number(fromId), to: Number(toId) },
    },
  };
}

function bigintOf(value: number | null | undefined): bigint | null {
  return value === null || value === undefined ? null : BigInt(value);
}
