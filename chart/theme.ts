/** Colours and text styles of the dark theme. Items name them by index, drawing looks them up. */

/** Steps of the ramps that show strength: 0 is the faintest. */
export const RAMP_STEPS = 12;

const SELL_RGB = "239,111,108";
const BUY_RGB = "63,192,143";
const GREY_BLUE_RGB = "74,111,165";

/** What is of neither side. */
const NEUTRAL_RGB = "156,164,176";

const plain = {
  background: "#0a0d12",
  panel: "#0d1117",
  raised: "#10141b",
  grid: "rgba(140,160,185,0.07)",
  line: "#1c222c",
  daySeparator: "rgba(140,160,185,0.45)",
  plate: "rgba(10,13,18,0.8)",
  pale: "#6b7686",
  text: "#c9d1dc",
  sell: "#ef6f6c",
  buy: "#3fc08f",
  gold: "#e7c46a",
  sellBar: `rgba(${SELL_RGB},0.24)`,
  buyBar: `rgba(${BUY_RGB},0.22)`,
  sellStrong: `rgba(${SELL_RGB},0.46)`,
  buyStrong: `rgba(${BUY_RGB},0.42)`,
  sellPale: `rgba(${SELL_RGB},0.3)`,
  buyPale: `rgba(${BUY_RGB},0.28)`,
  sellFull: `rgba(${SELL_RGB},0.72)`,
  buyFull: `rgba(${BUY_RGB},0.68)`,
  neutralBar: `rgba(${NEUTRAL_RGB},0.2)`,
  neutralFull: `rgba(${NEUTRAL_RGB},0.62)`,
  neutralPale: `rgba(${NEUTRAL_RGB},0.3)`,
  valueArea: "#aab6c6",
  sellZone: `rgba(${SELL_RGB},0.24)`,
  buyZone: `rgba(${BUY_RGB},0.22)`,
  sellZonePast: `rgba(${SELL_RGB},0.16)`,
  buyZonePast: `rgba(${BUY_RGB},0.14)`,
  sellEdge: `rgba(${SELL_RGB},0.8)`,
  buyEdge: `rgba(${BUY_RGB},0.8)`,
  sellEdgePast: `rgba(${SELL_RGB},0.5)`,
  buyEdgePast: `rgba(${BUY_RGB},0.48)`,
  goldLine: "rgba(231,196,106,0.85)",
  goldLinePast: "rgba(231,196,106,0.4)",
  unfinished: "rgba(201,209,220,0.62)",
  unfinishedPast: "rgba(201,209,220,0.32)",
  goldBar: "rgba(231,196,106,0.42)",
  crosshair: "rgba(201,209,220,0.42)",
  lit: "rgba(201,209,220,0.16)",
  label: "#2b3444",
  present: "rgba(201,209,220,0.2)",
} as const;

export type FillName =
  | keyof typeof plain
  | "sellRamp"
  | "buyRamp"
  | "volumeRamp"
  | "askWallRamp"
  | "bidWallRamp"
  | "sellShade"
  | "buyShade"
  | "volumeShade";

const names = Object.keys(plain) as (keyof typeof plain)[];

function ramp(rgb: string, from: number, to: number): string[] {
  return Array.from(
    { length: RAMP_STEPS },
    (_, i) => `rgba(${rgb},${(from + (to - from) * i / (RAMP_STEPS - 1)).toFixed(3)})`,
  );
}

/** Fill styles by index; a ramp takes RAMP_STEPS places from its own index on. */
export const FILL_STYLES: readonly string[] = [
  ...Object.values(plain),
  ...ramp(SELL_RGB, 0.1, 0.85),
  ...ramp(BUY_RGB, 0.1, 0.85),
  ...ramp(GREY_BLUE_RGB, 0.12, 0.75),
  ...ramp(SELL_RGB, 0.2, 0.8),
  ...ramp(BUY_RGB, 0.2, 0.8),
  // Under text: the strongest still leaves it legible.
  ...ramp(SELL_RGB, 0.02, 0.34),
  ...ramp(BUY_RGB, 0.02, 0.3),
  ...ramp(NEUTRAL_RGB, 0.02, 0.4),
];

export const Fill = Object.fromEntries([
  ...names.map((name, index) => [name, index]),
  ["sellRamp", names.length],
  ["buyRamp", names.length + RAMP_STEPS],
  ["volumeRamp", names.length + 2 * RAMP_STEPS],
  ["askWallRamp", names.length + 3 * RAMP_STEPS],
  ["bidWallRamp", names.length + 4 * RAMP_STEPS],
  ["sellShade", names.length + 5 * RAMP_STEPS],
  ["buyShade", names.length + 6 * RAMP_STEPS],
  ["volumeShade", names.length + 7 * RAMP_STEPS],
]) as Readonly<Record<FillName, number>>;

/** The step of a ramp for a share of the largest value. */
export function rampStep(share: number): number {
  const step = Math.round(Math.sqrt(Math.min(1, Math.max(0, share))) * (RAMP_STEPS - 1));
  return step;
}

export const MONO = `"JetBrains Mono Variable", "JetBrains Mono", ui-monospace, monospace`;
export const SANS = `"Inter Variable", Inter, system-ui, sans-serif`;
