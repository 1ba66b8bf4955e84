import assert from "node:assert/strict";
import { visibleProfile } from "../../chart/profile.ts";
import { RectItems, TextItems } from "../../chart/items.ts";
import { addProfile } from "../../chart/profile_items.ts";
import { candleOf, emptyScene, instrument } from "./fixture.ts";

Deno.test("visibleProfile() sums the rows of the visible candles alone", () => {
  const candles = [
    candleOf(0, [[1000, 9, 9]]),
    candleOf(60_000, [[1000, 1, 2], [1010, 0, 4]]),
    candleOf(120_000, [[1005, 10, 0]]),
  ];
  const profile = visibleProfile({ candles, first: 1, end: 3, group: 10, instrument });
  assert.deepEqual(profile.rows, [
    { row: 1000, sellLots: 11, buyLots: 2 },
    { row: 1010, sellLots: 0, buyLots: 4 },
  ]);
  assert.equal(profile.area?.poc, 1000);
  assert.equal(profile.volume, 0.17);
});

Deno.test("visibleProfile() is as coarse as the coarsest candle, never invented", () => {
  const candles = [
    candleOf(0, [[1000, 5, 0]], { group: 100 }),
    candleOf(60_000, [[1040, 1, 0], [1060, 0, 1]]),
  ];
  const profile = visibleProfile({ candles, first: 0, end: 2, group: 50, instrument });
  assert.equal(profile.group, 100);
  assert.deepEqual(profile.rows, [{ row: 1000, sellLots: 6, buyLots: 1 }]);
});

Deno.test("visibleProfile() merges rows of 200 and of 500 ticks exactly, into rows of 1000", () => {
  const candles = [
    // Rows of 200: 400, 800 lie in [0, 1000), 1000 and 1800 in [1000, 2000).
    candleOf(0, [[400, 1, 2], [800, 3, 0], [1000, 0, 5], [1800, 7, 1]], { group: 200 }),
    // Rows of 500: 500 lies in [0, 1000), 1500 in [1000, 2000), 2000 in [2000, 3000).
    candleOf(60_000, [[500, 10, 0], [1500, 0, 20], [2000, 4, 4]], { group: 500 }),
    // Single ticks.
    candleOf(120_000, [[999, 100, 0], [1000, 0, 200]]),
  ];
  for (const wanted of [100, 200, 500, 1000]) {
    const profile = visibleProfile({ candles, first: 0, end: 3, group: wanted, instrument });
    assert.equal(profile.group, 1000, `rows of ${wanted} wanted`);
    assert.deepEqual(profile.rows, [
      { row: 0, sellLots: 1 + 3 + 10 + 100, buyLots: 2 },
      { row: 1000, sellLots: 7, buyLots: 5 + 1 + 20 + 200 },
      { row: 2000, sellLots: 4, buyLots: 4 },
    ]);
    assert.deepEqual(profile.area, { poc: 1000, vah: 1000, val: 0 });
    assert.equal(profile.maxLots, 233);
    // 116 + 233 + 8 lots of 0.01.
    assert.equal(profile.volume, 3.57);
  }
});

Deno.test("visibleProfile() keeps the wanted rows while every candle's rows divide them", () => {
  const candles = [candleOf(0, [[100, 1, 0]], { group: 50 }), candleOf(60_000, [[199, 0, 2]])];
  const profile = visibleProfile({ candles, first: 0, end: 2, group: 100, instrument });
  assert.equal(profile.group, 100);
  assert.deepEqual(profile.rows, [{ row: 100, sellLots: 1, buyLots: 2 }]);
});

Deno.test("addProfile() draws rows of the size that the profile has, not of the wanted one", () => {
  const rects = new RectItems();
  const scene = { ...emptyScene(), group: 200 };
  const candles = [candleOf(0, [[0, 0, 10]], { group: 500 })];
  const profile = visibleProfile({ candles, first: 0, end: 1, group: 200, instrument });
  addProfile(rects, new TextItems(), scene, profile);
  // 1000 ticks at 10 ticks per pixel are 100 px high, less the line between two rows.
  assert.deepEqual([rects.y[0], rects.height[0]], [100, 99]);
});
