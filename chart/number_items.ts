import type { GroupedCandle } from "./grouped_candle.ts";
import { BUY_IMBALANCE, SELL_IMBALANCE } from "./imbalance.ts";
import type { RectItems, TextItems } from "./items.ts";
import type { Slot } from "./slot.ts";
import { DIGIT_HEIGHT, Text } from "./text_styles.ts";
import { Fill } from "./theme.ts";

/** Rows lower than this many CSS pixels take the smaller of the two number sizes. */
const SMALL_BELOW = 13;
const COLUMN_GAP = 5;

const LARGE = [
  { bid: Text.bidZero, ask: Text.askZero },
  { bid: Text.bid, ask: Text.ask },
  { bid: Text.bidStrong, ask: Text.askStrong },
];
const SMALL = [
  { bid: Text.bidZeroSmall, ask: Text.askZeroSmall },
  { bid: Text.bidSmall, ask: Text.askSmall },
  { bid: Text.bidStrongSmall, ask: Text.askStrongSmall },
];

/** Bid x ask numbers of each row on a dark plate, over bars of their size; POC is an outline. */
export function addNumbers(
  rects: RectItems,
  texts: TextItems,
  candle: GroupedCandle,
  slot: Slot,
  x: number,
  top: number,
): void {
  const { rows, sell, buy, group, imbalance, poc } = candle;
  const { plateX, plateWidth, centreX, ticksPerPx, ratio } = slot;
  if (rows.length === 0) return;
  const yOf = (ticks: number) => Math.round((top - ticks) / ticksPerPx);
  const plateTop = yOf(rows[rows.length - 1] + group);
  rects.add(x + plateX, plateTop, plateWidth, yOf(rows[0]) - plateTop, Fill.plate);
  const room = Math.floor(plateWidth / 2);
  const line = Math.max(1, Math.round(ratio));
  for (let i = 0; i < rows.length; i++) {
    const y = yOf(rows[i] + group);
    const height = yOf(rows[i]) - y - line;
    const width = Math.round((sell[i] / candle.maxSide) * room);
    const fill = imbalance[i] & SELL_IMBALANCE ? Fill.sellStrong : Fill.sellBar;
    rects.add(x + centreX - width, y, width, height, fill);
  }
  for (let i = 0; i < rows.length; i++) {
    const y = yOf(rows[i] + group);
    const height = yOf(rows[i]) - y - line;
    const width = Math.round((buy[i] / candle.maxSide) * room);
    const fill = imbalance[i] & BUY_IMBALANCE ? Fill.buyStrong : Fill.buyBar;
    rects.add(x + centreX, y, width, height, fill);
  }
  const pocY = yOf(rows[poc] + group);
  rects.addOutline(
    x + plateX,
    pocY - line,
    plateWidth,
    yOf(rows[poc]) - pocY + line,
    line,
    Fill.gold,
  );
  addTexts(texts, candle, slot, x, top);
}

/** One pass per style, so that drawing changes the style at most six times a candle. */
function addTexts(
  texts: TextItems,
  candle: GroupedCandle,
  slot: Slot,
  x: number,
  top: number,
): void {
  const { rows, sell, buy, sellText, buyText, group, imbalance } = candle;
  const { centreX, ticksPerPx, ratio } = slot;
  const small = group / ticksPerPx < SMALL_BELOW * ratio;
  const styles = small ? SMALL : LARGE;
  const rise = Math.round(((small ? 10 : 11) * DIGIT_HEIGHT * ratio) / 2);
  const gap = Math.round((COLUMN_GAP / 2) * ratio);
  for (let strength = 0; strength < styles.length; strength++) {
    const { bid, ask } = styles[strength];
    for (let i = 0; i < rows.length; i++) {
      if (strengthOf(sell[i], imbalance[i] & SELL_IMBALANCE) !== strength) continue;
      const middle = (top - rows[i] - group / 2) / ticksPerPx;
      texts.add(x + centreX - gap, Math.round(middle) + rise, sellText[i], bid);
    }
    for (let i = 0; i < rows.length; i++) {
      if (strengthOf(buy[i], imbalance[i] & BUY_IMBALANCE) !== strength) continue;
      const middle = (top - rows[i] - group / 2) / ticksPerPx;
      texts.add(x + centreX + gap, Math.round(middle) + rise, buyText[i], ask);
    }
  }
}

function strengthOf(lots: number, imbalanced: number): 0 | 1 | 2 {
  return lots === 0 ? 0 : imbalanced ? 2 : 1;
}
