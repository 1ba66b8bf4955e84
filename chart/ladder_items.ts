import { rowOf } from "../market/price_row.ts";
import { fromUnits, unitsText } from "../market/scale.ts";
import { decimalsFor, ladderQuantity, priceText } from "./format.ts";
import type { RectItems, TextItems } from "./items.ts";
import { isKnownRow, type KnownRows, knownRows } from "./known_rows.ts";
import type { BookView } from "./model.ts";
import { autoRowSize } from "./row_size.ts";
import type { Scene } from "./scene.ts";
import { DIGIT_HEIGHT, Text } from "./text_styles.ts";
import { Fill } from "./theme.ts";
import { priceToY, yToPrice } from "./view.ts";

const LEAST_ROW_PX = 11.5;
const WANTED_ROW_PX = 13;
/** Sizes at or above this percentile of the visible ones are large. */
const LARGE_SHARE = 0.97;
const MAX_ROWS = 20_000;

export interface LadderRows {
  readonly group: number;
  /** Rows of [low, end) are known in full; null when none is. */
  readonly known: KnownRows | null;
  /** Flat: row, lots; visible and fully known rows only. */
  readonly bids: readonly number[];
  readonly asks: readonly number[];
  readonly largeLots: number;
  readonly maxLots: number;
}

/** The chart's row size where its rows are high enough, otherwise rows merged until they are. */
export function ladderGroup(scene: Scene, current: number | null): number {
  const { group, view, layout } = scene;
  if (group / view.ticksPerPx >= LEAST_ROW_PX * layout.ratio) return group;
  return autoRowSize(current, 1, view.ticksPerPx, WANTED_ROW_PX * layout.ratio);
}

export function ladderRows(scene: Scene, book: BookView, group: number): LadderRows {
  const known = knownRows(book.known, group);
  const low = rowOf(yToPrice(scene.view, scene.layout.plot.height), group);
  const high = scene.view.priceTop;
  const visible = (flat: readonly number[]) => {
    const rows: number[] = [];
    for (let i = 0; i < flat.length; i += 2) {
      const row = flat[i];
      if (row >= low && row <= high && isKnownRow(known, row)) rows.push(row, flat[i + 1]);
    }
    return rows;
  };
  const bids = visible(book.rows("bid", group, MAX_ROWS));
  const asks = visible(book.rows("ask", group, MAX_ROWS));
  const sizes = [...bids, ...asks].filter((_, i) => i % 2 === 1).sort((a, b) => a - b);
  const at = (share: number) => sizes[Math.floor(share * (sizes.length - 1))] ?? 0;
  return { group, known, bids, asks, largeLots: at(LARGE_SHARE), maxLots: at(1) };
}

/**
 * Bars and sizes growing outward from the price column; best rows lit, large sizes gold. A row that
 * is not known in full has question marks in place of sizes: an empty place would say "nothing".
 */
export function addLadder(
  rects: RectItems,
  texts: TextItems,
  scene: Scene,
  book: BookView,
  ladder: LadderRows,
  width: number,
): void {
  const { view, layout, instrument } = scene;
  const { ratio, plot } = layout;
  const { group, largeLots, maxLots } = ladder;
  const px = (css: number) => Math.round(css * ratio);
  const decimals = decimalsFor(instrument.priceScale, group);
  const widest = priceText(instrument.priceScale, Math.ceil(view.priceTop), decimals).length;
  const half = Math.round(((widest * 6.7 + 14) / 2) * ratio);
  const middle = Math.round(width / 2);
  const rise = Math.round((11 * DIGIT_HEIGHT * ratio) / 2);
  const yOf = (ticks: number) => Math.round(priceToY(view, ticks));
  const line = Math.max(1, px(1));
  const bestBid = book.bestBid === null ? NaN : rowOf(book.bestBid, group);
  const bestAsk = book.bestAsk === null ? NaN : rowOf(book.bestAsk, group);

  for (const row of bestBid === bestAsk ? [bestBid] : [bestBid, bestAsk]) {
    if (Number.isNaN(row)) continue;
    const y = yOf(row + group);
    rects.add(0, y, width, yOf(row) - y, Fill.lit);
  }
  const addSide = (flat: readonly number[], isBid: boolean) => {
    const room = middle - half - px(6);
    for (let i = 0; i < flat.length; i += 2) {
      const y = yOf(flat[i] + group);
      const height = Math.max(1, yOf(flat[i]) - y - line);
      const lots = flat[i + 1];
      const large = lots >= largeLots && largeLots > 0;
      const length = maxLots === 0 ? 0 : Math.max(line, Math.round((lots / maxLots) * room));
      const fill = large ? Fill.goldBar : isBid ? Fill.buyBar : Fill.sellBar;
      rects.add(isBid ? middle - half - length : middle + half, y, length, height, fill);
      if (y < px(30) || y > plot.height) continue;
      const text = ladderQuantity(fromUnits(instrument.qtyScale, lots));
      const style = isBid
        ? (large ? Text.goldRight : Text.buyRight)
        : (large ? Text.goldLeft : Text.sellLeft);
      const baseline = y + Math.round((height + line) / 2) + rise;
      texts.add(isBid ? middle - half - px(4) : middle + half + px(4), baseline, text, style);
    }
  };
  addSide(ladder.bids, true);
  addSide(ladder.asks, false);
  const lowest = rowOf(yToPrice(view, plot.height), group);
  for (let row = lowest; row <= view.priceTop; row += group) {
    const y = yOf(row + group);
    if (y < px(30) || y > plot.height) continue;
    const lit = row === bestBid || row === bestAsk;
    const baseline = y + Math.round((yOf(row) - y) / 2) + rise;
    const text = priceText(instrument.priceScale, row, decimals);
    texts.add(middle, baseline, text, lit ? Text.litCentre : Text.dimCentre);
    if (isKnownRow(ladder.known, row)) continue;
    texts.add(middle - half - px(4), baseline, "?", Text.dimRight);
    texts.add(middle + half + px(4), baseline, "?", Text.axis);
  }
}

/** Column names with units, row size and spread, above the rows. */
export function addLadderHead(
  rects: RectItems,
  texts: TextItems,
  scene: Scene,
  book: BookView,
  group: number,
  width: number,
): void {
  const { layout, instrument } = scene;
  const { ratio } = layout;
  const px = (css: number) => Math.round(css * ratio);
  rects.add(0, 0, width, px(32), Fill.panel);
  rects.add(0, px(32), width, Math.max(1, px(1)), Fill.line);
  const { baseAsset, quoteAsset, priceScale } = instrument;
  texts.add(px(8), px(13), `COB / DOM · rows of ${unitsText(priceScale, group)}`, Text.name);
  const { bestBid, bestAsk } = book;
  const spread = bestBid === null || bestAsk === null
    ? "unknown"
    : `${unitsText(priceScale, bestAsk - bestBid)}`;
  texts.add(width - px(8), px(13), `spread ${spread}`, Text.nameRight);
  texts.add(px(8), px(27), `Bid ${baseAsset}`, Text.name);
  texts.add(Math.round(width / 2), px(27), `Price ${quoteAsset}`, Text.nameCentre);
  texts.add(width - px(8), px(27), `Ask ${baseAsset}`, Text.nameRight);
}
