import { utcFormat } from "d3-time-format";

/** All times on the page are UTC. */
const minuteFormat = utcFormat("%H:%M");
const secondFormat = utcFormat("%H:%M:%S");
const dayFormat = utcFormat("%-d %b");
const dayMinuteFormat = utcFormat("%-d %b %H:%M");
const fullFormat = utcFormat("%-d %b %H:%M:%S");

export const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

export function minuteText(time: number): string {
  return minuteFormat(new Date(time));
}

export function secondText(time: number): string {
  return secondFormat(new Date(time));
}

export function dayText(time: number): string {
  return dayFormat(new Date(time));
}

/** When a candle of this length opens. */
export function candleText(time: number, lengthMs: number): string {
  const format = lengthMs < HOUR_MS
    ? minuteFormat
    : lengthMs < DAY_MS
    ? dayMinuteFormat
    : dayFormat;
  return format(new Date(time));
}

export function fullText(time: number): string {
  return fullFormat(new Date(time));
}

/** Time left as m:ss, or h:mm:ss from an hour on; never below zero. */
export function countdownText(leftMs: number): string {
  const seconds = Math.max(0, Math.ceil(leftMs / 1000));
  const pad = (value: number) => String(value).padStart(2, "0");
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${pad(minutes)}:${pad(seconds % 60)}`;
  return `${Math.floor(minutes / 60)}:${pad(minutes % 60)}:${pad(seconds % 60)}`;
}
