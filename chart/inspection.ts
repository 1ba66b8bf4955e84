import type { DrawnInspection } from "./chart_state.ts";
import { groupedCandle } from "./grouped_candle.ts";
import { levelLeft, levelRight } from "./level_items.ts";
import type { TrackedLevel } from "./level_tracker.ts";
import type { HeatTile } from "./model.ts";
import type { Part } from "./readout.ts";
import type { Scene } from "./scene.ts";
import { priceToY, yToPrice } from "./view.ts";
import type { WallLayer } from "./wall_layer.ts";
import { wallHeight, wallLeft, wallRight, wallTop } from "./wall_place.ts";

/** What the inspection reads at the moment it is asked. */
export interface Inspected {
  version(): number;
  scene(): Scene | null;
  following(): boolean;
  tiles(): readonly HeatTile[];
  walls(): WallLayer;
  levels(): readonly TrackedLevel[];
  readout(): readonly (readonly Part[])[];
  ladderRows(): number;
  frameTimes(): readonly number[];
}

export function createInspection(chart: Inspected): DrawnInspection {
  return {
    get version() {
      return chart.version();
    },
    get mode() {
      return chart.scene()?.detail ?? null;
    },
    get following() {
      return chart.following();
    },
    get group() {
      return chart.scene()?.group ?? null;
    },
    get priceRange(): readonly [number, number] {
      const scene = chart.scene();
      if (scene === null) return [0, 0];
      return [yToPrice(scene.view, scene.layout.plot.height), scene.view.priceTop];
    },
    get timeRange(): readonly [number, number] {
      const scene = chart.scene();
      return scene === null ? [0, 0] : [scene.fromTime, scene.toTime];
    },
    get heatmapCells() {
      let cells = 0;
      for (const { values } of chart.tiles()) {
        for (const value of values) if (!Number.isNaN(value)) cells++;
      }
      return cells;
    },
    get heatmapReady() {
      const scene = chart.scene();
      if (scene === null || chart.tiles().length === 0) return false;
      const low = Math.max(0, yToPrice(scene.view, scene.layout.plot.height));
      return chart.tiles().every((tile) => {
        const top = tile.low + tile.rows * tile.group;
        return tile.ready && tile.low <= low && top >= scene.view.priceTop;
      });
    },
    get ladderRows() {
      return chart.ladderRows();
    },
    get frameTimes() {
      return chart.frameTimes();
    },
    get wallLabels() {
      return chart.walls().labels;
    },
    get readout() {
      return chart.readout().map((parts) =>
        parts.map(({ label, value }) => `${label} ${value}`.trim()).join(" ")
      );
    },
    get columns() {
      const scene = chart.scene();
      if (scene === null) return [];
      return scene.slot.look.columns.map(({ content, drawing }) => `${content} ${drawing}`);
    },
    visibleLevels() {
      const scene = chart.scene();
      if (scene === null) return [];
      return chart.levels().map((level) => ({
        kind: level.kind,
        time: level.time,
        end: level.end,
        low: level.low,
        high: level.high,
        left: levelLeft(scene, level),
        right: levelRight(scene, level),
        top: priceToY(scene.view, level.high),
        bottom: priceToY(scene.view, level.low),
      }));
    },
    visibleWalls() {
      const { plane, visible } = chart.walls();
      if (plane === null) return [];
      const height = wallHeight(plane);
      return [...visible.resting, ...visible.ended].map((wall) => ({
        wall,
        left: wallLeft(plane, wall),
        right: wallRight(plane, wall),
        top: wallTop(plane, wall.row, height),
        height,
      }));
    },
    visibleCandles() {
      const scene = chart.scene();
      if (scene === null) return [];
      return scene.candles.slice(scene.first, scene.end).map((candle) => {
        const { rows, sell, buy } = groupedCandle(candle, scene.group, scene.instrument.qtyScale);
        const { time, open, high, low, close, buyLots, sellLots } = candle;
        return {
          time,
          open,
          high,
          low,
          close,
          buyLots,
          sellLots,
          rows: Array.from(rows, (row, i) => [row, sell[i], buy[i]] as const),
        };
      });
    },
  };
}
