import assert from "node:assert/strict";
import {
  pan,
  priceToY,
  resizeView,
  showPrices,
  timeToX,
  type View,
  xToTime,
  yToPrice,
  zoomPrice,
  zoomTime,
} from "../../chart/view.ts";

const plot = { width: 1000, height: 500 };

function someView(): View {
  return {
    timeRight: 600_000,
    msPerPx: 600,
    slotMs: 60_000,
    priceTop: 10_000,
    ticksPerPx: 2,
    following: true,
    autoPrice: true,
  };
}

Deno.test("timeToX() puts the right edge's time at the plot's width", () => {
  const view = someView();
  assert.equal(timeToX(view, plot, 600_000), 1000);
  assert.equal(timeToX(view, plot, 540_000), 900);
  assert.equal(timeToX(view, plot, 0), 0);
  assert.equal(xToTime(view, plot, 900), 540_000);
});

Deno.test("priceToY() counts down from the top price", () => {
  const view = someView();
  assert.equal(priceToY(view, 10_000), 0);
  assert.equal(priceToY(view, 9_000), 500);
  assert.equal(yToPrice(view, 250), 9_500);
});

Deno.test("pan() to the right shows earlier times, pan() down higher prices", () => {
  const view = someView();
  pan(view, 100, 50);
  assert.equal(view.timeRight, 540_000);
  assert.equal(view.priceTop, 10_100);
  assert.equal(view.autoPrice, false);
});

Deno.test("pan() along the time axis alone leaves the automatic price range on", () => {
  const view = someView();
  pan(view, 100, 0);
  assert.equal(view.autoPrice, true);
});

Deno.test("zoomTime() keeps the time under the pointer", () => {
  const view = someView();
  const before = xToTime(view, plot, 250);
  zoomTime(view, plot, 2, 250);
  assert.equal(view.msPerPx, 1200);
  assert.equal(xToTime(view, plot, 250), before);
});

Deno.test("zoomTime() stops at the limits", () => {
  const view = someView();
  zoomTime(view, plot, 1e9, 250);
  assert.equal(view.msPerPx, 60_000);
});

Deno.test("zoomPrice() keeps the price under the pointer", () => {
  const view = someView();
  zoomPrice(view, 0.5, 100);
  assert.equal(view.ticksPerPx, 1);
  assert.equal(yToPrice(view, 100), 9_800);
});

Deno.test("showPrices() leaves the margin free at both ends", () => {
  const view = someView();
  showPrices(view, plot, 1000, 2000, 50);
  assert.equal(view.ticksPerPx, 2.5);
  assert.equal(priceToY(view, 2000), 50);
  assert.equal(priceToY(view, 1000), 450);
});

Deno.test("resizeView() keeps the middle price in the middle", () => {
  const view = someView();
  resizeView(view, plot, { width: 1000, height: 700 });
  assert.equal(yToPrice(view, 350), 9_500);
});
