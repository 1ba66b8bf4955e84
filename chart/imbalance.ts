/** One side must be this many times as large as the other, diagonally, to be an imbalance. */
export const IMBALANCE_RATIO = 3;
/** The least volume of an imbalance, as a share of the candle's volume: dust never counts. */
export const IMBALANCE_MIN_SHARE = 0.02;

export const SELL_IMBALANCE = 1;
export const BUY_IMBALANCE = 2;

/**
 * Diagonal imbalances by price: buys of a row against sells of the row below, sells of a row
 * against buys of the row above. A row that is missing traded nothing.
 *
 * @param rows ascending lower edges
 * @returns per row SELL_IMBALANCE, BUY_IMBALANCE, both or 0
 */
export function imbalances(
  rows: Float64Array,
  sell: Float64Array,
  buy: Float64Array,
  groupTicks: number,
  minLots: number,
): Uint8Array {
  const flags = new Uint8Array(rows.length);
  for (let i = 0; i < rows.length; i++) {
    const sellBelow = i > 0 && rows[i - 1] === rows[i] - groupTicks ? sell[i - 1] : 0;
    const last = i === rows.length - 1;
    const buyAbove = !last && rows[i + 1] === rows[i] + groupTicks ? buy[i + 1] : 0;
    if (dominates(buy[i], sellBelow, minLots)) flags[i] |= BUY_IMBALANCE;
    if (dominates(sell[i], buyAbove, minLots)) flags[i] |= SELL_IMBALANCE;
  }
  return flags;
}

function dominates(lots: number, against: number, minLots: number): boolean {
  return lots > 0 && lots >= minLots && lots >= against * IMBALANCE_RATIO;
}
