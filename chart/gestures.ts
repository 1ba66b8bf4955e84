import { type Layout, type Zone, zoneAt } from "./layout.ts";

/** What a person does on the chart, in device pixels of its canvas. */
export interface GestureHandlers {
  layout(): Layout | null;
  hover(x: number, y: number): void;
  leave(): void;
  drag(zone: Zone, dx: number, dy: number): void;
  /** Zoom by factors (above 1: more is shown) around a point. */
  zoom(zone: Zone, timeFactor: number, priceFactor: number, x: number, y: number): void;
  fit(zone: Zone): void;
}

interface Pointer {
  x: number;
  y: number;
}

const WHEEL_SPEED = 0.0015;
const WHEEL_LINE_PX = 30;
const MIN_PINCH_PX = 24;

/** Listens to mouse, touch and pen on one element until the signal aborts. */
export function listenToGestures(
  element: HTMLElement,
  handlers: GestureHandlers,
  signal: AbortSignal,
): void {
  const pointers = new Map<number, Pointer>();
  let zone: Zone = "plot";

  const place = (event: MouseEvent): Pointer | null => {
    const layout = handlers.layout();
    if (layout === null) return null;
    const box = element.getBoundingClientRect();
    return {
      x: (event.clientX - box.left) * layout.ratio,
      y: (event.clientY - box.top) * layout.ratio,
    };
  };
  const zoneOf = ({ x, y }: Pointer): Zone => {
    const layout = handlers.layout();
    return layout === null ? "plot" : zoneAt(layout, x, y);
  };

  element.addEventListener("pointerdown", (event) => {
    const at = place(event);
    if (at === null || event.button !== 0) return;
    element.setPointerCapture(event.pointerId);
    if (pointers.size === 0) zone = zoneOf(at);
    pointers.set(event.pointerId, at);
  }, { signal });

  element.addEventListener("pointermove", (event) => {
    const at = place(event);
    if (at === null) return;
    if (event.pointerType !== "touch") handlers.hover(at.x, at.y);
    const held = pointers.get(event.pointerId);
    if (held === undefined) {
      element.dataset.zone = zoneOf(at);
      return;
    }
    if (pointers.size === 1) handlers.drag(zone, at.x - held.x, at.y - held.y);
    else if (pointers.size === 2) pinch(event.pointerId, held, at);
    pointers.set(event.pointerId, at);
  }, { signal });

  const pinch = (id: number, from: Pointer, to: Pointer) => {
    let other = from;
    for (const [otherId, pointer] of pointers) if (otherId !== id) other = pointer;
    const ratio = (a: number, b: number) =>
      Math.max(MIN_PINCH_PX, Math.abs(a)) / Math.max(MIN_PINCH_PX, Math.abs(b));
    const time = ratio(from.x - other.x, to.x - other.x);
    const price = ratio(from.y - other.y, to.y - other.y);
    handlers.drag("plot", (to.x - from.x) / 2, (to.y - from.y) / 2);
    handlers.zoom("plot", time, price, (to.x + other.x) / 2, (to.y + other.y) / 2);
  };

  const release = (event: PointerEvent) => {
    pointers.delete(event.pointerId);
  };
  element.addEventListener("pointerup", (event) => {
    const at = place(event);
    // A tap of a finger sets the crosshair, since fingers do not hover.
    if (event.pointerType === "touch" && at !== null && pointers.size === 1) {
      handlers.hover(at.x, at.y);
    }
    release(event);
  }, { signal });
  element.addEventListener("pointercancel", release, { signal });
  element.addEventListener("pointerleave", () => handlers.leave(), { signal });

  element.addEventListener("wheel", (event) => {
    const at = place(event);
    if (at === null) return;
    event.preventDefault();
    const unit = event.deltaMode === WheelEvent.DOM_DELTA_PIXEL ? 1 : WHEEL_LINE_PX;
    const where = zoneOf(at);
    const sideways = event.shiftKey ? event.deltaY : event.deltaX;
    if (sideways !== 0) handlers.drag("timeAxis", -sideways * unit, 0);
    if (event.shiftKey || event.deltaY === 0) return;
    const factor = Math.exp(event.deltaY * unit * WHEEL_SPEED);
    const priceOnly = where === "priceAxis" || event.ctrlKey;
    const timeOnly = where === "timeAxis" || where === "footer";
    handlers.zoom(where, priceOnly ? 1 : factor, timeOnly ? 1 : factor, at.x, at.y);
  }, { signal, passive: false });

  element.addEventListener("dblclick", (event) => {
    const at = place(event);
    if (at !== null) handlers.fit(zoneOf(at));
  }, { signal });
}
