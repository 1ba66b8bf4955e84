import { rowOf } from "../market/price_row.ts";
import { decimalsFor, exactQuantity, meanQuantity, priceText, signedPercent } from "./format.ts";
import type { Pointed } from "./crosshair_items.ts";
import { effectiveGroup, groupedCandle } from "./grouped_candle.ts";
import type { RectItems, TextItems } from "./items.ts";
import type { ChartCandle, HeatTile } from "./model.ts";
import { firstAtOrAfter, type Scene } from "./scene.ts";
import { MONO_ADVANCE, Text } from "./text_styles.ts";
import { Fill } from "./theme.ts";
import { candleText } from "./times.ts";

/** A label and its value; the value's place is as wide as `room` characters, so nothing jumps. */
export interface Part {
  readonly label: string;
  readonly value: string;
  readonly room: number;
  readonly style: number;
}

/** The candle under the pointer, or the newest one. */
export function readoutCandle(scene: Scene, pointed: Pointed | null): ChartCandle | null {
  const { candles } = scene;
  if (candles.length === 0) return null;
  if (pointed === null || pointed.time === null) return candles[candles.length - 1];
  const candle = candles[firstAtOrAfter(candles, rowOf(pointed.time, scene.view.slotMs))];
  return candle !== undefined && candle.time <= pointed.time ? candle : null;
}

export function candleParts(scene: Scene, candle: ChartCandle | null): Part[] {
  const { priceScale, qtyScale, baseAsset } = scene.instrument;
  const { slotMs } = scene.view;
  if (candle === null) return [{ label: "", value: "no candle here", room: 14, style: Text.axis }];
  const price = (ticks: number) => priceText(priceScale, ticks);
  const quantity = (lots: number) => exactQuantity(qtyScale, lots);
  const room = price(candle.high).length + 1;
  const delta = candle.buyLots - candle.sellLots;
  const side = delta < 0 ? Text.sellLeft : Text.buyLeft;
  const volume = candle.buyLots + candle.sellLots;
  const share = volume === 0 ? "" : ` (${signedPercent(delta / volume)})`;
  const isOpen = candle === scene.candles[scene.candles.length - 1];
  const parts: Part[] = [
    { label: "", value: candleText(candle.time, slotMs), room: 5, style: Text.value },
    ...(scene.layout.compact ? [] : [
      { label: "O", value: price(candle.open), room, style: Text.value },
      { label: "H", value: price(candle.high), room, style: Text.value },
      { label: "L", value: price(candle.low), room, style: Text.value },
    ]),
    { label: "C", value: price(candle.close), room, style: Text.value },
    { label: "Vol", value: `${quantity(volume)} ${baseAsset}`, room: 15, style: Text.value },
    { label: "Δ", value: `${quantity(delta)} ${baseAsset}${share}`, room: 23, style: side },
  ];
  if (!candle.complete && !isOpen) {
    parts.push({
      label: "",
      value: "incomplete: trades are missing",
      room: 30,
      style: Text.goldLeft,
    });
  }
  return parts;
}

/** What traded and what rested in the pointed cell. */
export function cellParts(
  scene: Scene,
  candle: ChartCandle | null,
  pointed: Pointed,
  tiles: readonly HeatTile[],
): Part[] {
  const { priceScale, qtyScale, baseAsset } = scene.instrument;
  const parts: Part[] = [];
  const size = candle === null ? scene.group : effectiveGroup(candle, scene.group);
  const row = rowOf(pointed.priceTicks, size);
  const decimals = decimalsFor(priceScale, size);
  const price = priceText(priceScale, row, decimals);
  parts.push({ label: "row", value: price, room: price.length + 1, style: Text.value });
  if (candle !== null) {
    const grouped = groupedCandle(candle, scene.group, qtyScale);
    const index = grouped.rows.indexOf(row);
    const sell = index < 0 ? 0 : grouped.sell[index];
    const buy = index < 0 ? 0 : grouped.buy[index];
    const text = (lots: number) => exactQuantity(qtyScale, lots);
    parts.push({ label: "bid", value: text(sell), room: 10, style: Text.sellLeft });
    parts.push({ label: "× ask", value: text(buy), room: 10, style: Text.buyLeft });
    const delta = `${text(buy - sell)} ${baseAsset}`;
    const style = buy < sell ? Text.sellLeft : Text.buyLeft;
    parts.push({ label: "Δ", value: delta, room: 15, style });
  }
  const cell = pointed.time === null ? null : restingAt(tiles, pointed.time, pointed.priceTicks);
  if (cell !== null) {
    const { lots, tile } = cell;
    const from = rowOf(pointed.priceTicks, tile.group);
    const digits = decimalsFor(priceScale, tile.group);
    const edge = (ticks: number) => priceText(priceScale, ticks, digits);
    const value = Number.isNaN(lots)
      ? unknownText(scene, pointed.time ?? 0, tile)
      : `${meanQuantity(qtyScale, lots)} ${baseAsset}`;
    const label = `resting ${edge(from)} to ${edge(from + tile.group)}, mean of ${
      tile.stepMs / 1000
    } s`;
    parts.push({ label, value, room: 14, style: Text.goldLeft });
  }
  return parts;
}

/** Why nothing is known of what rested in a tile's column: the ledger's reason, where it has one. */
function unknownText({ gaps }: Scene, time: number, { stepMs }: HeatTile): string {
  const from = rowOf(time, stepMs);
  const gap = gaps.find((one) =>
    one.kind === "book" && one.from < from + stepMs && (one.to ?? Infinity) > from
  );
  return gap === undefined ? "unknown" : `unknown: ${gap.reason}`;
}

/** Mean resting lots at a time and price from the finest tile there; NaN when unknown. */
export function restingAt(
  tiles: readonly HeatTile[],
  time: number,
  priceTicks: number,
): { lots: number; tile: HeatTile } | null {
  for (let i = tiles.length - 1; i >= 0; i--) {
    const tile = tiles[i];
    const column = Math.floor((time - tile.start) / tile.stepMs);
    const row = Math.floor((priceTicks - tile.low) / tile.group);
    const inside = column >= 0 && column < tile.columns && row >= 0 && row < tile.rows;
    if (!inside || !tile.ready) continue;
    return { lots: tile.values[(tile.rows - 1 - row) * tile.columns + column], tile };
  }
  return null;
}

/** Lays parts out from the top left, on a plate, wrapping where the plot ends. */
export function addReadout(
  rects: RectItems,
  texts: TextItems,
  scene: Scene,
  lines: readonly (readonly Part[])[],
): void {
  const { ratio, plot } = scene.layout;
  const px = (css: number) => Math.round(css * ratio);
  const advance = 11 * MONO_ADVANCE * ratio;
  const left = px(10);
  const lineHeight = px(17);
  let y = px(18);
  let widest = 0;
  for (const parts of lines) {
    let x = left;
    for (const { label, value, room, style } of parts) {
      const labelWidth = label === "" ? 0 : Math.round((label.length + 0.7) * advance);
      const width = labelWidth + Math.round((Math.max(room, value.length) + 1.6) * advance);
      if (x > left && x + width > plot.width - left) {
        x = left;
        y += lineHeight;
      }
      if (label !== "") texts.add(x, y, label, Text.axis);
      texts.add(x + labelWidth, y, value, style);
      x += width;
      widest = Math.max(widest, x);
    }
    y += lineHeight;
  }
  rects.add(px(4), px(4), widest - px(2), y - lineHeight + px(2), Fill.plate);
}
