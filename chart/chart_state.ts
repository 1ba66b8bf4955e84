import type { LevelKind } from "./candle_levels.ts";
import { type CellOptions, FIRST_CELLS, FIRST_STUDIES, type StudyOptions } from "./cell_options.ts";
import type { Detail } from "./detail.ts";
import type { HeatScale } from "./heat_scale.ts";
import type { Wall } from "../market/wall.ts";

/** What a person may set. */
export interface ChartOptions {
  /** Row size in ticks, or null to merge rows by the zoom. */
  readonly group: number | null;
  readonly heatmap: boolean;
  readonly profile: boolean;
  /** Marks of large resting orders. */
  readonly walls: boolean;
  readonly lowPercent: number;
  readonly highPercent: number;
  /** What the rows of candles show, and how. */
  readonly cells: CellOptions;
  readonly studies: StudyOptions;
}

export const FIRST_OPTIONS: ChartOptions = {
  group: null,
  heatmap: true,
  profile: true,
  walls: true,
  lowPercent: 65,
  highPercent: 99.7,
  cells: FIRST_CELLS,
  studies: FIRST_STUDIES,
};

/** What the page around the chart shows of it; told only when it changed. */
export interface ChartReport {
  readonly following: boolean;
  readonly detail: Detail;
  readonly group: number;
  readonly scale: HeatScale;
  /** How many contents the rows have room for. */
  readonly columns: number;
}

/** A read-only look at the picture for tests: `globalThis.footprintChart`. */
export interface ChartInspection {
  /** Frames drawn. */
  readonly version: number;
  readonly mode: Detail | null;
  readonly following: boolean;
  /** Row size in ticks. */
  readonly group: number | null;
  /** Ticks. */
  readonly priceRange: readonly [low: number, high: number];
  /** UTC ms. */
  readonly timeRange: readonly [from: number, to: number];
  /** Cells of the tiles in the last picture that are known. */
  readonly heatmapCells: number;
  /** Every tile that is shown has come, and covers all visible prices. */
  readonly heatmapReady: boolean;
  /** Rows with a size in the last picture of the ladder. */
  readonly ladderRows: number;
  /** Script time of the last 240 frames, ms. */
  readonly frameTimes: readonly number[];
  /** Walls with a quantity beside them in the last picture. */
  readonly wallLabels: number;
  /** The lines of the readout at the top of the plot. */
  readonly readout: readonly string[];
  /** Walls in the last picture and where their marks lie, in device pixels of the canvas. */
  visibleWalls(): readonly {
    readonly wall: Wall;
    readonly left: number;
    readonly right: number;
    readonly top: number;
    readonly height: number;
  }[];
  visibleCandles(): readonly {
    readonly time: number;
    readonly open: number;
    readonly high: number;
    readonly low: number;
    readonly close: number;
    readonly buyLots: number;
    readonly sellLots: number;
    readonly rows: readonly (readonly [row: number, sellLots: number, buyLots: number])[];
  }[];
}

/** What is drawn in and after candles. */
export interface DrawnInspection extends ChartInspection {
  /** Contents of the rows as they are drawn at this zoom, e.g. "delta histogram". */
  readonly columns: readonly string[];
  /** Zones and lines in the last picture, in ticks and in device pixels of the canvas. */
  visibleLevels(): readonly {
    readonly kind: LevelKind;
    /** Open times of its candle and of the one that ended it. */
    readonly time: number;
    readonly end: number | null;
    readonly low: number;
    readonly high: number;
    readonly left: number;
    readonly right: number;
    readonly top: number;
    readonly bottom: number;
  }[];
}

declare global {
  var footprintChart: DrawnInspection | undefined;
}
