/**
 * A fixed-point scale: one integer unit is worth `step / 10 ** decimals`.
 * Prices count in ticks, quantities in lots; sums of units are exact and independent of order.
 */
export interface Scale {
  readonly decimals: number;
  readonly step: number;
}

const POINT = 46;
const ZERO = 48;
const NINE = 57;
const MAX_DECIMALS = 15;

/**
 * The scale whose unit is the given decimal text, e.g. `"0.01000000"` -> 1 / 100, `"0.5"` -> 5 / 10.
 *
 * @throws RangeError if the text is not a positive plain decimal number.
 */
export function parseScale(unit: string): Scale {
  const trimmed = unit.includes(".") ? unit.replace(/0+$/, "") : unit;
  const decimals = trimmed.includes(".") ? trimmed.length - trimmed.indexOf(".") - 1 : 0;
  const step = Number(trimmed.replace(".", ""));
  if (!/^\d+\.?\d*$/.test(unit) || !(step > 0) || decimals > MAX_DECIMALS) {
    throw new RangeError(`A unit must be a positive decimal number, received "${unit}"`);
  }
  return { decimals, step };
}

/**
 * Decimal text as sent by an exchange -> integer units, exactly.
 *
 * @throws RangeError if the text is no plain decimal number, is not a multiple of the unit, or
 * does not fit into an exact integer.
 */
export function toUnits(scale: Scale, text: string): number {
  const length = text.length;
  let mantissa = 0;
  let fraction = -1;
  for (let i = 0; i < length; i++) {
    const code = text.charCodeAt(i);
    if (code === POINT && fraction < 0 && i > 0) {
      fraction = 0;
      continue;
    }
    if (code < ZERO || code > NINE) {
      throw new RangeError(`A price or quantity must be a decimal number, received "${text}"`);
    }
    // The exchange pads with zeros: digits beyond the scale may only be zeros.
    if (fraction >= scale.decimals) {
      if (code !== ZERO) throw notMultiple(scale, text);
      continue;
    }
    if (fraction >= 0) fraction++;
    mantissa = mantissa * 10 + (code - ZERO);
  }
  if (length === 0) throw new RangeError(`A price or quantity must not be empty`);
  for (let i = fraction < 0 ? 0 : fraction; i < scale.decimals; i++) mantissa *= 10;
  if (mantissa > Number.MAX_SAFE_INTEGER) {
    throw new RangeError(
      `${text} is too large to be counted exactly in units of ${unitText(scale)}`,
    );
  }
  if (scale.step === 1) return mantissa;
  if (mantissa % scale.step !== 0) throw notMultiple(scale, text);
  return mantissa / scale.step;
}

/** Integer units -> the nearest double, which prints as the exact decimal (6183763 -> 61837.63). */
export function fromUnits(scale: Scale, units: number): number {
  return (units * scale.step) / 10 ** scale.decimals;
}

/** A double that came from {@linkcode fromUnits} or from a person -> the nearest integer units. */
export function nearestUnits(scale: Scale, value: number): number {
  return Math.round((value * 10 ** scale.decimals) / scale.step);
}

/** Integer units -> plain decimal text without a trailing zero, as an exchange would print it. */
export function unitsText(scale: Scale, units: number, minDecimals = 0): string {
  const fixed = fromUnits(scale, units).toFixed(scale.decimals);
  if (!fixed.includes(".")) return fixed;
  const point = fixed.indexOf(".");
  let end = fixed.length;
  while (end > point + 1 + minDecimals && fixed.charCodeAt(end - 1) === ZERO) end--;
  return fixed.slice(0, end === point + 1 ? point : end);
}

/** The value of one unit as decimal text. */
export function unitText(scale: Scale): string {
  return unitsText(scale, 1);
}

function notMultiple(scale: Scale, text: string): RangeError {
  return new RangeError(`${text} is not a multiple of ${unitText(scale)}`);
}
