/** Ids a second, more than a market uses. */
const RATES = { aggTrade: 1_000, trade: 2_000, update: 10_000 };
const COUNTED_FROM = Date.UTC(2020, 0, 1);

/** Ids of a market that begins at a time: one that begins later continues above an earlier one. */
export function firstIds(time: number): { aggTrade: number; trade: number; update: number } {
  const seconds = Math.max(0, Math.floor((time - COUNTED_FROM) / 1000));
  return {
    aggTrade: 1 + seconds * RATES.aggTrade,
    trade: 1 + seconds * RATES.trade,
    update: 1 + seconds * RATES.update,
  };
}
