import { crc32 } from "node:zlib";
import { errorText } from "../../bus/error_text.ts";
import type { Trade } from "../../market/types.ts";
import { checkSeries, seriesOf, type TradeSeries } from "./trade_series.ts";

/*
 * A journal, little endian:
 *   header  "FPJH", length of the JSON, CRC32 of the JSON, JSON {version, symbol, market, scales}
 *   record  "FPJR", number of rows, CRC32 of that number and the rows, rows
 *   row     six float64 (exact for safe integers): id, priceTicks, qtyLots, firstTradeId,
 *           lastTradeId, tradeTime; then one byte, 1 when the buyer is the maker
 */
const VERSION = 1;
const HEADER_MAGIC = 0x484a5046;
const RECORD_MAGIC = 0x524a5046;
const PREFIX_BYTES = 12;
export const ROW_BYTES = 49;
/** No flush holds so many; a length beyond it is a damaged one. */
const MAX_RECORD_ROWS = 10_000_000;

/** Bytes of a journal that are no whole record. */
export interface Damage {
  readonly offset: number;
  readonly length: number;
  /** At the end: a write that a crash or a full disk cut off. */
  readonly isTail: boolean;
}

export type JournalContent =
  | {
    readonly type: "trades";
    readonly series: TradeSeries;
    readonly trades: Trade[];
    readonly records: number;
    readonly damage: readonly Damage[];
  }
  /** Cut off while it was created: it never held a trade. */
  | { readonly type: "unborn" }
  | { readonly type: "foreign"; readonly reason: string };

export function encodeHeader(series: TradeSeries): Uint8Array {
  const json = new TextEncoder().encode(JSON.stringify({ version: VERSION, ...seriesOf(series) }));
  const bytes = new Uint8Array(PREFIX_BYTES + json.length);
  bytes.set(json, PREFIX_BYTES);
  writePrefix(bytes, HEADER_MAGIC, json.length, crc32(json));
  return bytes;
}

/** One record; the archive lets only safe integers in, which float64 holds exactly. */
export function encodeRecord(trades: readonly Trade[]): Uint8Array {
  const bytes = new Uint8Array(PREFIX_BYTES + trades.length * ROW_BYTES);
  const view = new DataView(bytes.buffer);
  let offset = PREFIX_BYTES;
  for (const trade of trades) {
    view.setFloat64(offset, trade.id, true);
    view.setFloat64(offset + 8, trade.priceTicks, true);
    view.setFloat64(offset + 16, trade.qtyLots, true);
    view.setFloat64(offset + 24, trade.firstTradeId, true);
    view.setFloat64(offset + 32, trade.lastTradeId, true);
    view.setFloat64(offset + 40, trade.tradeTime, true);
    view.setUint8(offset + 48, trade.isBuyerMaker ? 1 : 0);
    offset += ROW_BYTES;
  }
  writePrefix(bytes, RECORD_MAGIC, trades.length, recordChecksum(bytes, 0, bytes.length));
  return bytes;
}

/** Everything that can be trusted in a journal, whatever happened to the rest. */
export function decodeJournal(bytes: Uint8Array): JournalContent {
  const header = decodeHeader(bytes);
  if (header.type !== "header") return header;
  const trades: Trade[] = [];
  const damage: Damage[] = [];
  let records = 0;
  let offset = header.end;
  while (offset < bytes.length) {
    const start = nextRecord(bytes, offset);
    if (start > offset) {
      damage.push({ offset, length: start - offset, isTail: start === bytes.length });
    }
    if (start === bytes.length) break;
    offset = recordEnd(bytes, start);
    decodeRows(bytes, start + PREFIX_BYTES, offset, trades);
    records++;
  }
  return { type: "trades", series: header.series, trades, records, damage };
}

function decodeHeader(bytes: Uint8Array) {
  const view = viewOf(bytes);
  if (bytes.length < PREFIX_BYTES) return { type: "unborn" } as const;
  if (view.getUint32(0, true) !== HEADER_MAGIC) return foreign("it is no journal of trades");
  const end = PREFIX_BYTES + view.getUint32(4, true);
  if (end > bytes.length) return { type: "unborn" } as const;
  const json = bytes.subarray(PREFIX_BYTES, end);
  if (crc32(json) !== view.getUint32(8, true)) return foreign("its header is damaged");
  try {
    const header = JSON.parse(new TextDecoder().decode(json));
    if (header.version !== VERSION) {
      return foreign(`its format version is ${header.version}, this program knows ${VERSION}`);
    }
    return { type: "header", series: checkSeries(header), end } as const;
  } catch (error) {
    return foreign(errorText(error));
  }
}

function foreign(reason: string) {
  return { type: "foreign", reason } as const;
}

/** Where the next whole record begins, or the end of the bytes. */
function nextRecord(bytes: Uint8Array, from: number): number {
  for (let offset = from; offset + PREFIX_BYTES <= bytes.length; offset++) {
    if (recordEnd(bytes, offset) > 0) return offset;
  }
  return bytes.length;
}

/** The end of the whole record that begins at an offset, or 0 if there is none. */
function recordEnd(bytes: Uint8Array, offset: number): number {
  const view = viewOf(bytes);
  if (view.getUint32(offset, true) !== RECORD_MAGIC) return 0;
  const rows = view.getUint32(offset + 4, true);
  const end = offset + PREFIX_BYTES + rows * ROW_BYTES;
  if (rows === 0 || rows > MAX_RECORD_ROWS || end > bytes.length) return 0;
  return recordChecksum(bytes, offset, end) === view.getUint32(offset + 8, true) ? end : 0;
}

function recordChecksum(bytes: Uint8Array, offset: number, end: number): number {
  const rows = (end - offset - PREFIX_BYTES) / ROW_BYTES;
  return crc32(bytes.subarray(offset + PREFIX_BYTES, end), rows);
}

function decodeRows(bytes: Uint8Array, from: number, to: number, trades: Trade[]): void {
  const view = viewOf(bytes);
  for (let offset = from; offset < to; offset += ROW_BYTES) {
    trades.push({
      id: view.getFloat64(offset, true),
      priceTicks: view.getFloat64(offset + 8, true),
      qtyLots: view.getFloat64(offset + 16, true),
      firstTradeId: view.getFloat64(offset + 24, true),
      lastTradeId: view.getFloat64(offset + 32, true),
      tradeTime: view.getFloat64(offset + 40, true),
      isBuyerMaker: view.getUint8(offset + 48) === 1,
    });
  }
}

function writePrefix(bytes: Uint8Array, magic: number, length: number, checksum: number): void {
  const view = viewOf(bytes);
  view.setUint32(0, magic, true);
  view.setUint32(4, length, true);
  view.setUint32(8, checksum, true);
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
