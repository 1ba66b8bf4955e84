import type { Instrument } from "../market/instrument.ts";
import type { DepthDiff, DepthSnapshot, MarketKind, Trade } from "../market/types.ts";

/**
 * Which diffs make a gapless book after a snapshot L.
 * - "spot": the first diff holds U <= L + 1 <= u, then U = previous u + 1;
 * - "usdm": the first diff holds U <= L <= u, or pu = L, then pu = previous u (`previousUpdateId`).
 */
export type DepthRule = "spot" | "usdm";

/** A frame of an exchange's streams in our words. */
export type StreamMessage =
  | { readonly type: "depth"; readonly symbol: string; readonly diff: DepthDiff }
  | {
    readonly type: "aggTrade";
    readonly symbol: string;
    readonly eventTime: number;
    readonly trade: Trade;
  }
  /** A depth diff that is broken, but tells up to which update it would have gone. */
  | {
    readonly type: "brokenDepth";
    readonly symbol: string;
    readonly lastUpdateId: number;
    readonly reason: string;
  }
  | { readonly type: "ack" }
  | { readonly type: "refusal"; readonly code: number; readonly message: string }
  | { readonly type: "shutdown" }
  | { readonly type: "unknown"; readonly what: string };

/** What a stream tells: order book or trades. */
export type StreamKind = "depth" | "aggTrade";

/** One websocket to open. Its address names all streams: nothing has to be sent to get them. */
export interface ExchangeConnection {
  readonly url: string;
  readonly streams: readonly string[];
  /** Every symbol of the streams; those of `kinds` come over this connection and no other. */
  readonly symbols: readonly string[];
  readonly kinds: readonly StreamKind[];
}

/** What an exchange tells of one aggTrade id. */
export interface AggTradeRecord {
  readonly id: number;
  /** Null for an id that the exchange declares void: it is no trade. */
  readonly trade: Trade | null;
}

/** The requests by which a recorder fills what the streams do not tell. */
export interface ExchangeRest {
  /** Told of every depth answer as it was received, before it is used. */
  onDepthBody: ((symbol: string, text: string) => void) | null;
  /** Exchange time. */
  time(signal?: AbortSignal): Promise<number>;
  /** @returns null when the exchange does not list the symbol. */
  instrument(symbol: string, signal?: AbortSignal): Promise<Instrument | null>;
  depth(instrument: Instrument, signal?: AbortSignal): Promise<DepthSnapshot>;
  /** The newest trade, or null before the first. */
  newestAggTrade(instrument: Instrument, signal?: AbortSignal): Promise<Trade | null>;
  /** Records from an id on, ascending, as many as one answer holds. */
  aggTradesFrom(
    instrument: Instrument,
    fromId: number,
    signal?: AbortSignal,
  ): Promise<AggTradeRecord[]>;
  /**
   * Id of the first trade at or after a time, or after the oldest the exchange still tells;
   * null when there is none.
   */
  firstAggTradeId(
    instrument: Instrument,
    startTime: number,
    signal?: AbortSignal,
  ): Promise<number | null>;
}

/** One market of one exchange, as far as the collector needs to know it. */
export interface ExchangeAdapter {
  /** The name that people read, e.g. "Binance spot". */
  readonly name: string;
  readonly market: MarketKind;
  readonly depthRule: DepthRule;
  readonly maxStreamsPerConnection: number;
  /** Pings, pongs and requests that a client may send a second; more disconnects it. */
  readonly clientMessagesPerSecond: number;
  /** The connections that together carry depth diffs and aggTrades of all symbols. */
  connections(symbols: readonly string[]): readonly ExchangeConnection[];
  /**
   * One text frame -> our words.
   *
   * @throws RangeError that quotes the frame when it is broken.
   */
  mapFrame(
    text: string,
    instrumentOf: (symbol: string) => Instrument | undefined,
  ): StreamMessage;
  readonly rest: ExchangeRest;
}

/** Where an exchange is reached: the real one, or one on loopback. */
export interface ExchangeUrls {
  readonly wsUrl: string;
  readonly restUrl: string;
}
