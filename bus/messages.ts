/**
 * Everything that crosses a worker or socket boundary. Plain data only: it must survive both a
 * structured clone and msgpack. Prices are ticks, quantities lots, times UTC milliseconds.
 */
import type { RetentionSettings } from "./retention.ts";
import type { Interval } from "../market/interval.ts";
import type { Instrument } from "../market/instrument.ts";
import type { DepthDiff, DepthSnapshot, MarketKind, Trade } from "../market/types.ts";
import type { Wall } from "../market/wall.ts";

// ---------------------------------------------------------------- collector -> processor

/** Sent before any other event of a symbol. */
export interface InstrumentEvent {
  readonly type: "instrument";
  readonly instrument: Instrument;
}

export interface TradeEvent {
  readonly type: "trade";
  readonly symbol: string;
  readonly trade: Trade;
}

/** Begins a known book; what was held before is void. */
export interface DepthSnapshotEvent {
  readonly type: "depthSnapshot";
  readonly symbol: string;
  /** Exchange time of the last depth event applied to the snapshot or before it. */
  readonly eventTime: number;
  readonly snapshot: DepthSnapshot;
}

export interface DepthDiffEvent {
  readonly type: "depthDiff";
  readonly symbol: string;
  readonly diff: DepthDiff;
}

/** A later snapshot, brought to the book's own update id: more prices are known, nothing is void. */
export interface DepthWidenedEvent {
  readonly type: "depthWidened";
  readonly symbol: string;
  readonly eventTime: number;
  readonly snapshot: DepthSnapshot;
  /** What the snapshot covered when it was taken, in ticks. */
  readonly range: readonly [low: number, high: number];
}

/** The book is unknown from `eventTime` (the last moment it was known) until the next snapshot. */
export interface BookLostEvent {
  readonly type: "bookLost";
  readonly symbol: string;
  readonly eventTime: number;
  readonly reason: string;
}

/** aggTrade ids `fromId`..`toId` did not come; unknown until they are repaired. */
export interface TradesLostEvent {
  readonly type: "tradesLost";
  readonly symbol: string;
  readonly fromId: number;
  readonly toId: number;
  /** Trade time of the last trade before them, and of the first after them; null while unknown. */
  readonly fromTime: number | null;
  readonly toTime: number | null;
  readonly reason: string;
}

/** The exchange says that aggTrade ids `fromId`..`toId` are no trades: nothing is missing there. */
export interface TradesVoidEvent {
  readonly type: "tradesVoid";
  readonly symbol: string;
  readonly fromId: number;
  readonly toId: number;
}

/** Whether trades go to the disk. */
export interface RecordingState {
  readonly state: "recording" | "stopped" | "off";
  /** For people: where it records to, or what stopped it. */
  readonly message: string;
  /** Size of what is recorded. */
  readonly bytes: number;
}

/** Trades that are being fetched back: so many of so many ids. */
export interface BackfillProgress {
  readonly done: number;
  readonly of: number;
}

export type ConnectionState = "connecting" | "synchronising" | "live" | "stale" | "offline";

/** How one symbol's feed stands, in a word for programs and a sentence for people. */
export interface SymbolStatusEvent {
  readonly type: "symbolStatus";
  readonly symbol: string;
  readonly connected: boolean;
  readonly state: ConnectionState;
  readonly message: string;
  /** Age of the newest frame when it came, by the exchange's clock; null while that is unknown. */
  readonly lagMs: number | null;
  /** Null when no earlier trades are being fetched. */
  readonly backfill: BackfillProgress | null;
  readonly recording: RecordingState | null;
}

/** Something a person should read: a refused symbol, a broken frame, a lost connection. */
export interface FeedNoticeEvent {
  readonly type: "feedNotice";
  readonly level: "info" | "warning" | "error";
  readonly symbol: string | null;
  readonly message: string;
  readonly time: number;
}

export type MarketEvent =
  | InstrumentEvent
  | TradeEvent
  | DepthSnapshotEvent
  | DepthDiffEvent
  | DepthWidenedEvent
  | BookLostEvent
  | TradesLostEvent
  | TradesVoidEvent
  | SymbolStatusEvent
  | FeedNoticeEvent;

/** In order, `seq` rising by one; a jump means that batches were dropped (and says how many). */
export interface EventBatch {
  readonly type: "events";
  readonly seq: number;
  readonly events: readonly MarketEvent[];
}

// ---------------------------------------------------------------- processor -> web -> browser

export type FeedKind = "binance" | "simulator" | "capture";

/** One state of the whole feed for the page's status line and banner. */
export interface FeedState {
  readonly kind: FeedKind | "waiting";
  /** The sentence that a person reads, e.g. "Waiting for Binance (up to 10 s)". */
  readonly message: string;
  /** Not the real market of this moment: the chart carries a banner. */
  readonly simulated: boolean;
}

/** Live candles: "candles" are the minutes, and each longer interval has a topic of its own. */
export type CandlesKind = "candles" | `candles_${Exclude<Interval, "1m">}`;

export type TopicKind = CandlesKind | "book" | "liquidity" | "walls" | "trades" | "status";

export const TOPIC_KINDS = [
  ...["candles", "candles_5m", "candles_15m", "candles_1h", "candles_4h", "candles_1d"] as const,
  ...["book", "liquidity", "walls", "trades", "status"] as const,
] as const satisfies readonly TopicKind[];

export function isCandlesFrame(frame: { readonly type: string }): frame is CandlesFrame {
  return frame.type === "candles" || frame.type.startsWith("candles_");
}

/** The topic of each interval's live candles. */
export function candlesKindOf(interval: Interval): CandlesKind {
  return interval === "1m" ? "candles" : `candles_${interval}`;
}

/** `book/BTCUSDT`, ... */
export type Topic = `${TopicKind}/${string}`;

/** The running totals of one candle; levels are flat: priceTicks, sellLots, buyLots, trades, ... */
export interface CandleUpdate {
  readonly time: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly buyLots: number;
  readonly sellLots: number;
  readonly minDelta: number;
  readonly maxDelta: number;
  readonly trades: number;
  readonly complete: boolean;
  /** Trades inside it, or right before or after it, are missing. */
  readonly gap: boolean;
  /**
   * Absolute totals of the ticks that changed (all of them in a full frame); null for a candle older
   * than the newest two: it was corrected, and whoever holds it must ask for it again.
   */
  readonly levels: readonly number[] | null;
}

interface FrameBase {
  readonly symbol: string;
  /** Rises by one per topic; a browser that misses one asks for a full frame. */
  readonly seq: number;
  /** Replaces everything held of the topic; otherwise what changed since `seq - 1`. */
  readonly full: boolean;
}

/** The open candle, and candles closed or corrected since the last frame. Ascending by time. */
export interface CandlesFrame extends FrameBase {
  readonly type: CandlesKind;
  readonly candles: readonly CandleUpdate[];
}

/** Absolute level quantities; 0 removes. `known` is null while the book is unknown (drop it). */
export interface BookFrame extends FrameBase {
  readonly type: "book";
  readonly eventTime: number;
  readonly lastUpdateId: number;
  /** Lowest and highest price, in ticks, between which absent levels are truly empty. */
  readonly known: readonly [number, number] | null;
  readonly bids: readonly number[];
  readonly asks: readonly number[];
}

/**
 * One time bin of resting liquidity on rows of `baseGroup` ticks, sparse: a row is listed when it
 * changed in the bin; all others rest at the close of the bin before.
 */
export interface LiquidityColumn {
  /** Start of the bin. */
  readonly time: number;
  /** Unknown for the whole or a part of the bin: null. Otherwise the known price range in ticks. */
  readonly known: readonly [number, number] | null;
  /** All rows are listed; nothing carries over from the column before. */
  readonly keyframe: boolean;
  /** Flat: row (lower edge in ticks), time-weighted sum in lots x ms, closing lots, ... */
  readonly bids: readonly number[];
  readonly asks: readonly number[];
}

export interface LiquidityFrame extends FrameBase {
  readonly type: "liquidity";
  readonly baseGroup: number;
  readonly stepMs: number;
  readonly columns: readonly LiquidityColumn[];
}

/**
 * Large resting orders. A full frame has those that rest and those that ended in the last 15
 * minutes; others have those that were found or changed, as they stand. One wall is known by its
 * side, row and birth: whoever hears of it again replaces what he held.
 */
export interface WallsFrame extends FrameBase {
  readonly type: "walls";
  /** Size of the rows in ticks. */
  readonly baseGroup: number;
  /** What a row must hold to be a wall; null before the first book. */
  readonly thresholdLots: number | null;
  readonly walls: readonly Wall[];
}

/** The newest trades for the tape, oldest first; `skipped` more came but were not sent. */
export interface TradesFrame extends FrameBase {
  readonly type: "trades";
  readonly trades: readonly Trade[];
  readonly skipped: number;
}

/** Everything the page says in words about a symbol. */
export interface StatusFrame extends FrameBase {
  readonly type: "status";
  readonly instrument: Instrument | null;
  readonly baseGroup: number | null;
  readonly feed: FeedState;
  readonly connected: boolean;
  readonly state: ConnectionState;
  readonly message: string;
  readonly lagMs: number | null;
  readonly book: "synced" | "syncing" | "unknown";
  /** Exchange time of the newest event, or null before the first. */
  readonly lastEventTime: number | null;
  /** Trade time of the first recorded trade, or null before the first. */
  readonly recordedSince: number | null;
  readonly openGaps: number;
  /** Gaps whose trades were fetched after all. */
  readonly repairedGaps: number;
  /** Null when no earlier trades are being fetched. */
  readonly backfill: BackfillProgress | null;
  /** Null before it is known. */
  readonly recording: RecordingState | null;
  /** Most recent notices, oldest first, for people. */
  readonly notices: readonly FeedNoticeEvent[];
}

export type Frame =
  | CandlesFrame
  | BookFrame
  | LiquidityFrame
  | WallsFrame
  | TradesFrame
  | StatusFrame;

// ---------------------------------------------------------------- browser <-> web (/api/stream)

export type ClientMessage =
  | { readonly type: "subscribe"; readonly topics: readonly Topic[] }
  | { readonly type: "unsubscribe"; readonly topics: readonly Topic[] };

export type ServerMessage =
  | Frame
  | { readonly type: "error"; readonly code: string; readonly message: string }
  | {
    readonly type: "hello";
    readonly version: string;
    /** Another run of the program has another one: a page then begins anew. */
    readonly instance: string;
    readonly serverTime: number;
  };

// ---------------------------------------------------------------- between the parts

/** processor -> collector. */
export type ProcessorToCollector =
  /** Batches up to `seq` are done with: the collector may send as many more. */
  | { readonly type: "ack"; readonly seq: number }
  /** The book cannot be right: begin it anew. */
  | { readonly type: "resync"; readonly symbol: string; readonly reason: string }
  /** Archived trades of the UTC days before this time are no longer wanted. */
  | { readonly type: "dropTrades"; readonly before: number };

/** web -> processor. */
export type WebToProcessor =
  /** Frames of these topics are wanted from now on. */
  | { readonly type: "watch"; readonly topics: readonly Topic[] }
  | { readonly type: "feed"; readonly feed: FeedState }
  /** From now on history is kept in this folder. */
  | {
    readonly type: "record";
    readonly folder: string;
    readonly market: MarketKind;
    readonly retention: RetentionSettings;
  };

/** processor -> web. */
export type ProcessorToWeb = Frame;
