import assert from "node:assert/strict";
import { visibleProfile } from "../../chart/profile.ts";
import { candleOf, instrument } from "./fixture.ts";

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
