/** How long a candle of each rollup is, by the ending of its tables' names. */
export const ROLLUPS = { "1m": 60_000, "1h": 3_600_000 } as const;

export type Rollup = keyof typeof ROLLUPS;

/**
 * One id per symbol and scales; the size of its rows is chosen once.
 * A price is ticks x price_step / 10^price_decimals, a quantity lots x qty_step / 10^qty_decimals.
 */
const SYMBOLS = `
  CREATE TABLE IF NOT EXISTS rollup_symbols (
    id INTEGER PRIMARY KEY,
    market VARCHAR NOT NULL,
    symbol VARCHAR NOT NULL,
    price_decimals INTEGER NOT NULL,
    price_step BIGINT NOT NULL,
    qty_decimals INTEGER NOT NULL,
    qty_step BIGINT NOT NULL,
    -- Size of a row.
    base_ticks BIGINT NOT NULL
  );
`;

/**
 * Open, close and the extremes of the running delta cannot be had from rows, so that candles stand
 * beside them. Only closed candles are here. No index: a candle is written once, in the order of
 * time, and hardly ever again.
 */
function tables(rollup: Rollup): string {
  return `
    CREATE TABLE IF NOT EXISTS candle_${rollup} (
      symbol_id INTEGER NOT NULL,
      -- UTC ms at which it opens.
      time BIGINT NOT NULL,
      open BIGINT NOT NULL,
      high BIGINT NOT NULL,
      low BIGINT NOT NULL,
      close BIGINT NOT NULL,
      min_delta BIGINT NOT NULL,
      max_delta BIGINT NOT NULL,
      -- Counts aggTrades.
      trades BIGINT NOT NULL,
      first_id BIGINT NOT NULL,
      last_id BIGINT NOT NULL,
      buy_lots BIGINT NOT NULL,
      sell_lots BIGINT NOT NULL,
      -- Ids prove that no trade is missing.
      complete BOOLEAN NOT NULL,
      -- False where min_delta and max_delta can only be had from the trades.
      exact BOOLEAN NOT NULL
    );
    CREATE TABLE IF NOT EXISTS footprint_${rollup} (
      symbol_id INTEGER NOT NULL,
      time BIGINT NOT NULL,
      -- Lower edge of the row.
      row_ticks BIGINT NOT NULL,
      buy_lots BIGINT NOT NULL,
      sell_lots BIGINT NOT NULL,
      buy_trades BIGINT NOT NULL,
      sell_trades BIGINT NOT NULL
    );
  `;
}

/** Footprints per minute and hour: all of it can be rebuilt from the archive of trades. */
export const ROLLUP_SCHEMA = [SYMBOLS, tables("1m"), tables("1h")].join("\n");
