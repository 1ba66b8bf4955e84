import { decimalsFor, priceText } from "./format.ts";
import type { RectItems, TextItems } from "./items.ts";
import type { VisibleProfile } from "./profile.ts";
import type { Scene } from "./scene.ts";
import { Text } from "./text_styles.ts";
import { Fill } from "./theme.ts";
import { priceToY } from "./view.ts";

const LABEL_PX = 82;

/** Volume profile of the visible range, growing leftwards from the plot's right end. */
export function addProfile(
  rects: RectItems,
  texts: TextItems,
  scene: Scene,
  profile: VisibleProfile,
): void {
  const { layout, view, instrument } = scene;
  const { plot, ratio, profileWidth, compact } = layout;
  const { area, group, rows, maxLots } = profile;
  if (area === null || maxLots === 0) return;
  const line = Math.max(1, Math.round(ratio));
  // Labels stand left of the longest bar.
  const longest = profileWidth - (compact ? 0 : Math.round(LABEL_PX * ratio));
  for (const { row, sellLots, buyLots } of rows) {
    const y = Math.round(priceToY(view, row + group));
    const bottom = Math.round(priceToY(view, row));
    if (bottom < 0 || y > plot.height) continue;
    const height = Math.max(1, bottom - y - (bottom - y > 3 * ratio ? line : 0));
    const full = row >= area.val && row <= area.vah;
    const buyWidth = Math.round((buyLots / maxLots) * longest);
    const sellWidth = Math.round((sellLots / maxLots) * longest);
    const right = plot.width;
    rects.add(right - buyWidth, y, buyWidth, height, full ? Fill.buyFull : Fill.buyPale);
    const sellX = right - buyWidth - sellWidth;
    rects.add(sellX, y, sellWidth, height, full ? Fill.sellFull : Fill.sellPale);
  }
  if (compact) return;
  const decimals = decimalsFor(instrument.priceScale, group);
  const left = plot.width - profileWidth;
  for (const { row, name, y } of profileLabels(scene, profile)) {
    const isPoc = name === "VPOC";
    const fill = isPoc ? Fill.gold : Fill.pale;
    rects.addDots(left, y, plot.width - left, line, Math.round(3 * ratio), fill);
    const text = `${name} ${priceText(instrument.priceScale, row, decimals)}`;
    texts.add(left, y - Math.round(4 * ratio), text, isPoc ? Text.goldName : Text.name);
  }
}

export interface ProfileLabel {
  readonly name: "VAH" | "VAL" | "VPOC";
  /** Lower edge in ticks. */
  readonly row: number;
  /** Of the line on which the text stands, in device pixels. */
  readonly y: number;
}

/** The labels that have room: VAH and VAL apart from VPOC, all within the plot. */
export function profileLabels(
  { layout, view }: Scene,
  { area, group }: VisibleProfile,
): ProfileLabel[] {
  const { ratio, plot, compact } = layout;
  if (area === null || compact) return [];
  const labels: ProfileLabel[] = [];
  const add = (name: ProfileLabel["name"], row: number) => {
    const y = Math.round(priceToY(view, row + group / 2));
    if (y >= 14 * ratio && y <= plot.height) labels.push({ name, row, y });
  };
  const apart = 15 * ratio * view.ticksPerPx;
  if (area.vah - area.poc >= apart) add("VAH", area.vah);
  if (area.poc - area.val >= apart) add("VAL", area.val);
  add("VPOC", area.poc);
  return labels;
}
