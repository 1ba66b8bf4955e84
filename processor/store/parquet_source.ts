import type { DuckDBConnection, DuckDBValue } from "@duckdb/node-api";
import { IdRanges } from "../../market/id_ranges.ts";
import { type Scale, unitText } from "../../market/scale.ts";
import { loadDuckDb } from "./load_duckdb.ts";
import type { RollupSeries } from "./rollup_symbols.ts";

/** Files of trades of one symbol, as the archive writes them, ready to be asked. */
export interface ParquetSource {
  /** SQL of all trades: id, price, quantity (in units of the series), trade_time, is_buyer_maker. */
  readonly sql: string;
  /** Parameters $1 and on of the SQL. */
  readonly params: readonly DuckDBValue[];
  readonly ids: IdRanges;
  readonly firstTime: number;
  readonly lastTime: number;
}

/**
 * Reads what the files say about themselves.
 *
 * @param files paths or globs
 * @param series the scales in which prices and quantities are wanted
 * @throws RangeError when a file holds another symbol
 */
export async function openParquet(
  connection: DuckDBConnection,
  files: readonly string[],
  { market, symbol, priceScale, qtyScale }: RollupSeries,
): Promise<ParquetSource | null> {
  if (files.length === 0) return null;
  const { listValue } = await loadDuckDb();
  const reader = await connection.runAndReadAll(
    "SELECT file_name, decode(key), decode(value) FROM parquet_kv_metadata($1)",
    [listValue([...files])],
  );
  const texts = Map.groupBy(reader.getRows() as string[][], ([file]) => file);
  const ids = new IdRanges();
  let count = 0;
  const groups = new Map<string, { files: string[]; price: Scale; quantity: Scale }>();
  for (const [file, rows] of texts) {
    const values = new Map(rows.map(([, key, value]) => [key, value]));
    if (values.get("symbol") !== symbol || values.get("market") !== market) {
      const held = `${values.get("market")} ${values.get("symbol")}`;
      throw new RangeError(`${file} holds ${held}, wanted was ${market} ${symbol}`);
    }
    for (const range of (values.get("id_ranges") ?? "").split(",")) {
      const [from, to] = range.split("-").map(Number);
      ids.addRange(from, to);
      count += to - from + 1;
    }
    const scale = (name: string) => ({
      decimals: Number(values.get(`${name}_decimals`)),
      step: Number(values.get(`${name}_step`)),
    });
    const [price, quantity] = [scale("price"), scale("quantity")];
    const key = `${unitText(price)} ${unitText(quantity)}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { files: [file], price, quantity });
    else group.files.push(file);
  }
  const held = ids.ranges.reduce((sum, { from, to }) => sum + to - from + 1, 0);
  const selects = [...groups.values()].map(({ price, quantity }, i) =>
    `SELECT id, ${rescaled("price", price, priceScale)},
       ${rescaled("quantity", quantity, qtyScale)}, trade_time, is_buyer_maker
     FROM read_parquet($${i + 1})`
  );
  // After a stop at a bad moment, files may share ids; a trade is the same in both.
  const union = count > held ? " UNION " : " UNION ALL ";
  const distinct = count > held ? "SELECT DISTINCT *" : "SELECT *";
  return {
    sql: `${distinct} FROM (${selects.join(union)})`,
    params: [...groups.values()].map((group) => listValue(group.files)),
    ids,
    ...await timesOf(connection, listValue([...files])),
  };
}

/** The earliest and the latest trade, as the statistics of the files say. */
async function timesOf(connection: DuckDBConnection, files: DuckDBValue) {
  const reader = await connection.runAndReadAll(
    `SELECT epoch_ms(min(stats_min_value::TIMESTAMPTZ))::DOUBLE,
       epoch_ms(max(stats_max_value::TIMESTAMPTZ))::DOUBLE
     FROM parquet_metadata($1) WHERE path_in_schema = 'trade_time'`,
    [files],
  );
  const [firstTime, lastTime] = reader.getRows()[0];
  if (typeof firstTime !== "number" || typeof lastTime !== "number") {
    throw new RangeError("The files of trades tell no trade times in their statistics");
  }
  return { firstTime, lastTime };
}

/** A column in units of another scale; the exchange may change a tick size. */
function rescaled(column: string, from: Scale, to: Scale): string {
  const decimals = Math.min(from.decimals, to.decimals);
  const times = from.step * 10 ** (to.decimals - decimals);
  const over = to.step * 10 ** (from.decimals - decimals);
  if (times === over) return column;
  return `CASE WHEN ${column} * ${times} % ${over} = 0 THEN ${column} * ${times} // ${over}
    ELSE error('Trade ' || id || ': ${column} is no multiple of ${unitText(to)}') END AS ${column}`;
}
