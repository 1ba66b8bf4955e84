/** One row of a volume profile: lower edge in ticks, and what traded in it. */
export interface ProfileRow {
  readonly row: number;
  readonly sellLots: number;
  readonly buyLots: number;
}

/** Rows named by their lower edge, in ticks. */
export interface ValueArea {
  readonly poc: number;
  readonly vah: number;
  readonly val: number;
}

/**
 * Point of control and 70 % value area of a profile.
 *
 * POC is the row with the largest volume, the lower one on a tie. From it the larger of the next
 * row above and the next below is added (the upper one on a tie) until 70 % is reached. Rows
 * without a trade count as 0; rows beyond the lowest and highest traded one do not exist.
 *
 * @param rows ascending, disjoint, each `groupTicks` high
 * @returns null when there is no row
 */
export function valueArea(rows: readonly ProfileRow[], groupTicks: number): ValueArea | null {
  if (rows.length === 0) return null;
  let poc = 0;
  let total = 0;
  for (let i = 0; i < rows.length; i++) {
    total += volumeOf(rows[i]);
    if (volumeOf(rows[i]) > volumeOf(rows[poc])) poc = i;
  }
  let sum = volumeOf(rows[poc]);
  let vah = rows[poc].row;
  let val = rows[poc].row;
  // The next traded rows outside the area; between them and the area lie empty rows.
  let above = poc + 1;
  let below = poc - 1;
  while (sum * 10 < total * 7) {
    const up = neighbour(rows[above], vah + groupTicks);
    const down = neighbour(rows[below], val - groupTicks);
    if (up >= down) {
      // Nothing adjacent on either side: the tie goes up through all the empty rows at once.
      if (rows[above].row !== vah + groupTicks) vah = rows[above].row - groupTicks;
      else {
        vah = rows[above].row;
        sum += volumeOf(rows[above++]);
      }
    } else if (rows[below].row !== val - groupTicks) val = rows[below].row + groupTicks;
    else {
      val = rows[below].row;
      sum += volumeOf(rows[below--]);
    }
  }
  return { poc: rows[poc].row, vah, val };
}

/** Volume of the adjacent row: 0 where nothing traded, -1 beyond the last traded row. */
function neighbour(next: ProfileRow | undefined, adjacentRow: number): number {
  if (next === undefined) return -1;
  return next.row === adjacentRow ? volumeOf(next) : 0;
}

function volumeOf(row: ProfileRow): number {
  return row.sellLots + row.buyLots;
}
