/** The ledger of large resting orders that have ended. Prices are ticks, quantities lots. */
export const WALLS_SCHEMA = `
  CREATE TABLE IF NOT EXISTS walls (
    market VARCHAR NOT NULL,
    symbol VARCHAR NOT NULL,
    -- "bid" or "ask"
    side VARCHAR NOT NULL,
    -- Lower edge of the row.
    price_row BIGINT NOT NULL,
    -- Exchange times, UTC ms.
    born BIGINT NOT NULL,
    died BIGINT NOT NULL,
    peak_lots BIGINT NOT NULL,
    -- What was left in the row when it died.
    lots BIGINT NOT NULL,
    -- Traded against the row meanwhile.
    traded_lots BIGINT NOT NULL,
    -- "filled", "pulled", "mixed", or "unknown" when the book or trades were lost.
    ended VARCHAR NOT NULL,
    -- A feed that is played again tells the same walls.
    PRIMARY KEY (market, symbol, side, price_row, born)
  );
`;
