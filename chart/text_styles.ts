import { MONO, SANS } from "./theme.ts";

interface TextStyle {
  readonly weight: number;
  /** In CSS pixels. */
  readonly size: number;
  readonly family: string;
  readonly colour: string;
  readonly align: CanvasTextAlign;
}

function mono(colour: string, align: CanvasTextAlign, size = 11, weight = 400): TextStyle {
  return { weight, size, family: MONO, colour, align };
}

function sans(colour: string, align: CanvasTextAlign, size = 11, weight = 400): TextStyle {
  return { weight, size, family: SANS, colour, align };
}

const BRIGHT_SELL = "#ff9c99";
const BRIGHT_BUY = "#6be3b4";
const DARK = "#0a0d12";
const TEXT = "#c9d1dc";
const DIM = "#8490a1";
const FAINT = "#566070";
const GOLD = "#e7c46a";

/** Every kind of text on the canvases; items name one by its index in `Text`. */
const styles = {
  bid: mono("#b9c2ce", "right"),
  ask: mono("#b9c2ce", "left"),
  bidZero: mono(FAINT, "right"),
  askZero: mono(FAINT, "left"),
  bidStrong: mono(BRIGHT_SELL, "right", 11, 800),
  askStrong: mono(BRIGHT_BUY, "left", 11, 800),
  bidSmall: mono("#b9c2ce", "right", 10),
  askSmall: mono("#b9c2ce", "left", 10),
  bidZeroSmall: mono(FAINT, "right", 10),
  askZeroSmall: mono(FAINT, "left", 10),
  bidStrongSmall: mono(BRIGHT_SELL, "right", 10, 800),
  askStrongSmall: mono(BRIGHT_BUY, "left", 10, 800),
  deltaSell: mono(BRIGHT_SELL, "right"),
  deltaBuy: mono(BRIGHT_BUY, "right"),
  deltaSellSmall: mono(BRIGHT_SELL, "right", 10),
  deltaBuySmall: mono(BRIGHT_BUY, "right", 10),
  axis: mono(DIM, "left"),
  axisCentre: mono(DIM, "center"),
  axisStrong: mono(TEXT, "center", 11, 600),
  value: mono(TEXT, "left"),
  valueRight: mono(TEXT, "right"),
  valueCentre: mono(TEXT, "center"),
  dimRight: mono(DIM, "right"),
  dimCentre: mono(DIM, "center"),
  sellLeft: mono("#ef6f6c", "left"),
  buyLeft: mono("#3fc08f", "left"),
  sellRight: mono("#ef6f6c", "right"),
  buyRight: mono("#3fc08f", "right"),
  goldLeft: mono(GOLD, "left", 11, 600),
  goldRight: mono(GOLD, "right", 11, 600),
  onColour: mono(DARK, "left", 11, 700),
  onColourSmall: mono(DARK, "left", 10, 600),
  litCentre: mono("#ffffff", "center", 11, 700),
  name: sans(DIM, "left"),
  nameRight: sans(DIM, "right"),
  nameCentre: sans(DIM, "center", 12),
  goldName: sans(GOLD, "left", 10, 500),
} as const satisfies Record<string, TextStyle>;

export type TextName = keyof typeof styles;

export const Text = Object.fromEntries(
  Object.keys(styles).map((name, index) => [name, index]),
) as Readonly<Record<TextName, number>>;

/** What a canvas context needs for one style. */
export interface CanvasText {
  readonly font: string;
  readonly fill: string;
  readonly align: CanvasTextAlign;
}

/** Styles by index for a screen of `ratio` device pixels per CSS pixel. */
export function canvasTexts(ratio: number): readonly CanvasText[] {
  return Object.values(styles).map(({ weight, size, family, colour, align }) => ({
    font: `${weight} ${size * ratio}px ${family}`,
    fill: colour,
    align,
  }));
}

/** Advance of one monospace character, as a share of the font size (JetBrains Mono). */
export const MONO_ADVANCE = 0.6;
/** Height of digits above the baseline, as a share of the font size. */
export const DIGIT_HEIGHT = 0.73;
