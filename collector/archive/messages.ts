import type { RecordingState } from "../../bus/messages.ts";
import type { IdRange } from "../../market/id_ranges.ts";
import type { Trade } from "../../market/types.ts";
import type { GapNote } from "./gap_notes.ts";
import type { TradeSeries } from "./trade_series.ts";

/** First message from the main thread to the archive's worker. */
export interface ArchiveStart {
  /** Holds a folder for each symbol. */
  readonly folder: string;
  readonly collectorPort: MessagePort;
}

/** collector -> archive. */
export type ToArchive =
  | {
    readonly type: "trades";
    readonly symbol: string;
    readonly trades: readonly Trade[];
    readonly seq: number;
  }
  | { readonly type: "gap"; readonly symbol: string; readonly note: GapNote }
  /** Trades of the UTC days that end at or before this time are no longer wanted. */
  | { readonly type: "drop"; readonly before: number };

/** archive -> collector. */
export type FromArchive =
  /** Batches up to `seq` were taken over; they may still wait for the disk. */
  | { readonly type: "taken"; readonly seq: number }
  /** Trades that could not be kept: they must be fetched again. */
  | { readonly type: "lost"; readonly symbol: string; readonly ranges: readonly IdRange[] }
  | { readonly type: "state"; readonly recording: RecordingState }
  | { readonly type: "message"; readonly message: string };

/** Questions of the collector, each with its answer. */
export type ArchiveQuestion =
  /** -> ArchivedUntil | null: what is on the disk. */
  | { readonly type: "open"; readonly series: TradeSeries }
  /** -> number: a reading of archived trades at or after a time. */
  | { readonly type: "read"; readonly symbol: string; readonly fromTime: number }
  /** -> Trade[] | null: its next trades, ascending by id; null at the end. */
  | { readonly type: "next"; readonly reading: number }
  /** -> null: everything is on the disk and the folder is free. */
  | { readonly type: "close" };

/** The newest id and trade time in the archive. */
export interface ArchivedUntil {
  readonly id: number;
  readonly tradeTime: number;
}
