/** Candle lengths that the chart knows, by their label, in milliseconds. Days are UTC days. */
export const INTERVALS = {
  "1m": 60_000,
  "5m": 300_000,
  "15m": 900_000,
  "1h": 3_600_000,
  "4h": 14_400_000,
  "1d": 86_400_000,
} as const satisfies Record<string, number>;

export type Interval = keyof typeof INTERVALS;

export const MINUTE_MS = INTERVALS["1m"];

export function isInterval(text: string): text is Interval {
  return Object.hasOwn(INTERVALS, text);
}

/** Start of the candle or column that holds `time`. */
export function openTimeOf(time: number, lengthMs: number): number {
  return Math.floor(time / lengthMs) * lengthMs;
}
