import { gunzipSync, gzipSync } from "node:zlib";
import {
  type AsyncBuffer,
  type Encoding,
  type FileMetaData,
  parquetMetadataAsync,
  type ParquetParsers,
  parquetScan,
} from "hyparquet";
import { compressors as allCompressors } from "hyparquet-compressors";
import { ByteWriter, type ColumnSource, ParquetWriter } from "hyparquet-writer";
import type { Trade } from "../../market/types.ts";
import type { ArchiveFs, InputFile } from "./archive_fs.ts";
import { type IdRange, IdRanges } from "../../market/id_ranges.ts";
import { COLUMNS, decodeMetadata, encodeMetadata, SCHEMA } from "./parquet_schema.ts";
import type { TradeSeries } from "./trade_series.ts";

/** Large enough to compress well, small enough to skip most of a day and to bound the memory. */
export const ROW_GROUP_ROWS = 50_000;

/** What the footer of a file of trades says. */
export interface TradeFileInfo {
  readonly series: TradeSeries;
  readonly ids: readonly IdRange[];
  readonly rows: number;
  readonly firstTime: number;
  readonly lastTime: number;
  readonly bytes: number;
}

/** Trade times of [fromTime, toTime). */
export interface TimeSpan {
  readonly fromTime: number;
  readonly toTime: number;
}

/**
 * Writes a new file and returns when its data is on the disk; the batches come ascending by id.
 * The memory it needs is that of one row group.
 */
export async function writeTradeFile(
  fs: ArchiveFs,
  path: string,
  series: TradeSeries,
  batches: AsyncIterable<readonly Trade[]> | Iterable<readonly Trade[]>,
): Promise<TradeFileInfo> {
  const ids = new IdRanges();
  let [rows, firstTime, lastTime] = [0, Infinity, -Infinity];
  const file = await fs.create(path);
  try {
    const bytes = new ByteWriter();
    const parquet = new ParquetWriter({ writer: bytes, schema: SCHEMA, ...GZIP });
    for await (const group of regroup(batches, ROW_GROUP_ROWS)) {
      parquet.write({ columnData: columnsOf(group), rowGroupSize: group.length });
      await file.write(bytes.getBytes());
      // The offset, which the footer needs, goes on; the buffer starts again.
      bytes.index = 0;
      rows += group.length;
      for (const { id, tradeTime } of group) {
        ids.add(id);
        firstTime = Math.min(firstTime, tradeTime);
        lastTime = Math.max(lastTime, tradeTime);
      }
    }
    parquet.kvMetadata = encodeMetadata(series, ids.ranges);
    parquet.finish();
    await file.write(bytes.getBytes());
    await file.sync();
    return { series, ids: ids.ranges, rows, firstTime, lastTime, bytes: bytes.offset };
  } finally {
    file.close();
  }
}

/**
 * Reads the footer of a file of trades.
 *
 * @throws Error saying what is wrong with it.
 */
export async function readTradeFileInfo(fs: ArchiveFs, path: string): Promise<TradeFileInfo> {
  const file = await fs.open(path);
  try {
    const metadata = await parquetMetadataAsync(asyncBuffer(file), { parsers: PARSERS });
    const groups = rowGroupsOf(metadata);
    return {
      ...decodeMetadata(metadata),
      rows: Number(metadata.num_rows),
      firstTime: Math.min(...groups.map((group) => group.firstTime)),
      lastTime: Math.max(...groups.map((group) => group.lastTime)),
      bytes: file.size,
    };
  } finally {
    file.close();
  }
}

/** The trades of a file in batches, as they stand there; row groups outside the span are skipped. */
export async function* readTradeFile(
  fs: ArchiveFs,
  path: string,
  span: TimeSpan = { fromTime: -Infinity, toTime: Infinity },
): AsyncGenerator<Trade[]> {
  const file = await fs.open(path);
  try {
    const buffer = asyncBuffer(file);
    const metadata = await parquetMetadataAsync(buffer, { parsers: PARSERS });
    const scan = await parquetScan({
      file: buffer,
      metadata,
      compressors: DECOMPRESSORS,
      parsers: PARSERS,
    });
    for (const { rowStart, rowEnd, firstTime, lastTime } of rowGroupsOf(metadata)) {
      if (lastTime < span.fromTime || firstTime >= span.toTime) continue;
      const columns = await Promise.all(
        COLUMNS.map((column) => scan.readColumn({ column, rowStart, rowEnd })),
      );
      yield tradesOf(columns, rowEnd - rowStart);
    }
  } finally {
    file.close();
  }
}

/** A third smaller than Snappy on real trades, and every reader of Parquet knows it. */
const GZIP = {
  codec: "GZIP" as const,
  compressors: { GZIP: (bytes: Uint8Array) => new Uint8Array(gzipSync(bytes)) },
};
/** Those of the package, so that a segment another tool wrote again stays readable. */
const DECOMPRESSORS = {
  ...allCompressors,
  GZIP: (bytes: Uint8Array) => new Uint8Array(gunzipSync(bytes)),
};
const PARSERS: Partial<ParquetParsers> = { timestampFromMilliseconds: (time) => Number(time) };

function asyncBuffer(file: InputFile): AsyncBuffer {
  return {
    byteLength: file.size,
    async slice(start, end = file.size) {
      const bytes = await file.read(start, end);
      return bytes.byteLength === bytes.buffer.byteLength ? bytes.buffer : bytes.slice().buffer;
    },
  };
}

function rowGroupsOf(metadata: FileMetaData) {
  let rowEnd = 0;
  return metadata.row_groups.map((group) => {
    const rowStart = rowEnd;
    rowEnd += Number(group.num_rows);
    const times = group.columns[COLUMNS.indexOf("trade_time")].meta_data?.statistics;
    return {
      rowStart,
      rowEnd,
      firstTime: Number(times?.min_value ?? -Infinity),
      lastTime: Number(times?.max_value ?? Infinity),
    };
  });
}

function columnsOf(trades: readonly Trade[]): ColumnSource[] {
  const int64 = (
    name: string,
    value: (trade: Trade) => number,
    encoding: Encoding = "DELTA_BINARY_PACKED",
  ): ColumnSource => {
    const data = new BigInt64Array(trades.length);
    for (let i = 0; i < trades.length; i++) data[i] = BigInt(value(trades[i]));
    return { name, data, encoding };
  };
  return [
    int64("id", (trade) => trade.id),
    int64("price", (trade) => trade.priceTicks),
    // Quantities follow no order: the same ones again and again are what can be compressed.
    int64("quantity", (trade) => trade.qtyLots, "PLAIN"),
    int64("first_trade_id", (trade) => trade.firstTradeId),
    int64("last_trade_id", (trade) => trade.lastTradeId),
    int64("trade_time", (trade) => trade.tradeTime),
    { name: "is_buyer_maker", data: trades.map((trade) => trade.isBuyerMaker) },
  ];
}

function tradesOf(columns: readonly ArrayLike<unknown>[], rows: number): Trade[] {
  const [id, price, quantity, first, last, time, maker] = columns;
  return Array.from({ length: rows }, (_, i) => ({
    id: Number(id[i]),
    priceTicks: Number(price[i]),
    qtyLots: Number(quantity[i]),
    firstTradeId: Number(first[i]),
    lastTradeId: Number(last[i]),
    tradeTime: Number(time[i]),
    isBuyerMaker: maker[i] === true,
  }));
}

/** The same trades in batches of one size, the last one smaller. */
async function* regroup(
  batches: AsyncIterable<readonly Trade[]> | Iterable<readonly Trade[]>,
  size: number,
): AsyncGenerator<Trade[]> {
  let group: Trade[] = [];
  for await (const batch of batches) {
    for (const trade of batch) {
      group.push(trade);
      if (group.length < size) continue;
      yield group;
      group = [];
    }
  }
  if (group.length > 0) yield group;
}
