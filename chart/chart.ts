import {
  type ChartOptions,
  type ChartReport,
  type DrawnInspection,
  FIRST_OPTIONS,
} from "./chart_state.ts";
import { Controls } from "./controls.ts";
import { type Pointed, pointedAt } from "./crosshair_items.ts";
import { priceText } from "./format.ts";
import { FrameLoop, Redraw, type RedrawLevel } from "./frame_loop.ts";
import { listenToGestures } from "./gestures.ts";
import { createInspection } from "./inspection.ts";
import { LadderLayer } from "./ladder_layer.ts";
import { type Layout, layoutOf } from "./layout.ts";
import type { ChartSource } from "./model.ts";
import { Painter } from "./painter.ts";
import { fetchRowSize } from "./row_size.ts";
import { type Scene, type SceneMemory, sceneOf } from "./scene.ts";
import { MONO_ADVANCE } from "./text_styles.ts";

const FRAME_TIMES_KEPT = 240;
/** The countdown moves without new data. */
const CLOCK_MS = 500;
const AXIS_FONT = 11;

export interface Canvases {
  readonly main: HTMLCanvasElement;
  readonly overlay: HTMLCanvasElement;
  readonly ladder: HTMLCanvasElement;
}

/** The chart and the ladder beside it: one view, one frame loop, drawn onto three canvases. */
export class FootprintChart {
  readonly inspection: DrawnInspection;
  readonly #canvases: Canvases;
  readonly #contexts: Record<keyof Canvases, CanvasRenderingContext2D>;
  readonly #source: ChartSource;
  readonly #report: (report: ChartReport) => void;
  readonly #controls = new Controls();
  readonly #painter = new Painter();
  readonly #ladder = new LadderLayer();
  readonly #loop = new FrameLoop((level, time) => this.#draw(level, time));
  readonly #memory: SceneMemory = { detail: null, autoGroup: null, look: null };
  readonly #end = new AbortController();
  readonly #frameTimes: number[] = [];
  #options: ChartOptions = FIRST_OPTIONS;
  #layout: Layout | null = null;
  #scene: Scene | null = null;
  #pointer: { x: number; y: number } | null = null;
  #reported: ChartReport | null = null;
  #version = 0;
  #size = { width: 0, height: 0, ratio: 1 };

  constructor(canvases: Canvases, source: ChartSource, report: (report: ChartReport) => void) {
    this.#canvases = canvases;
    this.#contexts = {
      main: contextOf(canvases.main),
      overlay: contextOf(canvases.overlay),
      ladder: contextOf(canvases.ladder),
    };
    this.#source = source;
    this.#report = report;
    this.inspection = createInspection({
      version: () => this.#version,
      scene: () => this.#scene,
      following: () => this.#controls.view.following,
      tiles: () => this.#painter.heat.tiles,
      walls: () => this.#painter.walls,
      levels: () => this.#painter.levels.visible,
      readout: () => this.#painter.readout,
      ladderRows: () => this.#ladder.rows,
      frameTimes: () => this.#frameTimes,
    });
    const { signal } = this.#end;
    this.#listen(signal);
    const clock = setInterval(() => this.#loop.invalidate(Redraw.all), CLOCK_MS);
    signal.addEventListener("abort", () => clearInterval(clock));
  }

  /** New data is there to be drawn. */
  invalidate(): void {
    this.#loop.invalidate(Redraw.all);
  }

  fontsChanged(): void {
    this.#painter.fontsChanged();
    this.invalidate();
  }

  setOptions(options: ChartOptions): void {
    this.#options = options;
    this.invalidate();
  }

  /** CSS size of the chart, and device pixels per CSS pixel. */
  resize(width: number, height: number, ratio: number): void {
    this.#size = { width, height, ratio };
    this.#layout = null;
    this.invalidate();
  }

  backToLive(): void {
    this.#controls.backToLive();
    this.invalidate();
  }

  /** @returns whether the key was used. */
  key(key: string): boolean {
    const used = this.#controls.key(key, this.#source.candles);
    if (used) this.invalidate();
    return used;
  }

  destroy(): void {
    this.#end.abort();
    this.#loop.stop();
  }

  #listen(signal: AbortSignal): void {
    const { overlay } = this.#canvases;
    listenToGestures(overlay, {
      layout: () => this.#layout,
      hover: (x, y) => {
        this.#pointer = { x, y };
        this.#loop.invalidate(Redraw.overlay);
      },
      leave: () => {
        this.#pointer = null;
        this.#loop.invalidate(Redraw.overlay);
      },
      drag: (zone, dx, dy) => {
        this.#controls.drag(zone, dx, dy);
        this.invalidate();
      },
      zoom: (_zone, timeFactor, priceFactor, x, y) => {
        this.#controls.zoom(timeFactor, priceFactor, x, y);
        this.invalidate();
      },
      fit: (zone) => {
        this.#controls.fit(zone, this.#source.candles);
        this.invalidate();
      },
    }, signal);
    overlay.addEventListener("pointerup", () => this.#controls.endDrag(), { signal });
  }

  #draw(level: RedrawLevel, time: number): void {
    const source = this.#source;
    const { instrument } = source;
    if (instrument === null || this.#size.width === 0) return;
    const started = performance.now();
    const layout = this.#layout ??= this.#layOut(source);
    if (level === Redraw.all || this.#scene === null) {
      this.#controls.setInterval(source.intervalMs);
      const moving = this.#controls.settle(source.candles);
      if (!this.#controls.placed) return;
      const { view } = this.#controls;
      const scene = sceneOf(source, instrument, view, layout, this.#options, this.#memory);
      this.#scene = scene;
      this.#askForPast(scene);
      const { main, ladder } = this.#contexts;
      const final = this.#painter.paint(main, scene, source, this.#options, time);
      const ladderWidth = this.#canvases.ladder.width;
      if (ladderWidth > 1) {
        const hatch = this.#painter.heat.hatch(layout.ratio);
        const styles = this.#painter.styles(layout.ratio);
        this.#ladder.draw(ladder, scene, source, styles, hatch, ladderWidth);
      }
      if (moving || !final) this.invalidate();
      this.#tell(scene);
    }
    this.#painter.paintOverlay(this.#contexts.overlay, this.#scene, this.#pointed());
    this.#version++;
    this.#frameTimes.push(performance.now() - started);
    if (this.#frameTimes.length > FRAME_TIMES_KEPT) this.#frameTimes.shift();
  }

  #pointed(): Pointed | null {
    const pointer = this.#pointer;
    const scene = this.#scene;
    if (pointer === null || scene === null || pointer.y >= scene.layout.plot.height) return null;
    return pointedAt(scene, pointer.x, pointer.y);
  }

  /** The price axis is as wide as its labels need; canvases get their device pixels. */
  #layOut({ instrument, candles }: ChartSource): Layout {
    const { width, height, ratio } = this.#size;
    const price = candles.length > 0 ? candles[candles.length - 1].high : 0;
    const label = instrument === null ? "" : priceText(instrument.priceScale, price);
    const axisWidth = Math.max(82, Math.ceil(label.length * AXIS_FONT * MONO_ADVANCE) + 16);
    const layout = layoutOf(width, height, ratio, axisWidth);
    const { main, overlay, ladder } = this.#canvases;
    for (const canvas of [main, overlay]) setSize(canvas, layout.width, layout.height);
    setSize(ladder, Math.round(ladder.clientWidth * ratio), layout.height);
    this.#controls.setLayout(layout);
    return layout;
  }

  #askForPast({ fromTime, toTime, group, view }: Scene): void {
    const ahead = Math.max((toTime - fromTime) / 2, 10 * view.slotMs);
    this.#source.wantCandles(fromTime - ahead, toTime, fetchRowSize(group));
    if (this.#options.heatmap) this.#source.wantGaps(fromTime, toTime);
    if (this.#options.walls) this.#source.wantWalls(fromTime, toTime);
  }

  #tell({ view, detail, group, slot }: Scene): void {
    const { scale } = this.#painter.heat;
    const columns = slot.columns.length;
    const last = this.#reported;
    const same = last !== null && last.following === view.following && last.detail === detail &&
      last.group === group && last.scale === scale &&
      last.columns === columns;
    if (same) return;
    this.#reported = { following: view.following, detail, group, scale, columns };
    this.#report(this.#reported);
  }
}

/** Transparent until the first picture, so that the page's skeleton shows. */
function contextOf(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
  const context = canvas.getContext("2d");
  if (context === null) throw new Error("This browser has no 2D canvas");
  return context;
}

function setSize(canvas: HTMLCanvasElement, width: number, height: number): void {
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
}
