import { fromUnits } from "../market/scale.ts";
import { shortCount, shortQuantity, signedShort } from "./format.ts";
import type { GroupedCandle } from "./grouped_candle.ts";

export type CellValue = "sell" | "buy" | "delta" | "volume" | "trades";

const written = new WeakMap<GroupedCandle, Partial<Record<CellValue, readonly string[]>>>();

/** One text per row; written once, when numbers are drawn for the first time. */
export function cellTexts(candle: GroupedCandle, value: CellValue): readonly string[] {
  let texts = written.get(candle);
  if (texts === undefined) {
    texts = {};
    written.set(candle, texts);
  }
  return texts[value] ??= Array.from(candle.rows, (_, i) => textOf(candle, value, i));
}

function textOf({ sell, buy, trades, qtyScale }: GroupedCandle, value: CellValue, i: number) {
  switch (value) {
    case "sell":
      return shortQuantity(fromUnits(qtyScale, sell[i]));
    case "buy":
      return shortQuantity(fromUnits(qtyScale, buy[i]));
    case "delta":
      return signedShort(fromUnits(qtyScale, buy[i] - sell[i]));
    case "volume":
      return shortQuantity(fromUnits(qtyScale, sell[i] + buy[i]));
    case "trades":
      return shortCount(trades[i]);
    default:
      return value satisfies never;
  }
}
