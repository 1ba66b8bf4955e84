import type { Trade } from "../market/types.ts";
import { exactQuantity, priceText } from "./format.ts";
import type { RectItems, TextItems } from "./items.ts";
import type { Scene } from "./scene.ts";
import { Text } from "./text_styles.ts";
import { Fill } from "./theme.ts";
import { secondText } from "./times.ts";

const ROW_PX = 15;

/** The newest trades under the ladder, newest first: time, price, size. */
export function addTape(
  rects: RectItems,
  texts: TextItems,
  scene: Scene,
  tape: readonly Trade[],
  width: number,
): void {
  const { layout, instrument } = scene;
  const { ratio, plot, height, timeAxisHeight } = layout;
  const px = (css: number) => Math.round(css * ratio);
  const line = Math.max(1, px(1));
  rects.add(0, plot.height, width, height - plot.height, Fill.panel);
  rects.add(0, plot.height, width, line, Fill.line);
  const headY = plot.height + Math.round(timeAxisHeight * 0.68);
  const left = px(8);
  const middle = Math.round(width * 0.6);
  const right = width - px(8);
  texts.add(left, headY, "Trades, UTC", Text.name);
  texts.add(middle, headY, `Price ${instrument.quoteAsset}`, Text.nameRight);
  texts.add(right, headY, `Size ${instrument.baseAsset}`, Text.nameRight);
  let y = plot.height + timeAxisHeight + px(12);
  for (let i = tape.length - 1; i >= 0 && y <= height - px(2); i--) {
    const trade = tape[i];
    const style = trade.isBuyerMaker ? Text.sellRight : Text.buyRight;
    texts.add(left, y, secondText(trade.tradeTime), Text.axis);
    texts.add(middle, y, priceText(instrument.priceScale, trade.priceTicks), style);
    texts.add(right, y, exactQuantity(instrument.qtyScale, trade.qtyLots), style);
    y += px(ROW_PX);
  }
}
