import type { Side } from "../market/types.ts";
import type { WallEnd } from "../market/wall.ts";

/** One row of a candle: price, sellVolume, buyVolume, trades; decimals. */
export type ApiLevel = readonly [price: number, sell: number, buy: number, trades: number];

export interface ApiCandle {
  readonly time: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly buyVolume: number;
  readonly sellVolume: number;
  readonly minDelta: number;
  readonly maxDelta: number;
  readonly trades: number;
  readonly complete: boolean;
  readonly gap: boolean;
  readonly levels: readonly ApiLevel[];
}

export interface ApiCandles {
  readonly group: number;
  readonly candles: readonly ApiCandle[];
}

/** One array of rows per time; null = unknown (a cell or a whole column). */
type ApiCells = readonly (readonly (number | null)[] | null)[];

export interface ApiHeatmap {
  readonly step: number;
  readonly group: number;
  readonly times: readonly number[];
  readonly prices: readonly number[];
  readonly bids: ApiCells;
  readonly asks: ApiCells;
}

export interface ApiWall {
  readonly side: Side;
  readonly price: number;
  readonly born: number;
  readonly died: number | null;
  readonly peak: number;
  readonly quantity: number;
  readonly traded: number;
  readonly ended: WallEnd | null;
}

export interface ApiWalls {
  readonly walls: readonly ApiWall[];
}

export interface ApiGap {
  readonly kind: "book" | "trades";
  readonly from: number;
  /** Null while it lasts. */
  readonly to: number | null;
  readonly reason: string;
}

export interface ApiGaps {
  readonly gaps: readonly ApiGap[];
}

/** Answers of GET `path`; rejects with the server's own sentence when it refuses. */
export type ApiGet = <T>(
  path: string,
  query: Readonly<Record<string, string | number>>,
  signal: AbortSignal,
) => Promise<T>;

export const apiGet: ApiGet = async <T>(
  path: string,
  query: Readonly<Record<string, string | number>>,
  signal: AbortSignal,
): Promise<T> => {
  const params = new URLSearchParams(
    Object.entries(query).map(([name, value]) => [name, String(value)]),
  );
  const response = await fetch(`${path}?${params}`, { signal });
  const body = await response.json();
  if (response.ok) return body;
  const message = body?.error?.message ?? `${path} answered ${response.status}`;
  throw new ApiError(body?.error?.code ?? "internal", message);
};

/** The server's refusal: a word for programs, and its own sentence. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}
