/** Rows from the lower edge `low` up to, not including, `end`; in ticks. */
export interface KnownRows {
  readonly low: number;
  readonly end: number;
}

/** The rows that lie wholly within the known prices, whose sums are therefore whole. */
export function knownRows(
  known: readonly [low: number, high: number] | null,
  group: number,
): KnownRows | null {
  if (known === null) return null;
  const low = Math.ceil(known[0] / group) * group;
  const end = Math.floor((known[1] + 1) / group) * group;
  return end > low ? { low, end } : null;
}

export function isKnownRow(rows: KnownRows | null, row: number): boolean {
  return rows !== null && row >= rows.low && row < rows.end;
}
