import { IdRanges } from "../../market/id_ranges.ts";
import type { TradeFileInfo } from "./parquet_file.ts";

/**
 * Segments of one day whose every id another one of them holds: a merge was cut off before it had
 * removed what it replaced.
 */
export function doubledSegments<Segment extends Pick<TradeFileInfo, "ids" | "rows">>(
  ofDay: readonly Segment[],
): Segment[] {
  const bySize = [...ofDay].sort((a, b) => a.rows - b.rows);
  return bySize.filter((segment, i) =>
    bySize.slice(i + 1).some((other) => {
      const ids = IdRanges.of(other.ids);
      return segment.ids.every(({ from, to }) => ids.covers(from, to));
    })
  );
}
