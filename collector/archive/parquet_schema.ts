import type { FileMetaData, KeyValue, SchemaElement } from "hyparquet";
import type { Scale } from "../../market/scale.ts";
import type { IdRange } from "../../market/id_ranges.ts";
import { checkSeries, type TradeSeries } from "./trade_series.ts";

const VERSION = 1;

const INTEGERS = ["id", "price", "quantity", "first_trade_id", "last_trade_id"] as const;
export const COLUMNS = [...INTEGERS, "trade_time", "is_buyer_maker"] as const;

/** Prices and quantities are ticks and lots; the metadata says what one is worth. */
export const SCHEMA: SchemaElement[] = [
  { name: "root", num_children: COLUMNS.length },
  ...INTEGERS.map((name): SchemaElement => ({ name, type: "INT64", repetition_type: "REQUIRED" })),
  {
    name: "trade_time",
    type: "INT64",
    repetition_type: "REQUIRED",
    converted_type: "TIMESTAMP_MILLIS",
    logical_type: { type: "TIMESTAMP", isAdjustedToUTC: true, unit: "MILLIS" },
  },
  { name: "is_buyer_maker", type: "BOOLEAN", repetition_type: "REQUIRED" },
];

/** The series, and the exact ids, so that an opening archive need not read every row. */
export function encodeMetadata(series: TradeSeries, ids: readonly IdRange[]): KeyValue[] {
  const { symbol, market, priceScale, qtyScale } = series;
  const entries = {
    version: VERSION,
    symbol,
    market,
    price_decimals: priceScale.decimals,
    price_step: priceScale.step,
    quantity_decimals: qtyScale.decimals,
    quantity_step: qtyScale.step,
    id_ranges: ids.map(({ from, to }) => `${from}-${to}`).join(","),
  };
  return Object.entries(entries).map(([key, value]) => ({ key, value: String(value) }));
}

/**
 * The series and the ids that the metadata of a segment names.
 *
 * @throws Error naming what is missing or wrong.
 */
export function decodeMetadata(metadata: FileMetaData): { series: TradeSeries; ids: IdRange[] } {
  const texts = new Map(metadata.key_value_metadata?.map(({ key, value }) => [key, value]));
  const version = texts.get("version");
  if (version !== String(VERSION)) {
    throw new Error(`its format version is ${version}, this program knows ${VERSION}`);
  }
  const names = metadata.schema.slice(1).map(({ name }) => name);
  if (names.join() !== COLUMNS.join()) {
    throw new Error(`its columns are ${names.join(", ")} instead of ${COLUMNS.join(", ")}`);
  }
  const scale = (name: string): Scale => ({
    decimals: Number(texts.get(`${name}_decimals`)),
    step: Number(texts.get(`${name}_step`)),
  });
  const series = checkSeries({
    symbol: texts.get("symbol"),
    market: texts.get("market"),
    priceScale: scale("price"),
    qtyScale: scale("quantity"),
  });
  return { series, ids: decodeRanges(texts.get("id_ranges") ?? "", metadata.num_rows) };
}

function decodeRanges(text: string, rows: bigint): IdRange[] {
  const ranges = text.split(",").map((part) => {
    const [from, to] = part.split("-").map(Number);
    return { from, to };
  });
  const count = ranges.reduce((sum, { from, to }) => sum + (to - from + 1), 0);
  if (count !== Number(rows)) {
    throw new Error(`it has ${rows} rows, its metadata names ${count} ids`);
  }
  return ranges;
}
