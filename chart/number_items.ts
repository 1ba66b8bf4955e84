import { lengthOf } from "./bar_items.ts";
import { cellTexts } from "./cell_texts.ts";
import type { GroupedCandle } from "./grouped_candle.ts";
import { BUY_IMBALANCE, SELL_IMBALANCE } from "./imbalance.ts";
import type { RectItems, TextItems } from "./items.ts";
import type { Slot, SlotColumn } from "./slot.ts";
import { DIGIT_HEIGHT, Text } from "./text_styles.ts";
import { Fill } from "./theme.ts";

/** Rows lower than this many CSS pixels take the smaller of the two number sizes. */
const SMALL_BELOW = 13;
const COLUMN_GAP = 5;
/** Between a number and the column's right edge, CSS pixels. */
const PAD = 3;

const LARGE = {
  bids: [Text.bidZero, Text.bid, Text.bidStrong],
  asks: [Text.askZero, Text.ask, Text.askStrong],
  deltas: [Text.bidZero, Text.deltaBuy, Text.deltaSell],
};
const SMALL = {
  bids: [Text.bidZeroSmall, Text.bidSmall, Text.bidStrongSmall],
  asks: [Text.askZeroSmall, Text.askSmall, Text.askStrongSmall],
  deltas: [Text.bidZeroSmall, Text.deltaBuySmall, Text.deltaSellSmall],
};

/** Rows of one column as numbers, over faint bars of their size where rows are not shaded. */
export function addNumbers(
  rects: RectItems,
  texts: TextItems,
  candle: GroupedCandle,
  slot: Slot,
  column: SlotColumn,
  x: number,
  top: number,
): void {
  const isSmall = candle.group / slot.ticksPerPx < SMALL_BELOW * slot.ratio;
  const styles = isSmall ? SMALL : LARGE;
  const rise = Math.round(((isSmall ? 10 : 11) * DIGIT_HEIGHT * slot.ratio) / 2);
  if (slot.look.shade === "none") addFaintBars(rects, candle, slot, column, x, top);
  const place = { ticksPerPx: slot.ticksPerPx, top, rise };
  const right = x + column.x + column.width - Math.round(PAD * slot.ratio);
  switch (column.content) {
    case "bidAsk": {
      const gap = Math.round((COLUMN_GAP / 2) * slot.ratio);
      const centre = x + column.centreX;
      const sells = cellTexts(candle, "sell");
      addTexts(texts, candle, sells, styles.bids, sellStrength, centre - gap, place);
      const buys = cellTexts(candle, "buy");
      addTexts(texts, candle, buys, styles.asks, buyStrength, centre + gap, place);
      break;
    }
    case "delta": {
      const deltas = cellTexts(candle, "delta");
      addTexts(texts, candle, deltas, styles.deltas, deltaSide, right, place);
      break;
    }
    case "volume":
    case "trades": {
      const values = cellTexts(candle, column.content);
      addTexts(texts, candle, values, styles.bids, volumeStrength, right, place);
      break;
    }
    default:
      column.content satisfies never;
  }
}

interface TextPlace {
  readonly ticksPerPx: number;
  readonly top: number;
  /** From a row's middle down to the baseline. */
  readonly rise: number;
}

/** One pass per style, so that drawing changes the style seldom. */
function addTexts(
  items: TextItems,
  candle: GroupedCandle,
  written: readonly string[],
  styles: readonly number[],
  choose: (candle: GroupedCandle, i: number) => number,
  x: number,
  { ticksPerPx, top, rise }: TextPlace,
): void {
  const { rows, group } = candle;
  for (let choice = 0; choice < styles.length; choice++) {
    for (let i = 0; i < rows.length; i++) {
      if (choose(candle, i) !== choice) continue;
      const middle = Math.round((top - rows[i] - group / 2) / ticksPerPx);
      items.add(x, middle + rise, written[i], styles[choice]);
    }
  }
}

function sellStrength({ sell, imbalance }: GroupedCandle, i: number): number {
  return sell[i] === 0 ? 0 : imbalance[i] & SELL_IMBALANCE ? 2 : 1;
}

function buyStrength({ buy, imbalance }: GroupedCandle, i: number): number {
  return buy[i] === 0 ? 0 : imbalance[i] & BUY_IMBALANCE ? 2 : 1;
}

function deltaSide({ sell, buy }: GroupedCandle, i: number): number {
  return buy[i] === sell[i] ? 0 : buy[i] > sell[i] ? 1 : 2;
}

function volumeStrength({ sell, buy }: GroupedCandle, i: number): number {
  return sell[i] + buy[i] === 0 ? 0 : 1;
}

function addFaintBars(
  rects: RectItems,
  candle: GroupedCandle,
  slot: Slot,
  { content, x: left, width: columnWidth, centreX }: SlotColumn,
  x: number,
  top: number,
): void {
  const { rows, sell, buy, trades, group, imbalance } = candle;
  const { maxSide, maxVolume, maxDelta, maxTrades } = slot.look.maxima ?? candle;
  const line = Math.max(1, Math.round(slot.ratio));
  const room = Math.floor(columnWidth / 2);
  const yOf = (ticks: number) => Math.round((top - ticks) / slot.ticksPerPx);
  for (let i = 0; i < rows.length; i++) {
    const y = yOf(rows[i] + group);
    const height = yOf(rows[i]) - y - line;
    if (content === "bidAsk") {
      const sellWidth = lengthOf(sell[i], maxSide, room);
      const sellFill = imbalance[i] & SELL_IMBALANCE ? Fill.sellStrong : Fill.sellBar;
      rects.add(x + centreX - sellWidth, y, sellWidth, height, sellFill);
      const buyFill = imbalance[i] & BUY_IMBALANCE ? Fill.buyStrong : Fill.buyBar;
      rects.add(x + centreX, y, lengthOf(buy[i], maxSide, room), height, buyFill);
    } else if (content === "delta") {
      const width = lengthOf(Math.abs(buy[i] - sell[i]), maxDelta, columnWidth);
      const fill = buy[i] < sell[i] ? Fill.sellBar : Fill.buyBar;
      rects.add(x + left + columnWidth - width, y, width, height, fill);
    } else {
      const width = content === "volume"
        ? lengthOf(sell[i] + buy[i], maxVolume, columnWidth)
        : lengthOf(trades[i], maxTrades, columnWidth);
      rects.add(x + left + columnWidth - width, y, width, height, Fill.neutralBar);
    }
  }
}
