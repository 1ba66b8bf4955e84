import type { DuckDBConnection } from "@duckdb/node-api";
import type { Instrument } from "../../market/instrument.ts";

/** What gives the integers of a rollup their meaning. */
export type RollupSeries = Pick<Instrument, "symbol" | "market" | "priceScale" | "qtyScale">;

/** A symbol in the rollup tables. */
export interface RollupSymbol {
  readonly id: number;
  /** Size of the rows that are kept. */
  readonly baseTicks: number;
}

/** The id under which a symbol of these scales is kept, or null. */
export async function findRollupSymbol(
  connection: DuckDBConnection,
  { market, symbol, priceScale, qtyScale }: RollupSeries,
): Promise<RollupSymbol | null> {
  const reader = await connection.runAndReadAll(
    `SELECT id, base_ticks FROM rollup_symbols
     WHERE market = $1 AND symbol = $2 AND price_decimals = $3 AND price_step = $4
       AND qty_decimals = $5 AND qty_step = $6`,
    [
      market,
      symbol,
      priceScale.decimals,
      BigInt(priceScale.step),
      qtyScale.decimals,
      BigInt(qtyScale.step),
    ],
  );
  const row = reader.getRows().at(0);
  return row === undefined ? null : { id: Number(row[0]), baseTicks: Number(row[1]) };
}

/**
 * The same, begun with rows of `baseTicks` where it is not there yet. What is there keeps its rows,
 * whatever the price is by now.
 */
export async function openRollupSymbol(
  connection: DuckDBConnection,
  series: RollupSeries,
  baseTicks: number,
): Promise<RollupSymbol> {
  const found = await findRollupSymbol(connection, series);
  if (found !== null) return found;
  const { market, symbol, priceScale, qtyScale } = series;
  const reader = await connection.runAndReadAll(
    `INSERT INTO rollup_symbols
     SELECT coalesce(max(id), 0) + 1, $1, $2, $3, $4, $5, $6, $7 FROM rollup_symbols RETURNING id`,
    [
      market,
      symbol,
      priceScale.decimals,
      BigInt(priceScale.step),
      qtyScale.decimals,
      BigInt(qtyScale.step),
      BigInt(baseTicks),
    ],
  );
  return { id: Number(reader.getRows()[0][0]), baseTicks };
}

/** Gives a symbol rows of another size; its tables must be empty. */
export async function setBaseTicks(
  connection: DuckDBConnection,
  { id }: RollupSymbol,
  baseTicks: number,
): Promise<RollupSymbol> {
  await connection.run("UPDATE rollup_symbols SET base_ticks = $2 WHERE id = $1", [
    id,
    BigInt(baseTicks),
  ]);
  return { id, baseTicks };
}
