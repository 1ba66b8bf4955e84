import {
  type CellColumn,
  type CellOptions,
  type CellShade,
  FIRST_CELLS,
  FIRST_STUDIES,
} from "./cell_options.ts";
import type { Detail } from "./detail.ts";
import { groupedCandle } from "./grouped_candle.ts";
import type { Scale } from "../market/scale.ts";
import type { ChartCandle } from "./model.ts";

/** The largest values that full bars and the strongest shade stand for. */
export interface CellMaxima {
  readonly maxSide: number;
  readonly maxVolume: number;
  readonly maxDelta: number;
  readonly maxTrades: number;
}

/** How rows are drawn at a zoom; the same object as long as nothing of it changes. */
export interface CellLook {
  readonly columns: readonly CellColumn[];
  readonly shade: CellShade;
  readonly valueArea: boolean;
  /** Null: each candle's own. */
  readonly maxima: CellMaxima | null;
}

export const FIRST_LOOK: CellLook = {
  columns: [FIRST_CELLS.first],
  shade: FIRST_CELLS.shade,
  valueArea: FIRST_STUDIES.valueArea,
  maxima: null,
};

/** Space between two columns, in CSS pixels. */
export const COLUMN_SPACE = 7;
/** What a slot needs beside its columns: body and gaps. */
const BESIDE_COLUMNS = 13;
/** Width that the longest numbers need: 0.00 x 0.00, -0.00, 0.00 and 9.9k. */
const NUMBER_WIDTHS = { bidAsk: 61, delta: 40, volume: 34, trades: 34 } as const;
const BAR_WIDTH = 26;
/** A second column once shown is kept until there is this share of the room it needs. */
const KEEP = 0.95;

/** Width that a column needs, in CSS pixels. */
export function columnWidth({ content, drawing }: CellColumn): number {
  return drawing === "numbers" ? NUMBER_WIDTHS[content] : BAR_WIDTH;
}

/** Width of the slot, in CSS pixels, that has room for these columns. */
export function slotWidthFor(columns: readonly CellColumn[]): number {
  let width = BESIDE_COLUMNS + (columns.length - 1) * COLUMN_SPACE;
  for (const column of columns) width += columnWidth(column);
  return width;
}

/** The columns that a slot has room for: the second one goes first. */
export function columnsFor(
  { first, second }: CellOptions,
  slotPx: number,
  shownBefore: number,
): readonly CellColumn[] {
  if (second === null) return [first];
  const both = [first, second];
  const needed = slotWidthFor(both) * (shownBefore === 2 ? KEEP : 1);
  return slotPx >= needed ? both : [first];
}

/** Least slot with numbers; none has any when no column wants them. */
export function numbersFrom(columns: readonly CellColumn[]): number {
  return columns.some(({ drawing }) => drawing === "numbers") ? slotWidthFor(columns) : Infinity;
}

/** The same columns without numbers, for rows too low or slots too narrow for them. */
export function simplified(columns: readonly CellColumn[], detail: Detail): readonly CellColumn[] {
  if (detail === "numbers") return columns;
  return columns.map((column) =>
    column.drawing === "numbers" ? { ...column, drawing: "histogram" } : column
  );
}

/** Largest values over visible candles, rounded up so that they seldom change. */
export function visibleMaxima(
  candles: readonly ChartCandle[],
  first: number,
  end: number,
  group: number,
  qtyScale: Scale,
): CellMaxima {
  let [maxSide, maxVolume, maxDelta, maxTrades] = [0, 0, 0, 0];
  for (let i = first; i < end; i++) {
    const candle = groupedCandle(candles[i], group, qtyScale);
    maxSide = Math.max(maxSide, candle.maxSide);
    maxVolume = Math.max(maxVolume, candle.maxVolume);
    maxDelta = Math.max(maxDelta, candle.maxDelta);
    maxTrades = Math.max(maxTrades, candle.maxTrades);
  }
  return {
    maxSide: roundedUp(maxSide),
    maxVolume: roundedUp(maxVolume),
    maxDelta: roundedUp(maxDelta),
    maxTrades: roundedUp(maxTrades),
  };
}

/** The next quarter of an octave: every candle is painted anew when it changes. */
function roundedUp(value: number): number {
  return value === 0 ? 0 : 2 ** (Math.ceil(Math.log2(value) * 4) / 4);
}

/** `held` when it looks the same as `next`. */
export function keptLook(held: CellLook | null, next: CellLook): CellLook {
  return held !== null && sameLook(held, next) ? held : next;
}

function sameLook(a: CellLook, b: CellLook): boolean {
  return a.shade === b.shade && a.valueArea === b.valueArea &&
    a.columns.length === b.columns.length &&
    a.columns.every((column, i) =>
      column.content === b.columns[i].content && column.drawing === b.columns[i].drawing
    ) &&
    a.maxima?.maxSide === b.maxima?.maxSide && a.maxima?.maxVolume === b.maxima?.maxVolume &&
    a.maxima?.maxDelta === b.maxima?.maxDelta && a.maxima?.maxTrades === b.maxima?.maxTrades;
}
