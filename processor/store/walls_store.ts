import type { DuckDBConnection } from "@duckdb/node-api";
import type { Wall, WallEnd } from "../../market/wall.ts";
import { inTransaction } from "./transaction.ts";

const COLUMNS = "side, price_row, born, died, peak_lots, lots, traded_lots, ended";

/** The recorded walls of one market. */
export class WallsStore {
  readonly #connection: DuckDBConnection;
  readonly #market: string;

  constructor(connection: DuckDBConnection, market: string) {
    this.#connection = connection;
    this.#market = market;
  }

  /**
   * Walls that rested at some time of [from, to), by their birth.
   *
   * @param limit one more than the caller can use tells it that there are too many
   */
  async read(symbol: string, from: number, to: number, limit: number): Promise<Wall[]> {
    const reader = await this.#connection.runAndReadAll(
      `SELECT ${COLUMNS} FROM walls
       WHERE market = $1 AND symbol = $2 AND born < $3 AND died >= $4
       ORDER BY born, price_row, side LIMIT $5`,
      [this.#market, symbol, exact(to), exact(from), BigInt(limit)],
    );
    return reader.getRows().map(([side, row, born, died, peak, lots, traded, ended]) => ({
      side: side === "bid" ? "bid" : "ask",
      row: Number(row),
      born: Number(born),
      died: Number(died),
      peakLots: Number(peak),
      lots: Number(lots),
      tradedLots: Number(traded),
      ended: ended as WallEnd,
    }));
  }

  /** Writes ended walls, all or none; one that was written before is replaced. */
  async save(symbol: string, walls: readonly Wall[]): Promise<void> {
    if (walls.length === 0) return;
    const statement = await this.#connection.prepare(
      `INSERT OR REPLACE INTO walls (market, symbol, ${COLUMNS})
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    );
    try {
      await inTransaction(this.#connection, async () => {
        for (const { side, row, born, died, peakLots, lots, tradedLots, ended } of walls) {
          if (died === null || ended === null) {
            throw new RangeError(`The wall at row ${row} born at ${born} has not ended yet`);
          }
          const numbers = [row, born, died, peakLots, lots, tradedLots].map(BigInt);
          statement.bind([this.#market, symbol, side, ...numbers, ended]);
          await statement.run();
        }
      });
    } finally {
      statement.destroySync();
    }
  }
}

/** A time as BIGINT; a query may ask for all times. */
function exact(time: number): bigint {
  return BigInt(Math.trunc(Math.min(Number.MAX_SAFE_INTEGER, Math.max(-8.64e15, time))));
}
