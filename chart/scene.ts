import type { Instrument } from "../market/instrument.ts";
import {
  type CellLook,
  columnsFor,
  keptLook,
  numbersFrom,
  simplified,
  visibleMaxima,
} from "./cell_look.ts";
import type { ChartOptions } from "./chart_state.ts";
import { type Detail, detailForRows, detailForWidth, WANTED_ROW_PX } from "./detail.ts";
import type { Layout } from "./layout.ts";
import type { ChartCandle, ChartGap, ChartSource } from "./model.ts";
import { autoRowSize } from "./row_size.ts";
import { type Slot, slotOf } from "./slot.ts";
import { type View, xToTime } from "./view.ts";

/** Everything one picture is made from, decided before any item is built. */
export interface Scene {
  readonly instrument: Instrument;
  readonly view: Readonly<View>;
  readonly layout: Layout;
  readonly detail: Detail;
  /** Row size in ticks. */
  readonly group: number;
  readonly slot: Slot;
  readonly candles: readonly ChartCandle[];
  /** Visible candles: indices [first, end). */
  readonly first: number;
  readonly end: number;
  readonly fromTime: number;
  readonly toTime: number;
  readonly now: number | null;
  readonly gaps: readonly ChartGap[];
}

/** What is kept from picture to picture so that thresholds have hysteresis. */
export interface SceneMemory {
  detail: Detail | null;
  autoGroup: number | null;
  look: CellLook | null;
}

export function sceneOf(
  source: ChartSource,
  instrument: Instrument,
  view: Readonly<View>,
  layout: Layout,
  options: Pick<ChartOptions, "group" | "cells" | "studies">,
  memory: SceneMemory,
): Scene {
  const { ratio, plot } = layout;
  const slotPx = view.slotMs / view.msPerPx;
  const columns = columnsFor(options.cells, slotPx / ratio, memory.look?.columns.length ?? 1);
  const wide = detailForWidth(slotPx / ratio, memory.detail, numbersFrom(columns));
  const wanted = WANTED_ROW_PX[wide] * ratio;
  memory.detail = wide;
  memory.autoGroup = autoRowSize(memory.autoGroup, 1, view.ticksPerPx, wanted);
  const group = options.group ?? memory.autoGroup;
  const detail = detailForRows(wide, group / view.ticksPerPx / ratio);
  const fromTime = xToTime(view, plot, 0);
  const toTime = view.timeRight;
  const { candles } = source;
  const first = firstAtOrAfter(candles, fromTime - view.slotMs + 1);
  const end = firstAtOrAfter(candles, toTime);
  const isVisibleScope = options.cells.scope === "visible" && detail !== "candles";
  memory.look = keptLook(memory.look, {
    columns: simplified(columns, detail),
    shade: options.cells.shade,
    valueArea: options.studies.valueArea,
    maxima: isVisibleScope ? visibleMaxima(candles, first, end, group, instrument.qtyScale) : null,
  });
  return {
    instrument,
    view,
    layout,
    detail,
    group,
    slot: slotOf(detail, slotPx, ratio, view.ticksPerPx, memory.look),
    candles,
    first,
    end,
    fromTime,
    toTime,
    now: source.now(),
    gaps: source.gaps,
  };
}

/** Index of the first candle whose open time is at least `time`. */
export function firstAtOrAfter(candles: readonly { readonly time: number }[], time: number) {
  let low = 0;
  let high = candles.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (candles[middle].time < time) low = middle + 1;
    else high = middle;
  }
  return low;
}
