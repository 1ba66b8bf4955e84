import type { FootprintLevel } from "../market/footprint.ts";
import type { Instrument } from "../market/instrument.ts";
import type { FlatLevels, Trade } from "../market/types.ts";
import type { Wall } from "../market/wall.ts";

/** What the chart reads. The page's live data has these shapes; the chart never changes them. */
export interface ChartCandle {
  /** Open time. */
  readonly time: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly buyLots: number;
  readonly sellLots: number;
  readonly minDelta: number;
  readonly maxDelta: number;
  readonly trades: number;
  /** Every trade of it is known. */
  readonly complete: boolean;
  /** Trades inside it, or right before or after it, are missing. */
  readonly gap: boolean;
  /** Row size of `levels` in ticks: 1 for live candles, larger for history from far away. */
  readonly group: number;
  readonly levels: ReadonlyMap<number, Readonly<FootprintLevel>>;
  /** Another number whenever anything above changed. */
  readonly revision: number;
}

/** A rectangle of the heatmap: mean resting lots, NaN where unknown. */
export interface HeatTile {
  readonly start: number;
  readonly stepMs: number;
  readonly columns: number;
  /** Row size in ticks. */
  readonly group: number;
  /** Lower edge of the lowest row, in ticks. */
  readonly low: number;
  readonly rows: number;
  /** Row by row from the highest price down, each with one value per column. */
  readonly values: Float32Array;
  /** Rises whenever values change. */
  readonly version: number;
  /** The server has answered for it; until then every cell is unknown. */
  readonly ready: boolean;
}

export interface HeatRequest {
  readonly from: number;
  readonly to: number;
  readonly stepMs: number;
  readonly group: number;
  readonly low: number;
  readonly high: number;
}

export interface BookView {
  /** Null while the book is unknown. */
  readonly known: readonly [low: number, high: number] | null;
  /** Null while it is unknown or lies beyond the known range. */
  readonly bestBid: number | null;
  readonly bestAsk: number | null;
  readonly version: number;
  /** Best first, flat: row's lower edge, lots, ...; rows beyond `known` are not whole. */
  rows(side: "bid" | "ask", groupTicks: number, limit: number): FlatLevels;
}

/** Large resting orders: those that rest, and those that have ended, in no order. */
export interface WallsView {
  readonly walls: readonly Wall[];
  /** Size of their rows in ticks. */
  readonly rowTicks: number;
  /** Another number whenever anything above changed. */
  readonly version: number;
}

/** A time for which the book or trades are not known, and why. */
export interface ChartGap {
  readonly kind: "book" | "trades";
  readonly from: number;
  /** Null while it lasts. */
  readonly to: number | null;
  readonly reason: string;
}

/** Everything that is drawn comes through here; asking for what is missing has it fetched. */
export interface ChartSource {
  readonly instrument: Instrument | null;
  readonly baseGroup: number | null;
  /** Length of the candles. */
  readonly intervalMs: number;
  /** Ascending by time. */
  readonly candles: readonly ChartCandle[];
  readonly book: BookView;
  readonly walls: WallsView;
  /** Newest last. */
  readonly tape: readonly Trade[];
  /** Exchange time of this moment, or null before the first frame. */
  now(): number | null;
  /** End of the newest closed heatmap column, or null before the first. */
  readonly heatEnd: number | null;
  /** Tiles that overlap the request, coarser or older ones first; missing ones are fetched. */
  heatTiles(request: HeatRequest): readonly HeatTile[];
  /** Has candles of [from, to) with rows of `groupTicks` or finer fetched where they are missing. */
  wantCandles(from: number, to: number, groupTicks: number): void;
  /** Gaps around the visible time, as far as they have come. */
  readonly gaps: readonly ChartGap[];
  /** Has the gaps that touch [from, to) fetched where they are missing. */
  wantGaps(from: number, to: number): void;
  /** Has walls that rested at some time of [from, to) fetched where they are missing. */
  wantWalls(from: number, to: number): void;
}
