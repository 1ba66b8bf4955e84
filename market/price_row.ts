/** Lower edge, in ticks, of the row of `groupTicks` that holds a price: one rule for everything. */
export function rowOf(priceTicks: number, groupTicks: number): number {
  return Math.floor(priceTicks / groupTicks) * groupTicks;
}
