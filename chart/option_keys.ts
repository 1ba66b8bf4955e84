import type { ChartOptions } from "./chart_state.ts";
import { offeredRowSizes } from "./row_size.ts";

/** What keys beside those that move the picture do, for people. */
export const OPTION_KEYS = [
  ["h", "heatmap"],
  ["v", "volume profile"],
  ["w", "walls"],
  ["g", "larger rows"],
  ["G", "smaller rows"],
  ["a", "rows by the zoom"],
] as const;

/**
 * The options after a key, or null where it means nothing.
 *
 * @param shownGroup size of the rows that are shown, in ticks
 * @param baseGroup size of the rows in which the heatmap is recorded, in ticks
 */
export function optionsByKey(
  key: string,
  options: ChartOptions,
  shownGroup: number | null,
  baseGroup: number | null,
): ChartOptions | null {
  switch (key) {
    case "h":
      return { ...options, heatmap: !options.heatmap };
    case "v":
      return { ...options, profile: !options.profile };
    case "w":
      return { ...options, walls: !options.walls };
    case "a":
      return { ...options, group: null };
    case "g":
    case "G": {
      if (shownGroup === null || baseGroup === null) return options;
      const sizes = offeredRowSizes(baseGroup);
      const group = key === "g"
        ? sizes.find((size) => size > shownGroup)
        : sizes.findLast((size) => size < shownGroup);
      return { ...options, group: group ?? options.group };
    }
    default:
      return null;
  }
}
