/** Stops of the palette: nearly the background, blues, cream, gold at the very end. RGB. */
const STOPS: readonly (readonly [at: number, r: number, g: number, b: number])[] = [
  [0, 10, 13, 18],
  [0.12, 11, 17, 28],
  [0.4, 16, 38, 72],
  [0.62, 32, 78, 124],
  [0.8, 96, 148, 174],
  [0.93, 238, 226, 190],
  [1, 240, 190, 84],
];

/** Colour of a place on the scale (0 to 1) as one pixel in the canvas's byte order. */
export function palettePixel(share: number): number {
  const [r, g, b] = paletteRgb(share);
  return ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;
}

export function paletteRgb(share: number): [number, number, number] {
  const at = Math.min(1, Math.max(0, share));
  for (let i = 1; i < STOPS.length; i++) {
    if (at > STOPS[i][0]) continue;
    const [from, r0, g0, b0] = STOPS[i - 1];
    const [to, r1, g1, b1] = STOPS[i];
    const t = (at - from) / (to - from);
    return [
      Math.round(r0 + (r1 - r0) * t),
      Math.round(g0 + (g1 - g0) * t),
      Math.round(b0 + (b1 - b0) * t),
    ];
  }
  return [STOPS[0][1], STOPS[0][2], STOPS[0][3]];
}

/** Where a quantity lies between the two ends of the scale, evenly in its logarithm. */
export function heatShare(lots: number, low: number, high: number): number {
  if (!(lots > 0)) return 0;
  // Below the lower handle colours still fade out, over a tenth of its quantity.
  const share = Math.log(lots / low) / Math.log(high / low);
  return Math.min(1, 0.12 + 0.88 * Math.max(-0.13, share));
}

const TABLE_SIZE = 1 << 16;
const SHIFT = 16;
const single = new Float32Array(1);
const singleBits = new Uint32Array(single.buffer);

/**
 * Colours by the upper 16 bits of a value's 32-bit float, which grow with the value: colouring a
 * cell is one look-up. NaN (unknown) and negative values are transparent.
 */
export function colourTable(low: number, high: number): Uint32Array<ArrayBuffer> {
  const table = new Uint32Array(TABLE_SIZE);
  for (let bits = 0; bits < 0x7f80; bits++) {
    singleBits[0] = (bits << SHIFT) | 0x8000;
    table[bits] = palettePixel(bits === 0 ? 0 : heatShare(single[0], low, high));
  }
  return table;
}

/** Colours `count` values from `from` on into pixels. */
export function colourCells(
  bits: Uint32Array,
  from: number,
  count: number,
  table: Uint32Array,
  pixels: Uint32Array,
  to: number,
): void {
  for (let i = 0; i < count; i++) pixels[to + i] = table[bits[from + i] >>> SHIFT];
}
