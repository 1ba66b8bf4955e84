/** The ledger of gaps: what was unknown, when, and why. Times are UTC ms. */
export const GAPS_SCHEMA = `
  CREATE TABLE IF NOT EXISTS gaps (
    market VARCHAR NOT NULL,
    symbol VARCHAR NOT NULL,
    -- Rises with every gap of a symbol, so that a gap can be told again when it ends.
    number BIGINT NOT NULL,
    -- "book" or "trades"
    kind VARCHAR NOT NULL,
    from_time BIGINT NOT NULL,
    -- Null while the gap lasts.
    to_time BIGINT,
    reason VARCHAR NOT NULL,
    repaired BOOLEAN NOT NULL,
    -- Missing aggTrade ids, of gaps in the trades.
    from_id BIGINT,
    to_id BIGINT,
    PRIMARY KEY (market, symbol, number)
  );
  -- Until when the book was known: what lies between two runs is a gap as well.
  CREATE TABLE IF NOT EXISTS book_known (
    market VARCHAR NOT NULL,
    symbol VARCHAR NOT NULL,
    until_time BIGINT NOT NULL,
    PRIMARY KEY (market, symbol)
  );
`;
