/** What each price row of a candle tells. */
export const CONTENTS = ["bidAsk", "delta", "volume", "trades"] as const;
export type CellContent = typeof CONTENTS[number];

/**
 * How it is drawn: as numbers; as bars from the column's centre, sells to the left and buys to the
 * right; or as bars from its left edge.
 */
export const DRAWINGS = ["numbers", "histogram", "profile"] as const;
export type CellDrawing = typeof DRAWINGS[number];

/** What the shading of a row shows. */
export const SHADES = ["none", "volume", "delta"] as const;
export type CellShade = typeof SHADES[number];

/** What full bars and the strongest shade stand for: the candle's largest row, or that of all. */
export const SCOPES = ["candle", "visible"] as const;
export type CellScope = typeof SCOPES[number];

export interface CellColumn {
  readonly content: CellContent;
  readonly drawing: CellDrawing;
}

export interface CellOptions {
  readonly first: CellColumn;
  /** Beside the first one where there is room. */
  readonly second: CellColumn | null;
  readonly shade: CellShade;
  readonly scope: CellScope;
}

/** What is marked in and after candles. */
export interface StudyOptions {
  readonly valueArea: boolean;
  /** Stacked imbalances as zones until they are touched. */
  readonly stacked: boolean;
  readonly unfinished: boolean;
  readonly nakedPoc: boolean;
}

export const FIRST_CELLS: CellOptions = {
  first: { content: "bidAsk", drawing: "numbers" },
  second: null,
  shade: "none",
  scope: "candle",
};

export const FIRST_STUDIES: StudyOptions = {
  valueArea: true,
  stacked: true,
  unfinished: false,
  nakedPoc: false,
};
