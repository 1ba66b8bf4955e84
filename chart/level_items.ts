import type { LevelKind } from "./candle_levels.ts";
import type { RectItems } from "./items.ts";
import type { TrackedLevel } from "./level_tracker.ts";
import type { Scene } from "./scene.ts";
import { Fill } from "./theme.ts";
import { priceToY, timeToX } from "./view.ts";

interface LevelFill {
  readonly kind: LevelKind;
  /** Inside of a zone; lines have none. */
  readonly inside: readonly [lasting: number, past: number] | null;
  readonly line: readonly [lasting: number, past: number];
}

/** In drawing order: what matters most lies on top. */
const FILLS: readonly LevelFill[] = [
  {
    kind: "stackedSell",
    inside: [Fill.sellZone, Fill.sellZonePast],
    line: [Fill.sellEdge, Fill.sellEdgePast],
  },
  {
    kind: "stackedBuy",
    inside: [Fill.buyZone, Fill.buyZonePast],
    line: [Fill.buyEdge, Fill.buyEdgePast],
  },
  { kind: "unfinishedHigh", inside: null, line: [Fill.unfinished, Fill.unfinishedPast] },
  { kind: "unfinishedLow", inside: null, line: [Fill.unfinished, Fill.unfinishedPast] },
  { kind: "poc", inside: null, line: [Fill.goldLine, Fill.goldLinePast] },
];

/** A line that would be shorter than so many CSS pixels says nothing. */
const LEAST_LENGTH = 4;
/** Size of the square from which the line of an unfinished auction starts. */
const START = 4;

/** Where a level begins: right of its candle's plate. */
export function levelLeft({ view, layout, slot }: Scene, { time }: TrackedLevel): number {
  const x = Math.round(timeToX(view, layout.plot, time));
  if (slot.detail === "candles") return x + slot.bodyX + slot.bodyWidth;
  return x + Math.min(slot.width, slot.plateX + slot.plateWidth + Math.round(3 * slot.ratio));
}

/** Where it ends: at the wick of the candle that ended it, or at the plot's right edge. */
export function levelRight({ view, layout, slot }: Scene, { end }: TrackedLevel): number {
  if (end === null) return layout.plot.width;
  const x = Math.round(timeToX(view, layout.plot, end)) + slot.wickX;
  return Math.min(layout.plot.width, x);
}

/** Zones and lines from their candles to the right, to lie behind candles. */
export function addLevels(rects: RectItems, scene: Scene, levels: readonly TrackedLevel[]): void {
  const { ratio } = scene.layout;
  const line = Math.max(1, Math.round(ratio));
  for (const { kind, inside, line: lineFill } of FILLS) {
    for (let i = 0; i < levels.length; i++) {
      const level = levels[i];
      if (level.kind !== kind) continue;
      const left = Math.max(-line, levelLeft(scene, level));
      const width = levelRight(scene, level) - left;
      if (width < LEAST_LENGTH * ratio) continue;
      const past = level.end === null ? 0 : 1;
      const top = Math.round(priceToY(scene.view, level.high));
      if (inside === null) {
        // Dark beside the line, so that it stands out from bright cells of the heatmap.
        rects.add(left, top - line, width, 3 * line, Fill.plate);
        rects.add(left, top, width, line, lineFill[past]);
      } else {
        const height = Math.max(2 * line, Math.round(priceToY(scene.view, level.low)) - top);
        rects.add(left, top, width, height, inside[past]);
        rects.add(left, top, width, line, lineFill[past]);
        rects.add(left, top + height - line, width, line, lineFill[past]);
      }
    }
  }
}

/** What belongs to the candle itself, to lie over it: frames of stacked rows, starts of lines. */
export function addLevelStarts(
  rects: RectItems,
  scene: Scene,
  levels: readonly TrackedLevel[],
): void {
  const { view, layout, slot } = scene;
  if (slot.detail === "candles") return;
  const line = Math.max(1, Math.round(layout.ratio));
  const start = Math.round(START * layout.ratio);
  for (let i = 0; i < levels.length; i++) {
    const level = levels[i];
    const { kind } = level;
    const x = Math.round(timeToX(view, layout.plot, level.time)) + slot.plateX;
    const top = Math.round(priceToY(view, level.high));
    if (kind === "stackedSell" || kind === "stackedBuy") {
      const bottom = Math.round(priceToY(view, level.low));
      const fill = kind === "stackedSell" ? Fill.sellEdge : Fill.buyEdge;
      rects.addOutline(x, top, slot.plateWidth, Math.max(2 * line, bottom - top), line, fill);
    } else if (kind !== "poc" && (level.end === null || slot.detail !== "cells")) {
      const fill = level.end === null ? Fill.unfinished : Fill.unfinishedPast;
      const at = Math.round(top + line / 2 - start / 2);
      rects.add(x + slot.plateWidth, at, start, start, fill);
    }
  }
}
