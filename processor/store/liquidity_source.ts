import type { HeatmapRequest } from "../heatmap.ts";
import type { GridSource } from "./liquidity_grid.ts";
import type { LiquidityLevel } from "./liquidity_schema.ts";
import type { LiquidityKey } from "./liquidity_series.ts";

/** So many units of the one scale are `a / b` of the other: both exact. */
type Ratio = readonly [a: number, b: number];

/**
 * How the rows of a recorded series fit into those of a request.
 *
 * @param key what the request is counted in
 * @returns null where the request's rows are not made of whole rows of the series
 */
export function sourceOf(
  recorded: LiquidityKey,
  { binMs, baseRows }: LiquidityLevel,
  key: LiquidityKey,
  { groupTicks }: HeatmapRequest,
): GridSource | null {
  const [a, b] = ratio(key.priceScale, recorded.priceScale);
  const ticksPerRow = groupTicks * a / b;
  const unitsPerRow = ticksPerRow / (recorded.baseTicks * baseRows);
  if (groupTicks * a % b !== 0 || !Number.isInteger(unitsPerRow)) return null;
  const [c, d] = ratio(recorded.qtyScale, key.qtyScale);
  return { binMs, unitsPerRow, ticksPerRow, lots: c / d };
}

/** Size in ticks of the request of the finest rows into which those of all series fit. */
export function finestGroup(
  recorded: readonly LiquidityKey[],
  { baseRows }: LiquidityLevel,
  key: LiquidityKey,
): number {
  return recorded.reduce((group, one) => {
    const [a, b] = ratio(one.priceScale, key.priceScale);
    // Where a tick became larger, a row may be a part of the new one.
    const ticks = one.baseTicks * baseRows * a;
    const whole = ticks / greatestDivisor(ticks, b);
    return group * whole / greatestDivisor(group, whole);
  }, 1);
}

interface DecimalScale {
  readonly decimals: number;
  readonly step: number;
}

function ratio(of: DecimalScale, to: DecimalScale): Ratio {
  const shift = to.decimals - of.decimals;
  const a = of.step * 10 ** Math.max(0, shift);
  const b = to.step * 10 ** Math.max(0, -shift);
  const common = greatestDivisor(a, b);
  return [a / common, b / common];
}

function greatestDivisor(a: number, b: number): number {
  while (b !== 0) [a, b] = [b, a % b];
  return a;
}
