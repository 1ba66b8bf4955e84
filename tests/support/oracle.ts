/** Shapes of the exact results beside the captures; see the README there. All numbers are texts. */

export interface OracleCandle {
  readonly openTime: number;
  readonly complete: boolean;
  readonly trades: number;
  readonly open: string;
  readonly high: string;
  readonly low: string;
  readonly close: string;
  readonly volume: string;
  readonly buyVolume: string;
  readonly sellVolume: string;
  readonly delta: string;
  readonly minDeltaFromZero: string;
  readonly maxDeltaFromZero: string;
  readonly footprint: Readonly<
    Record<string, {
      readonly poc: string;
      /** price, buyVolume, sellVolume, buyTrades, sellTrades, delta */
      readonly rows: readonly (readonly [string, string, string, number, number, string])[];
    }>
  >;
}

export interface OracleFootprints {
  readonly firstTradeId: number;
  readonly lastTradeId: number;
  readonly trades: number;
  readonly buckets: readonly string[];
  readonly candles: readonly OracleCandle[];
}

type OracleLevels = readonly (readonly [string, string])[];

export interface OracleBook {
  /** Null for the book at the end of the capture, in mid-minute. */
  readonly minuteEnd: number | null;
  readonly asOfE: number;
  readonly lastUpdateId: number;
  readonly bidLevels: number;
  readonly askLevels: number;
  readonly bidQtyTotal: string;
  readonly askQtyTotal: string;
  readonly top1000: { readonly bids: OracleLevels; readonly asks: OracleLevels };
  readonly heat: Readonly<
    Record<string, { readonly bids: OracleLevels; readonly asks: OracleLevels }>
  >;
}

export interface OracleBooks {
  readonly snapshot: {
    readonly lastUpdateId: number;
    readonly rangeLow: string;
    readonly rangeHigh: string;
  };
  readonly books: readonly OracleBook[];
}

/** Pairs of decimal texts -> pairs of numbers, as JSON answers have them. */
export function numbers(levels: OracleLevels): [number, number][] {
  return levels.map(([price, quantity]) => [Number(price), Number(quantity)]);
}
