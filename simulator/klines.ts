import { RestError } from "./rest_error.ts";
import { type RestAggTrade, type TradeLog, wireText, wireUnits } from "./trade_log.ts";

const INTERVAL_MS: Readonly<Record<string, number>> = {
  "1s": 1000,
  "1m": 60_000,
  "3m": 180_000,
  "5m": 300_000,
  "15m": 900_000,
  "30m": 1_800_000,
  "1h": 3_600_000,
  "2h": 7_200_000,
  "4h": 14_400_000,
  "6h": 21_600_000,
  "8h": 28_800_000,
  "12h": 43_200_000,
  "1d": 86_400_000,
};

/** [openTime, o, h, l, c, volume, closeTime, quoteVolume, trades, takerBase, takerQuote, "0"] */
export type Kline = readonly [
  number,
  string,
  string,
  string,
  string,
  string,
  number,
  string,
  number,
  string,
  string,
  "0",
];

export interface KlinesQuery {
  readonly interval: string;
  readonly startTime: number | null;
  readonly endTime: number | null;
  readonly limit: number;
}

/** Candles of a trade log: the oldest from startTime on, else the newest; without empty ones. */
export function klinesOf(log: TradeLog, query: KlinesQuery): Kline[] {
  const lengthMs = INTERVAL_MS[query.interval];
  if (lengthMs === undefined) throw new RestError(-1120, "Invalid interval.");
  const newest = log.length === 0 ? 0 : log.at(log.length - 1).T;
  const endTime = Math.min(query.endTime ?? newest, newest);
  const startTime = query.startTime ?? endTime - (query.limit - 1) * lengthMs;
  const firstOpen = Math.floor(startTime / lengthMs) * lengthMs;
  const open = firstOpen < startTime && query.startTime !== null ? firstOpen + lengthMs : firstOpen;
  const klines: Kline[] = [];
  for (let time = open; time <= endTime && klines.length < query.limit; time += lengthMs) {
    const trades = log.slice(log.indexOfTime(time), log.indexOfTime(time + lengthMs));
    if (trades.length > 0) klines.push(klineOf(time, lengthMs, trades));
  }
  return klines;
}

function klineOf(openTime: number, lengthMs: number, trades: readonly RestAggTrade[]): Kline {
  const prices = trades.map(({ p }) => wireUnits(p));
  const base = (some: readonly RestAggTrade[]) =>
    wireText(some.reduce((sum, { q }) => sum + wireUnits(q), 0));
  const quote = (some: readonly RestAggTrade[]) =>
    some.reduce((sum, { p, q }) => sum + Number(p) * Number(q), 0).toFixed(8);
  const bought = trades.filter(({ m }) => !m);
  return [
    openTime,
    trades[0].p,
    wireText(prices.reduce((a, b) => Math.max(a, b))),
    wireText(prices.reduce((a, b) => Math.min(a, b))),
    trades[trades.length - 1].p,
    base(trades),
    openTime + lengthMs - 1,
    quote(trades),
    trades.reduce((sum, { f, l }) => sum + l - f + 1, 0),
    base(bought),
    quote(bought),
    "0",
  ];
}
