import { rowOf } from "../market/price_row.ts";
import { fromUnits } from "../market/scale.ts";
import { type ValueArea, valueArea } from "../market/volume_profile.ts";
import { groupedCandle } from "./grouped_candle.ts";
import { commonRowSize } from "./row_size.ts";
import type { Scene } from "./scene.ts";

export interface VisibleProfile {
  /** Row size in ticks; a multiple of the wanted one where candles are held in other rows. */
  readonly group: number;
  readonly candles: number;
  readonly rows: readonly { readonly row: number; sellLots: number; buyLots: number }[];
  readonly area: ValueArea | null;
  readonly maxLots: number;
  /** In whole units of the base asset, for the label. */
  readonly volume: number;
}

/** Sums the visible candles; worked out again only when they changed. */
export class ProfileMemory {
  #key = "";
  #profile: VisibleProfile | null = null;

  of(scene: Scene): VisibleProfile | null {
    const { candles, first, end, group } = scene;
    if (end <= first) return null;
    let revisions = 0;
    for (let i = first; i < end; i++) revisions += candles[i].revision;
    const key = `${candles[first].time} ${end - first} ${group} ${revisions}`;
    if (key !== this.#key) {
      this.#key = key;
      this.#profile = visibleProfile(scene);
    }
    return this.#profile;
  }
}

/**
 * Volume per row over the visible candles. Exact: rows have the smallest size into which the
 * wanted rows and those of every candle merge whole.
 */
export function visibleProfile(
  scene: Pick<Scene, "candles" | "first" | "end" | "group" | "instrument">,
): VisibleProfile {
  const { candles, first, end, instrument } = scene;
  let group = scene.group;
  for (let i = first; i < end; i++) {
    if (group % candles[i].group !== 0) group = commonRowSize(group, candles[i].group);
  }
  const sums = new Map<number, { row: number; sellLots: number; buyLots: number }>();
  let lots = 0;
  for (let i = first; i < end; i++) {
    // The rows as they are drawn anyway: their size divides `group`, so merging them is exact.
    const { rows, sell, buy } = groupedCandle(candles[i], scene.group, instrument.qtyScale);
    lots += candles[i].buyLots + candles[i].sellLots;
    for (let n = 0; n < rows.length; n++) {
      const row = rowOf(rows[n], group);
      const sum = sums.get(row);
      if (sum === undefined) sums.set(row, { row, sellLots: sell[n], buyLots: buy[n] });
      else {
        sum.sellLots += sell[n];
        sum.buyLots += buy[n];
      }
    }
  }
  const rows = [...sums.values()].sort((a, b) => a.row - b.row);
  let maxLots = 0;
  for (const { sellLots, buyLots } of rows) maxLots = Math.max(maxLots, sellLots + buyLots);
  return {
    group,
    candles: end - first,
    rows,
    area: valueArea(rows, group),
    maxLots,
    volume: fromUnits(instrument.qtyScale, lots),
  };
}
