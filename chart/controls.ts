import { fitPrices, followedRight, priceRange, recentreBy } from "./camera.ts";
import type { Layout, Zone } from "./layout.ts";
import type { ChartCandle } from "./model.ts";
import { firstAtOrAfter } from "./scene.ts";
import { pan, resizeView, type View, xToTime, zoomPrice, zoomTime } from "./view.ts";

/** Width of a candle's slot when the page opens, CSS pixels. */
const FIRST_SLOT_PX = 92;
const FIRST_SLOT_PX_COMPACT = 80;
/** Until the length of the candles is known. */
const FIRST_SLOT_MS = 60_000;
const KEY_PAN_PX = 60;
const KEY_ZOOM = 1.2;
/** A drag this close to level, in CSS pixels, leaves the automatic price range alone. */
const LEVEL_DRAG_PX = 8;
/** Share of the way to the wanted place that each frame covers. */
const GLIDE = 0.28;

/** Turns gestures, keys and new data into changes of the view. */
export class Controls {
  readonly view: View = {
    timeRight: 0,
    msPerPx: FIRST_SLOT_MS / FIRST_SLOT_PX,
    slotMs: FIRST_SLOT_MS,
    priceTop: 0,
    ticksPerPx: 1,
    following: true,
    autoPrice: true,
  };
  #placed = false;
  #glidePx = 0;
  #dragY = 0;
  #layout: Layout | null = null;

  get placed(): boolean {
    return this.#placed;
  }

  setLayout(layout: Layout): void {
    if (this.#layout === null) {
      const slot = layout.compact ? FIRST_SLOT_PX_COMPACT : FIRST_SLOT_PX;
      this.view.msPerPx = this.view.slotMs / (slot * layout.ratio);
    } else {
      const factor = layout.ratio / this.#layout.ratio;
      this.view.msPerPx /= factor;
      this.view.ticksPerPx /= factor;
      resizeView(this.view, this.#layout.plot, layout.plot);
    }
    this.#layout = layout;
  }

  /** Candles of another length keep their width on the screen, and the right edge its time. */
  setInterval(intervalMs: number): void {
    const { view } = this;
    if (intervalMs === view.slotMs) return;
    view.msPerPx *= intervalMs / view.slotMs;
    view.slotMs = intervalMs;
    view.autoPrice = true;
    // The prices are fitted as soon as there are candles.
    this.#placed = false;
  }

  /** Before each picture. @returns whether the view is still moving. */
  settle(candles: readonly ChartCandle[]): boolean {
    const layout = this.#layout;
    if (layout === null || candles.length === 0) return false;
    const { view } = this;
    const newest = candles[candles.length - 1];
    if (view.following) {
      view.timeRight = followedRight(newest, view, this.#margin(layout));
      if (view.autoPrice) {
        const first = firstAtOrAfter(candles, xToTime(view, layout.plot, 0) - view.slotMs + 1);
        const range = priceRange(candles, first, candles.length);
        if (range !== null) fitPrices(view, layout.plot, range, !this.#placed);
      } else if (this.#glidePx === 0) {
        this.#glidePx = recentreBy(view, layout.plot, newest.close);
      }
    }
    this.#placed = true;
    return this.#glide();
  }

  drag(zone: Zone, dx: number, dy: number): void {
    const layout = this.#layout;
    if (layout === null) return;
    this.#glidePx = 0;
    if (zone === "priceAxis") {
      zoomPrice(this.view, Math.exp(dy / (layout.plot.height / 2)), layout.plot.height / 2);
      return;
    }
    if (zone === "timeAxis" || zone === "footer") {
      this.#pan(dx, 0);
      return;
    }
    this.#dragY += Math.abs(dy);
    const level = this.view.autoPrice && this.#dragY < LEVEL_DRAG_PX * layout.ratio;
    this.#pan(dx, level ? 0 : dy);
  }

  endDrag(): void {
    this.#dragY = 0;
  }

  zoom(timeFactor: number, priceFactor: number, x: number, y: number): void {
    const layout = this.#layout;
    if (layout === null) return;
    const { view } = this;
    if (timeFactor !== 1) zoomTime(view, layout.plot, timeFactor, x);
    const automatic = view.following && view.autoPrice && timeFactor !== 1;
    if (priceFactor !== 1 && !automatic) zoomPrice(view, priceFactor, y);
  }

  /** Fits the prices to the visible candles; on the time axis the width of candles, too. */
  fit(zone: Zone, candles: readonly ChartCandle[]): void {
    const layout = this.#layout;
    if (layout === null) return;
    const { view } = this;
    if (zone === "timeAxis" || zone === "footer") {
      const factor = view.slotMs / (FIRST_SLOT_PX * layout.ratio) / view.msPerPx;
      zoomTime(view, layout.plot, factor, layout.plot.width / 2);
    }
    view.autoPrice = true;
    const first = firstAtOrAfter(candles, xToTime(view, layout.plot, 0) - view.slotMs + 1);
    const range = priceRange(candles, first, firstAtOrAfter(candles, view.timeRight));
    if (range !== null) fitPrices(view, layout.plot, range, true);
  }

  backToLive(): void {
    this.view.following = true;
    this.view.autoPrice = true;
  }

  /** @returns whether the key means something here. */
  key(key: string, candles: readonly ChartCandle[]): boolean {
    const layout = this.#layout;
    if (layout === null) return false;
    const { plot, ratio } = layout;
    const step = KEY_PAN_PX * ratio;
    if (key === "ArrowLeft") this.#pan(step, 0);
    else if (key === "ArrowRight") this.#pan(-step, 0);
    else if (key === "ArrowUp") this.#pan(0, step);
    else if (key === "ArrowDown") this.#pan(0, -step);
    else if (key === "+" || key === "=") {
      this.zoom(1 / KEY_ZOOM, 1 / KEY_ZOOM, plot.width / 2, plot.height / 2);
    } else if (key === "-") this.zoom(KEY_ZOOM, KEY_ZOOM, plot.width / 2, plot.height / 2);
    else if (key === "End") this.backToLive();
    else if (key === "Home" && candles.length > 0) {
      this.view.following = false;
      this.view.timeRight = candles[0].time + plot.width * this.view.msPerPx;
      this.fit("plot", candles);
    } else return false;
    return true;
  }

  #pan(dx: number, dy: number): void {
    pan(this.view, dx, dy);
    if (dx > 0) this.view.following = false;
  }

  #margin(layout: Layout): number {
    return layout.profileWidth + Math.round(12 * layout.ratio);
  }

  /** Moves the price range a part of the way, so that a recentred picture does not jump. */
  #glide(): boolean {
    if (this.#glidePx === 0) return false;
    const step = Math.abs(this.#glidePx) < 1 ? this.#glidePx : this.#glidePx * GLIDE;
    this.view.priceTop += step * this.view.ticksPerPx;
    this.#glidePx -= step;
    return this.#glidePx !== 0;
  }
}
