import type { HeatTile } from "./model.ts";

/** Quantities, in lots, at the two ends of the colours, and the percentiles that they stand for. */
export interface HeatScale {
  readonly lowPercent: number;
  readonly highPercent: number;
  readonly low: number;
  readonly high: number;
  /** Another number for each change: what was coloured before must be coloured again. */
  readonly generation: number;
}

export const FIRST_SCALE: HeatScale = {
  lowPercent: 70,
  highPercent: 99.7,
  low: 1,
  high: 100,
  generation: 0,
};

const SAMPLES = 16_384;
/** Colours stay as they are until an end of the scale has moved by this factor. */
const TOLERANCE = 1.15;

/** About 16,000 resting quantities spread evenly over the tiles, ascending; empty cells left out. */
export function sampleTiles(tiles: readonly HeatTile[]): Float32Array {
  let cells = 0;
  for (const tile of tiles) cells += tile.values.length;
  const stride = Math.max(1, Math.floor(cells / SAMPLES / 1.7)) | 1;
  const samples = new Float32Array(Math.ceil(cells / stride) + tiles.length);
  let count = 0;
  for (const { values } of tiles) {
    for (let i = 0; i < values.length; i += stride) {
      if (values[i] > 0) samples[count++] = values[i];
    }
  }
  return samples.subarray(0, count).sort();
}

/** The value below which `percent` of the ascending samples lie, or null without samples. */
export function percentile(samples: Float32Array, percent: number): number | null {
  if (samples.length === 0) return null;
  const index = Math.round((percent / 100) * (samples.length - 1));
  return samples[index];
}

/** The scale for these samples; the same object while it is within tolerance. */
export function nextScale(
  current: HeatScale,
  samples: Float32Array,
  lowPercent: number,
  highPercent: number,
): HeatScale {
  const low = percentile(samples, lowPercent);
  const high = percentile(samples, highPercent);
  if (low === null || high === null) return current;
  const top = Math.max(high, low * 1.5);
  const moved = current.generation === 0 || lowPercent !== current.lowPercent ||
    highPercent !== current.highPercent || differs(low, current.low) || differs(top, current.high);
  if (!moved) return current;
  return { lowPercent, highPercent, low, high: top, generation: current.generation + 1 };
}

function differs(a: number, b: number): boolean {
  return a > b * TOLERANCE || b > a * TOLERANCE;
}
