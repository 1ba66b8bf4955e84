/** Questions that web asks the processor, and their answers: the bodies of the HTTP interface. */

import type { Side } from "../market/types.ts";
import type { WallEnd } from "../market/wall.ts";
import type { StorageStatus } from "./retention.ts";
import type { BackfillProgress, ConnectionState, RecordingState } from "./messages.ts";

export interface CandlesQuery {
  readonly type: "candles";
  readonly symbol: string;
  readonly interval: string;
  /** Candles that open in [from, to). */
  readonly from: number;
  readonly to: number;
  /** Row size as decimal text, or null for the finest: the tick. */
  readonly group: string | null;
  /** Where the cumulative delta starts at 0: at every UTC day, or at the first candle given. */
  readonly cvd: "day" | "range";
}

export interface ProfileQuery {
  readonly type: "profile";
  readonly symbol: string;
  /** What traded in the minutes that open in [from, to). */
  readonly from: number;
  readonly to: number;
  readonly group: string | null;
  /** One profile of it all, or one per UTC day. */
  readonly by: "range" | "day";
}

export interface BookQuery {
  readonly type: "book";
  readonly symbol: string;
  /** Levels or rows a side, best first. */
  readonly levels: number;
  readonly group: string | null;
}

export interface HeatmapQuery {
  readonly type: "heatmap";
  readonly symbol: string;
  readonly from: number;
  readonly to: number;
  readonly stepMs: number;
  readonly group: string | null;
  readonly low: string | null;
  readonly high: string | null;
  readonly measure: "mean" | "close";
}

export interface GapsQuery {
  readonly type: "gaps";
  readonly symbol: string;
  /** Gaps that touch [from, to). */
  readonly from: number;
  readonly to: number;
}

export interface HealthQuery {
  readonly type: "health";
}

export interface SymbolsQuery {
  readonly type: "symbols";
}

/** The full frame of a topic; later frames of it follow on without a gap. */
export interface TopicQuery {
  readonly type: "topic";
  readonly topic: string;
}

export interface WallsQuery {
  readonly type: "walls";
  readonly symbol: string;
  /** Walls that rested at some time of [from, to). */
  readonly from: number;
  readonly to: number;
}

/** The last one: answered when everything known is on the disk. */
export interface FinishQuery {
  readonly type: "finish";
}

export type Query =
  | CandlesQuery
  | ProfileQuery
  | BookQuery
  | HeatmapQuery
  | GapsQuery
  | HealthQuery
  | SymbolsQuery
  | TopicQuery
  | WallsQuery
  | FinishQuery;

/** [price of the row's lower edge, sellVolume, buyVolume, aggTrades] */
export type CandleLevel = readonly [number, number, number, number];

export interface CandleAnswer {
  readonly time: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
  readonly buyVolume: number;
  readonly sellVolume: number;
  readonly delta: number;
  readonly minDelta: number;
  readonly maxDelta: number;
  readonly trades: number;
  readonly poc: number;
  readonly vah: number;
  readonly val: number;
  /** Every trade is in it and no further one can come: ids prove it. */
  readonly complete: boolean;
  /** Trades inside it, or right before or after it, are missing. */
  readonly gap: boolean;
  /** Cumulative delta at its end; null where trades since its start are missing. */
  readonly cvd: number | null;
  readonly levels: readonly CandleLevel[];
}

export interface CandlesAnswer {
  readonly symbol: string;
  readonly interval: string;
  readonly group: number;
  readonly candles: readonly CandleAnswer[];
}

/** [price of the row's lower edge, sellVolume, buyVolume] */
export type ProfileLevel = readonly [number, number, number];

/** What traded at each price row; poc, vah and val are null when nothing did. */
export interface ProfileBody {
  readonly volume: number;
  readonly buyVolume: number;
  readonly sellVolume: number;
  readonly delta: number;
  readonly trades: number;
  readonly poc: number | null;
  readonly vah: number | null;
  readonly val: number | null;
  /** False where trades of the time are missing, are still to come, or were never recorded. */
  readonly complete: boolean;
  readonly levels: readonly ProfileLevel[];
}

export interface SessionProfile extends ProfileBody {
  /** The part of the UTC day that was asked for. */
  readonly from: number;
  readonly to: number;
}

export type ProfileAnswer =
  & { readonly symbol: string; readonly group: number }
  & (ProfileBody | { readonly sessions: readonly SessionProfile[] });

export interface BookAnswer {
  readonly symbol: string;
  readonly lastUpdateId: number;
  readonly eventTime: number;
  /** Null while the book is unknown. */
  readonly knownRange: readonly [number, number] | null;
  readonly bids: readonly (readonly [number, number])[];
  readonly asks: readonly (readonly [number, number])[];
}

/** One array of rows per time; null = unknown. */
export type HeatmapColumns = readonly (readonly (number | null)[])[];

export interface HeatmapAnswer {
  readonly step: number;
  readonly group: number;
  readonly times: readonly number[];
  /** Lower edges of the rows, ascending. */
  readonly prices: readonly number[];
  readonly bids: HeatmapColumns;
  readonly asks: HeatmapColumns;
}

export interface GapAnswer {
  readonly kind: "book" | "trades";
  readonly from: number;
  /** Null while the gap lasts. */
  readonly to: number | null;
  readonly reason: string;
  readonly repaired: boolean;
  /** Missing aggTrade ids, of gaps in the trades. */
  readonly fromId?: number;
  readonly toId?: number;
}

export interface GapsAnswer {
  readonly symbol: string;
  readonly gaps: readonly GapAnswer[];
}

export interface WallAnswer {
  readonly side: Side;
  /** Lower edge of the row. */
  readonly price: number;
  readonly born: number;
  /** Null while it rests. */
  readonly died: number | null;
  readonly peak: number;
  /** Resting now, or what was left when it died. */
  readonly quantity: number;
  readonly traded: number;
  /** Null while it rests, and for about a second after it died. */
  readonly ended: WallEnd | null;
}

export interface WallsAnswer {
  readonly symbol: string;
  /** By birth. */
  readonly walls: readonly WallAnswer[];
}

/** How the recorded history stands. */
export interface HistoryHealth {
  readonly state: "recording" | "stopped" | "off";
  /** For people: what stopped it. */
  readonly message: string;
  /** Null before it was looked at. */
  readonly storage: StorageStatus | null;
}

export interface SymbolHealth {
  readonly symbol: string;
  readonly market: string;
  readonly connected: boolean;
  readonly book: "synced" | "syncing" | "unknown";
  readonly lastAggTradeId: number | null;
  readonly lastEventTime: number | null;
  readonly lagMs: number | null;
  readonly openGaps: number;
  /** Gaps whose trades were fetched after all. */
  readonly repairedGaps: number;
  readonly state: ConnectionState;
  /** The state in a sentence for people. */
  readonly message: string;
  readonly backfill: BackfillProgress | null;
  readonly recording: RecordingState | null;
}

export interface SymbolAnswer {
  readonly symbol: string;
  readonly market: string;
  readonly tickSize: number;
  readonly stepSize: number;
  /** Null until the first price is known. */
  readonly baseGroup: number | null;
}
