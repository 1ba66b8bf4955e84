import type { DuckDBConnection } from "@duckdb/node-api";
import type { Instrument } from "../../market/instrument.ts";
import { nearestUnits, type Scale } from "../../market/scale.ts";
import type { MarketKind } from "../../market/types.ts";

/** What the recorded liquidity of a symbol is counted in. */
export interface LiquidityKey {
  readonly market: MarketKind;
  readonly symbol: string;
  readonly priceScale: Scale;
  readonly qtyScale: Scale;
  /** Size of a base row. */
  readonly baseTicks: number;
  /** The exchange's step size in lots. */
  readonly stepLots: number;
}

export interface LiquiditySeries {
  readonly id: number;
  readonly key: LiquidityKey;
}

export function liquidityKey(instrument: Instrument, baseTicks: number): LiquidityKey {
  const { market, symbol, priceScale, qtyScale, stepSize } = instrument;
  const stepLots = Math.max(1, nearestUnits(qtyScale, stepSize));
  return { market, symbol, priceScale, qtyScale, baseTicks, stepLots };
}

/** Two keys with the same text belong to one series. */
export function keyText(
  { market, symbol, priceScale, qtyScale, baseTicks, stepLots }: LiquidityKey,
) {
  const { decimals, step } = priceScale;
  return [market, symbol, decimals, step, qtyScale.decimals, qtyScale.step, baseTicks, stepLots]
    .join("/");
}

/** All series, or those of one symbol, in the order in which they were begun. */
export async function loadSeries(
  connection: DuckDBConnection,
  of?: { readonly market: string; readonly symbol: string },
): Promise<LiquiditySeries[]> {
  const reader = await connection.runAndReadAll(
    `SELECT id, market, symbol, price_decimals, price_step, qty_decimals, qty_step, base_ticks,
       step_lots
     FROM liquidity_series
     WHERE $1 IS NULL OR (market = $1 AND symbol = $2) ORDER BY id`,
    [of?.market ?? null, of?.symbol ?? null],
  );
  return reader.getRows().map(([id, market, symbol, ...numbers]) => {
    const [decimals, step, qtyDecimals, qtyStep, baseTicks, stepLots] = numbers.map(Number);
    return {
      id: Number(id),
      key: {
        market: market === "usdm" ? "usdm" : "spot",
        symbol: String(symbol),
        priceScale: { decimals, step },
        qtyScale: { decimals: qtyDecimals, step: qtyStep },
        baseTicks,
        stepLots,
      },
    };
  });
}

export async function saveSeries(
  connection: DuckDBConnection,
  { id, key }: LiquiditySeries,
): Promise<void> {
  await connection.run(
    "INSERT OR IGNORE INTO liquidity_series VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    [
      id,
      key.market,
      key.symbol,
      key.priceScale.decimals,
      BigInt(key.priceScale.step),
      key.qtyScale.decimals,
      BigInt(key.qtyScale.step),
      BigInt(key.baseTicks),
      BigInt(key.stepLots),
    ],
  );
}
