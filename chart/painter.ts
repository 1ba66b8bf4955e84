import { addFrames, addPriceAxis, addTimeAxis } from "./axis_items.ts";
import { CandleLayer } from "./candle_layer.ts";
import { addCrosshair, type Pointed } from "./crosshair_items.ts";
import { drawLeftEdge } from "./draw_edge.ts";
import { type Context2d, drawRects, drawTexts } from "./draw_items.ts";
import { addFooter, addFooterNames } from "./footer_items.ts";
import type { ChartOptions } from "./chart_state.ts";
import { HeatLayer } from "./heat_layer.ts";
import { RectItems, TextItems } from "./items.ts";
import { LevelLayer } from "./level_layer.ts";
import { addLastPrice } from "./last_price_items.ts";
import type { ChartSource } from "./model.ts";
import { ProfileMemory } from "./profile.ts";
import { addProfile, profileLabels } from "./profile_items.ts";
import { addIncompleteMarks } from "./quality_items.ts";
import { addReadout, candleParts, cellParts, type Part, readoutCandle } from "./readout.ts";
import type { Scene } from "./scene.ts";
import { type CanvasText, canvasTexts } from "./text_styles.ts";
import { Fill, FILL_STYLES } from "./theme.ts";
import { WallLayer } from "./wall_layer.ts";
import { addWallFrame, wallParts } from "./wall_readout.ts";

/** Builds each layer's items and draws them in order; knows nothing of pointers or data feeds. */
export class Painter {
  readonly heat = new HeatLayer();
  readonly walls = new WallLayer();
  readonly levels = new LevelLayer();
  /** What the readout says. */
  readout: readonly (readonly Part[])[] = [];
  readonly #candles = new CandleLayer();
  readonly #profile = new ProfileMemory();
  readonly #back = new RectItems();
  readonly #plot = new RectItems();
  readonly #frame = new RectItems();
  readonly #labels = new RectItems();
  readonly #backTexts = new TextItems();
  readonly #texts = new TextItems();
  #styles: readonly CanvasText[] = [];
  #ratio = 0;
  #fontsVersion = 0;

  /** Texts painted before the fonts came are painted again. */
  fontsChanged(): void {
    this.#fontsVersion++;
  }

  styles(ratio: number): readonly CanvasText[] {
    if (this.#ratio !== ratio) {
      this.#ratio = ratio;
      this.#styles = canvasTexts(ratio);
    }
    return this.#styles;
  }

  /** @returns whether the picture is final; otherwise it wants another frame. */
  paint(
    context: Context2d,
    scene: Scene,
    source: ChartSource,
    options: ChartOptions,
    timeMs: number,
  ): boolean {
    const { plot, width, height, ratio } = scene.layout;
    const styles = this.styles(ratio);
    this.#build(scene, source, options);
    const levelsFound = this.levels.layOut(scene, options.studies);

    context.fillStyle = FILL_STYLES[Fill.background];
    context.fillRect(0, 0, width, height);
    context.save();
    context.beginPath();
    context.rect(0, 0, plot.width, plot.height);
    context.clip();
    const { heatmap, lowPercent, highPercent } = options;
    this.heat.draw(context, scene, source, { on: heatmap, lowPercent, highPercent }, timeMs);
    this.walls.drawBehindCandles(context);
    this.levels.drawBehindCandles(context);
    drawRects(context, this.#back);
    drawTexts(context, this.#backTexts, styles);
    const finished = this.#candles.draw(context, scene, styles, this.#fontsVersion);
    this.levels.drawOverCandles(context);
    drawRects(context, this.#plot);
    this.walls.drawOverCandles(context, styles);
    if (scene.first > 0) drawLeftEdge(context, scene.layout);
    context.restore();
    drawRects(context, this.#frame);
    drawRects(context, this.#labels);
    drawTexts(context, this.#texts, styles);
    return finished && levelsFound;
  }

  paintOverlay(context: Context2d, scene: Scene, pointed: Pointed | null): void {
    const { width, height, ratio } = scene.layout;
    const styles = this.styles(ratio);
    context.clearRect(0, 0, width, height);
    this.#labels.clear();
    this.#plot.clear();
    this.#texts.clear();
    const candle = readoutCandle(scene, pointed);
    const lines = [candleParts(scene, candle)];
    if (pointed !== null) {
      addCrosshair(this.#plot, this.#texts, scene, pointed);
      lines.push(cellParts(scene, candle, pointed, this.heat.tiles));
      const { plane } = this.walls;
      const wall = this.walls.at(pointed);
      if (plane !== null && wall !== null) {
        addWallFrame(this.#plot, plane, wall);
        lines.push(wallParts(plane, wall));
      }
    }
    this.readout = lines;
    addReadout(this.#labels, this.#texts, scene, lines);
    drawRects(context, this.#plot);
    drawRects(context, this.#labels);
    drawTexts(context, this.#texts, styles);
  }

  #build(scene: Scene, source: ChartSource, options: ChartOptions): void {
    for (const rects of [this.#back, this.#plot, this.#frame, this.#labels]) rects.clear();
    this.#backTexts.clear();
    this.#texts.clear();
    addFrames(this.#frame, scene);
    addPriceAxis(this.#back, this.#texts, scene);
    addTimeAxis(this.#back, this.#texts, scene);
    addIncompleteMarks(this.#plot, scene);
    const profile = options.profile ? this.#profile.of(scene) : null;
    // Behind the candles, whose numbers must stay readable when they come to lie over it.
    if (profile !== null) addProfile(this.#back, this.#backTexts, scene, profile);
    const labels = profile === null ? [] : profileLabels(scene, profile);
    if (options.walls) this.walls.layOut(scene, source, labels);
    else this.walls.hide();
    addFooter(this.#frame, this.#texts, scene);
    addFooterNames(this.#texts, scene);
    addLastPrice(this.#back, this.#labels, this.#texts, scene);
  }
}
