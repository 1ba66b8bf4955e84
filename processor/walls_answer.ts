import type { WallsAnswer } from "../bus/queries.ts";
import { QueryError } from "../bus/query_error.ts";
import type { Instrument } from "../market/instrument.ts";
import { fromUnits } from "../market/scale.ts";
import { type Wall, wallKey } from "../market/wall.ts";
import { byBirth } from "./walls.ts";

export const MAX_WALLS_AN_ANSWER = 20_000;

/**
 * The body of /api/walls.
 *
 * @param walls from memory and from the store; one that is in both counts once
 * @throws QueryError when there are too many
 */
export function wallsAnswer(
  { symbol, priceScale, qtyScale }: Instrument,
  ...walls: readonly (readonly Wall[])[]
): WallsAnswer {
  const merged = new Map<string, Wall>();
  for (const wall of walls.flat()) merged.set(wallKey(wall), wall);
  if (merged.size > MAX_WALLS_AN_ANSWER) {
    throw new QueryError(
      "too_large",
      `The range holds ${merged.size} walls, at most ${MAX_WALLS_AN_ANSWER} are given at once`,
    );
  }
  return {
    symbol,
    walls: [...merged.values()].sort(byBirth).map((wall) => ({
      side: wall.side,
      price: fromUnits(priceScale, wall.row),
      born: wall.born,
      died: wall.died,
      peak: fromUnits(qtyScale, wall.peakLots),
      quantity: fromUnits(qtyScale, wall.lots),
      traded: fromUnits(qtyScale, wall.tradedLots),
      ended: wall.ended,
    })),
  };
}
