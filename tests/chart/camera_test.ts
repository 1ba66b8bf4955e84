import assert from "node:assert/strict";
import { fitPrices, followedRight, priceRange, recentreBy } from "../../chart/camera.ts";
import { priceToY, type View } from "../../chart/view.ts";
import { candleOf } from "./fixture.ts";

const plot = { width: 1000, height: 500 };
const view = (): View => ({
  timeRight: 0,
  msPerPx: 600,
  slotMs: 60_000,
  priceTop: 6_200_000,
  ticksPerPx: 100,
  following: true,
  autoPrice: true,
});

Deno.test("followedRight() is the newest candle's end and the margin", () => {
  assert.equal(
    followedRight(candleOf(120_000, [[1, 1, 1]]), { slotMs: 60_000, msPerPx: 600 }, 100),
    240_000,
  );
});

Deno.test("priceRange() covers the candles of the range", () => {
  const candles = [candleOf(0, [[50, 1, 1]]), candleOf(1, [[10, 1, 1], [20, 1, 1]])];
  assert.deepEqual(priceRange(candles, 1, 2), { low: 10, high: 21 });
  assert.equal(priceRange(candles, 2, 2), null);
});

Deno.test("fitPrices() leaves a range alone in which the candles fit well", () => {
  const one = view();
  assert.equal(fitPrices(one, plot, { low: 6_155_000, high: 6_195_000 }), false);
  assert.equal(one.ticksPerPx, 100);
});

Deno.test("fitPrices() makes room for candles that left the plot", () => {
  const one = view();
  assert.equal(fitPrices(one, plot, { low: 6_140_000, high: 6_195_000 }), true);
  assert.ok(Math.abs(priceToY(one, 6_195_000) - 45) < 1e-6);
  assert.ok(Math.abs(priceToY(one, 6_140_000) - 455) < 1e-6);
});

Deno.test("recentreBy() moves the picture only when the last price is near an edge", () => {
  const one = view();
  assert.equal(recentreBy(one, plot, 6_175_000), 0);
  assert.equal(recentreBy(one, plot, 6_199_000), 240);
});
