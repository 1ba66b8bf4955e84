import { fromUnits, type Scale } from "../market/scale.ts";

export const THIN_SPACE = "\u2009";
const MINUS = "\u2212";

/**
 * A quantity in at most four characters: 0.12, 1.38, 10.6, 123, 1.2k, 12k, 123k, 1.2M.
 * Nothing at all is "0"; something too small for two decimals is "0.00".
 */
export function shortQuantity(value: number): string {
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size < 9.995) return value.toFixed(2);
  if (size < 99.95) return value.toFixed(1);
  if (size < 999.5) return value.toFixed(0);
  if (size < 9_950) return `${(value / 1e3).toFixed(1)}k`;
  if (size < 999_500) return `${(value / 1e3).toFixed(0)}k`;
  if (size < 9_950_000) return `${(value / 1e6).toFixed(1)}M`;
  return `${(value / 1e6).toFixed(0)}M`;
}

/** The same with a sign: +1.2, −0.45; nothing at all is "0". */
export function signedShort(value: number): string {
  return value < 0 ? MINUS + shortQuantity(-value) : value > 0 ? `+${shortQuantity(value)}` : "0";
}

/** A whole number in at most four characters: 7, 999, 1.2k, 12k. */
export function shortCount(count: number): string {
  return count < 1000 ? String(count) : shortQuantity(count);
}

/** Digits in groups of three, parted by thin spaces: 61837.63 -> 61 837.63. */
export function groupDigits(text: string): string {
  const point = text.indexOf(".");
  const end = point < 0 ? text.length : point;
  let grouped = text.slice(end);
  for (let at = end; at > 0; at -= 3) {
    const part = text.slice(Math.max(0, at - 3), at);
    grouped = part + (at === end ? "" : THIN_SPACE) + grouped;
  }
  return grouped;
}

/** A price label with as many decimals as its row or tick needs. */
export function priceText(scale: Scale, ticks: number, decimals = scale.decimals): string {
  return groupDigits(fromUnits(scale, ticks).toFixed(decimals));
}

/** Decimals needed to write every multiple of `ticks`. */
export function decimalsFor(scale: Scale, ticks: number): number {
  let units = ticks * scale.step;
  let decimals = scale.decimals;
  while (decimals > 0 && units % 10 === 0) {
    units /= 10;
    decimals--;
  }
  return decimals;
}

/** A whole quantity with every digit it has, for readouts. */
export function exactQuantity(scale: Scale, lots: number): string {
  const text = fromUnits(scale, lots).toFixed(scale.decimals);
  const trimmed = text.includes(".") ? text.replace(/0+$/, "").replace(/\.$/, "") : text;
  return groupDigits(trimmed).replace("-", MINUS);
}

/** A mean of resting lots, which need not be whole: five significant digits. */
export function meanQuantity(scale: Scale, lots: number): string {
  const value = fromUnits(scale, lots);
  if (value === 0) return "0";
  const decimals = Math.max(0, 4 - Math.floor(Math.log10(value)));
  return groupDigits(value.toFixed(Math.min(decimals, scale.decimals)));
}

/** Size on the ladder: two decimals for small ones, thousands parted by thin spaces. */
export function ladderQuantity(value: number): string {
  const decimals = value < 0.1 ? 3 : value < 100 ? 2 : value < 10_000 ? 1 : 0;
  return groupDigits(value.toFixed(decimals));
}

export function signedPercent(share: number): string {
  const percent = Math.round(share * 100);
  return percent < 0 ? `${MINUS}${-percent}%` : percent > 0 ? `+${percent}%` : "0%";
}
