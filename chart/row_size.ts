/** Rows merge when they would be lower than this share of the wanted height ... */
const TOO_LOW = 0.92;
/** ... and split when the next finer size would still be this much higher than wanted. */
const ROOMY = 1.12;

/** 1, 2, 5, 10, 20, ... times `unit`: the smallest of them that is at least `atLeast`. */
export function niceSizeAtLeast(unit: number, atLeast: number): number {
  if (atLeast <= unit) return unit;
  const power = 10 ** Math.floor(Math.log10(atLeast / unit));
  for (const factor of [1, 2, 5, 10]) {
    const size = Math.round(factor * power) * unit;
    // The tolerance takes up what dividing and multiplying may have lost.
    if (size >= atLeast * (1 - 1e-9)) return size;
  }
  return 10 * power * unit;
}

/** The next smaller size of the series 1, 2, 5, 10, ... times `unit`, or null below `unit`. */
export function nextFinerSize(unit: number, size: number): number | null {
  if (size <= unit) return null;
  const power = 10 ** Math.floor(Math.log10(size / unit) + 1e-9);
  const factor = Math.round(size / unit / power);
  const finer = factor >= 5 ? 2 * power : factor >= 2 ? power : power / 2;
  return Math.max(unit, Math.round(finer) * unit);
}

/**
 * Row size in ticks so that rows are about `wantedPx` high, at least. The current size stays while
 * it is good enough, so that rows do not flicker between two sizes at a threshold.
 */
export function autoRowSize(
  current: number | null,
  unit: number,
  ticksPerPx: number,
  wantedPx: number,
): number {
  const best = niceSizeAtLeast(unit, wantedPx * ticksPerPx);
  if (current === null || current % unit !== 0) return best;
  const currentPx = current / ticksPerPx;
  if (currentPx < wantedPx * TOO_LOW) return best;
  const finer = nextFinerSize(unit, current);
  if (finer !== null && finer / ticksPerPx >= wantedPx * ROOMY) return best;
  return current;
}

/**
 * Row size at which history is asked for: a power of ten, so that 1/2/5 sizes of the same power
 * are exact sums of it.
 */
export function fetchRowSize(groupTicks: number): number {
  return 10 ** Math.floor(Math.log10(groupTicks) + 1e-9);
}

/** All sizes 1, 2, 5, 10, ... ticks within [from, to], ascending. */
export function rowSizes(from: number, to: number): number[] {
  const sizes: number[] = [];
  for (let size = niceSizeAtLeast(1, from); size <= to; size = niceSizeAtLeast(1, size + 1)) {
    sizes.push(size);
  }
  return sizes;
}

/** From about a twentieth to a hundred times the recorded row. */
const FINEST_OFFERED = 1 / 20;
const COARSEST_OFFERED = 100;

/** Row sizes to choose by hand, ascending. */
export function offeredRowSizes(baseGroup: number): number[] {
  return rowSizes(baseGroup * FINEST_OFFERED, baseGroup * COARSEST_OFFERED);
}

/**
 * The smallest size that is a multiple of both, so that rows of either merge into it exactly: rows
 * begin at multiples of their size.
 */
export function commonRowSize(a: number, b: number): number {
  let divisor = a;
  for (let rest = b; rest !== 0;) [divisor, rest] = [rest, divisor % rest];
  return (a / divisor) * b;
}
