import { MINUTE_MS } from "../../market/interval.ts";

/** How one level of the recorded liquidity is stored. */
export interface LiquidityLevel {
  /** The table of its cells; that of its bins has `_bins` behind the name. */
  readonly table: string;
  readonly binMs: number;
  /** Rows are so many base rows high. */
  readonly baseRows: number;
  /** All resting rows are listed at least so often. */
  readonly keyframeMs: number;
}

export const SECONDS: LiquidityLevel = {
  table: "liquidity_1s",
  binMs: 1000,
  baseRows: 1,
  keyframeMs: 5 * MINUTE_MS,
};

export const MINUTES: LiquidityLevel = {
  table: "liquidity_1m",
  binMs: MINUTE_MS,
  baseRows: 10,
  keyframeMs: 60 * MINUTE_MS,
};

/** Finest first. */
export const LEVELS: readonly LiquidityLevel[] = [SECONDS, MINUTES];

/**
 * One series per symbol, scales and row size: another tick size begins another series.
 * A price is ticks x price_step / 10^price_decimals, a quantity lots x qty_step / 10^qty_decimals.
 */
const SERIES = `
  CREATE TABLE IF NOT EXISTS liquidity_series (
    id INTEGER PRIMARY KEY,
    market VARCHAR NOT NULL,
    symbol VARCHAR NOT NULL,
    price_decimals INTEGER NOT NULL,
    price_step BIGINT NOT NULL,
    qty_decimals INTEGER NOT NULL,
    qty_step BIGINT NOT NULL,
    -- Size of a base row.
    base_ticks BIGINT NOT NULL,
    -- The exchange's step size: almost every quantity is a multiple of it.
    step_lots BIGINT NOT NULL
  );
`;

/**
 * The cells say what changed. A bin without a cell for a row leaves it as it was, which is nothing
 * at a keyframe; a time without a bin is unknown, and so are prices outside of its known range.
 *
 * A cell's quantities are integers in lots: it closed with c = close_steps x step_lots + close_rest,
 * and its sum over the bin is c x length + over_steps x step_lots + over_rest, in lots x ms. Split
 * and taken from the close they need the fewest bits: 7 to 8 bytes a cell, against 14 plainly. No
 * index: bins are written once, in the order of time.
 */
function levelTables({ table, binMs, baseRows }: LiquidityLevel): string {
  return `
    CREATE TABLE IF NOT EXISTS ${table}_bins (
      series INTEGER NOT NULL,
      time BIGINT NOT NULL,
      known_low_ticks BIGINT NOT NULL,
      known_high_ticks BIGINT NOT NULL,
      is_keyframe BOOLEAN NOT NULL
    );
    CREATE TABLE IF NOT EXISTS ${table} (
      series INTEGER NOT NULL,
      time BIGINT NOT NULL,
      is_bid BOOLEAN NOT NULL,
      -- Counts rows of ${baseRows} x base_ticks from price 0.
      row_index BIGINT NOT NULL,
      over_steps BIGINT NOT NULL,
      over_rest BIGINT NOT NULL,
      close_steps BIGINT NOT NULL,
      close_rest BIGINT NOT NULL
    );
    -- For people: prices and quantities as decimals.
    CREATE VIEW IF NOT EXISTS ${table}_cells AS
      SELECT s.market, s.symbol, c.time, CASE WHEN c.is_bid THEN 'bid' ELSE 'ask' END AS side,
        c.row_index * ${baseRows} * s.base_ticks * s.price_step / pow(10, s.price_decimals) AS row,
        (c.close_steps * s.step_lots + c.close_rest
          + (c.over_steps * s.step_lots + c.over_rest) / ${binMs}.0)
          * s.qty_step / pow(10, s.qty_decimals) AS mean,
        (c.close_steps * s.step_lots + c.close_rest) * s.qty_step / pow(10, s.qty_decimals) AS close
      FROM ${table} c JOIN liquidity_series s ON s.id = c.series;
  `;
}

/** Resting liquidity per second and per minute. Times are UTC ms. */
export const LIQUIDITY_SCHEMA = [SERIES, ...LEVELS.map(levelTables)].join("\n");
