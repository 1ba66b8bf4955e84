import assert from "node:assert/strict";
import fc from "fast-check";
import { PriceRanges } from "../../market/price_ranges.ts";

function rangesOf(candles: readonly (readonly [low: number, high: number])[]): PriceRanges {
  const ranges = new PriceRanges();
  for (const [low, high] of candles) ranges.push(low, high);
  return ranges;
}

Deno.test("firstWithin() includes a range's lower edge and excludes its upper one", () => {
  const ranges = rangesOf([[100, 109], [110, 119], [90, 99]]);
  assert.equal(ranges.firstWithin(0, 110, 120), 1);
  assert.equal(ranges.firstWithin(0, 109, 110), 0);
  assert.equal(ranges.firstWithin(1, 100, 110), -1, "99 lies below and 110 above");
  assert.equal(ranges.firstWithin(0, 120, 130), -1);
  assert.equal(ranges.firstWithin(0, 80, 91), 2);
});

Deno.test("firstWithin() begins with the candle it is told", () => {
  const ranges = rangesOf([[100, 110], [200, 210], [100, 110]]);
  assert.equal(ranges.firstWithin(1, 105, 106), 2);
  assert.equal(ranges.firstWithin(3, 105, 106), -1);
});

Deno.test("firstWithin() takes open ends: above a high, below a low", () => {
  const ranges = rangesOf([[100, 110], [95, 110], [95, 111]]);
  assert.equal(ranges.firstWithin(0, 111, Infinity), 2);
  assert.equal(ranges.firstWithin(0, -Infinity, 100), 1);
});

Deno.test("a candle of which trades are missing may have traded anywhere", () => {
  const ranges = rangesOf([[100, 110]]);
  ranges.pushUnknown();
  assert.equal(ranges.firstWithin(0, 500, 600), 1);
  assert.equal(ranges.firstWithin(0, 500, Infinity), 1);
});

Deno.test("firstWithin() finds what looking at every candle finds, over many candles", () => {
  const candle = fc.tuple(fc.integer({ min: 0, max: 200 }), fc.integer({ min: 0, max: 12 }));
  fc.assert(fc.property(
    fc.array(candle, { minLength: 1, maxLength: 400, size: "max" }),
    fc.nat(400),
    fc.integer({ min: -5, max: 215 }),
    fc.integer({ min: 1, max: 8 }),
    (candles, from, low, height) => {
      const lowsAndHighs = candles.map(([at, size]) => [at, at + size] as const);
      const expected = lowsAndHighs.findIndex(([bottom, top], i) =>
        i >= from && bottom < low + height && top >= low
      );
      assert.equal(rangesOf(lowsAndHighs).firstWithin(from, low, low + height), expected);
    },
  ));
});

Deno.test("firstWithin() finds a single candle wherever it lies, from every beginning", () => {
  for (let at = 0; at < 200; at++) {
    const ranges = rangesOf(Array.from({ length: 200 }, (_, i) => i === at ? [100, 110] : [0, 10]));
    for (let from = 0; from <= at; from += 7) {
      assert.equal(ranges.firstWithin(from, 105, 106), at, `${at} from ${from}`);
    }
    assert.equal(ranges.firstWithin(at + 1, 105, 106), -1);
  }
});

Deno.test("clear() forgets every candle", () => {
  const ranges = rangesOf([[100, 110], [100, 110]]);
  ranges.clear();
  ranges.push(500, 510);
  assert.equal(ranges.length, 1);
  assert.equal(ranges.firstWithin(0, 100, 110), -1);
  assert.equal(ranges.firstWithin(0, 505, 506), 0);
});
