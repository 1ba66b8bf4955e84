import type { PlotSize } from "./view.ts";

/** Where everything lies on the chart's canvas, in device pixels; the plot begins at 0, 0. */
export interface Layout {
  /** Device pixels per CSS pixel. */
  readonly ratio: number;
  readonly width: number;
  readonly height: number;
  readonly plot: PlotSize;
  readonly axisWidth: number;
  readonly timeAxisHeight: number;
  readonly footerTop: number;
  readonly footerRows: number;
  readonly footerRowHeight: number;
  /** Width of the volume profile at the plot's right end. */
  readonly profileWidth: number;
  /** A phone: less of everything. */
  readonly compact: boolean;
}

const TIME_AXIS = 22;
const FOOTER_ROW = 18;
const COMPACT_BELOW = 640;

/**
 * @param cssWidth the canvas's width in CSS pixels
 * @param axisCss width that price labels need, in CSS pixels
 */
export function layoutOf(
  cssWidth: number,
  cssHeight: number,
  ratio: number,
  axisCss: number,
): Layout {
  const px = (css: number) => Math.round(css * ratio);
  const compact = cssWidth < COMPACT_BELOW;
  const width = px(cssWidth);
  const height = px(cssHeight);
  const footerRows = compact ? 3 : 5;
  const footerRowHeight = px(FOOTER_ROW);
  const timeAxisHeight = px(TIME_AXIS);
  const axisWidth = px(axisCss);
  const plotHeight = Math.max(1, height - timeAxisHeight - footerRows * footerRowHeight);
  const plot = { width: Math.max(1, width - axisWidth), height: plotHeight };
  return {
    ratio,
    width,
    height,
    plot,
    axisWidth,
    timeAxisHeight,
    footerTop: plotHeight + timeAxisHeight,
    footerRows,
    footerRowHeight,
    profileWidth: Math.min(px(190), Math.round(plot.width * 0.16)),
    compact,
  };
}

export type Zone = "plot" | "priceAxis" | "timeAxis" | "footer";

export function zoneAt(layout: Layout, x: number, y: number): Zone {
  if (y >= layout.plot.height) {
    return y < layout.footerTop ? "timeAxis" : "footer";
  }
  return x >= layout.plot.width ? "priceAxis" : "plot";
}
