import type { RestDepth, TextLevels } from "./source.ts";
import type { RestAggTrade } from "./trade_log.ts";

/** A frame of a capture, as far as playback must understand it. */
export type CaptureEvent =
  /** A REST answer names no symbol: null where the line does not either. */
  | { readonly type: "snapshot"; readonly symbol: string | null; readonly depth: RestDepth }
  | {
    readonly type: "depth";
    readonly symbol: string;
    readonly stream: string;
    readonly data: string;
    readonly eventTime: number;
    readonly firstUpdateId: number;
    readonly lastUpdateId: number;
    /** USD-M alone tells it. */
    readonly previousUpdateId?: number;
    readonly bids: TextLevels;
    readonly asks: TextLevels;
  }
  | {
    readonly type: "trade";
    readonly symbol: string;
    readonly stream: string;
    readonly data: string;
    readonly eventTime: number;
    readonly trade: RestAggTrade;
  }
  | {
    readonly type: "other";
    readonly symbol: string;
    readonly stream: string;
    readonly data: string;
    readonly eventTime: number | null;
  }
  /** What no stream carries and no aggTrade counts: a trade with the insurance fund, say. */
  | { readonly type: "unlisted"; readonly eventTime: number }
  | { readonly type: "broken"; readonly reason: string };

/** USD-M's trade events say by X what kind they are. */
const MARKET_TRADE = "MARKET";
/** A recording of several symbols wraps snapshots like events of a stream of this name. */
const SNAPSHOT_STREAM = /^(.+)@depthSnapshot$/;

/** A raw frame -> what playback needs; trades become aggTrades of one trade each. */
export function parseFrame(frame: string): CaptureEvent {
  // deno-lint-ignore no-explicit-any -- the capture is text of an exchange; every use is checked below
  let body: any;
  try {
    body = JSON.parse(frame);
  } catch {
    return { type: "broken", reason: `is not JSON: ${frame.slice(0, 60)}` };
  }
  const wrapped = SNAPSHOT_STREAM.exec(body?.stream);
  const answer = wrapped === null ? body : body.data;
  if (typeof answer?.lastUpdateId === "number" && Array.isArray(answer.bids)) {
    const { lastUpdateId, bids, asks, E, T } = answer;
    const depth = { lastUpdateId, bids, asks };
    return {
      type: "snapshot",
      symbol: wrapped === null ? null : wrapped[1].toUpperCase(),
      depth: E === undefined ? depth : { ...depth, E, T },
    };
  }
  const data = body?.data ?? body;
  if (typeof data?.s !== "string") return { type: "broken", reason: "names no symbol" };
  const symbol: string = data.s;
  const lower = symbol.toLowerCase();
  switch (data.e) {
    case "depthUpdate":
      return {
        type: "depth",
        symbol,
        stream: `${lower}@depth@100ms`,
        data: JSON.stringify(data),
        eventTime: data.E,
        firstUpdateId: data.U,
        lastUpdateId: data.u,
        previousUpdateId: data.pu,
        bids: data.b,
        asks: data.a,
      };
    case "trade":
    case "aggTrade": {
      const { t, a = t, f = t, l = t, p, q, T, m, X = MARKET_TRADE } = data;
      if (X !== MARKET_TRADE) return { type: "unlisted", eventTime: data.E };
      const trade = { a, p, q, f, l, T, m, M: true };
      const event = { e: "aggTrade", E: data.E, s: symbol, ...trade };
      return {
        type: "trade",
        symbol,
        stream: `${lower}@aggTrade`,
        data: JSON.stringify(event),
        eventTime: data.E,
        trade,
      };
    }
    default: {
      const name = data.e ?? "bookTicker";
      const stream = `${lower}@${name}`;
      return {
        type: "other",
        symbol,
        stream,
        data: JSON.stringify(data),
        eventTime: data.E ?? null,
      };
    }
  }
}
