import assert from "node:assert/strict";
import { effectiveGroup, groupedCandle } from "../../chart/grouped_candle.ts";
import { candleOf, instrument } from "./fixture.ts";

const { qtyScale } = instrument;

Deno.test("groupedCandle() sums ticks into rows named by their lower edge", () => {
  const candle = candleOf(0, [[1009, 100, 0], [1010, 50, 20], [1019, 0, 300], [1020, 7, 0]]);
  const grouped = groupedCandle(candle, 10, qtyScale);
  assert.deepEqual([...grouped.rows], [1000, 1010, 1020]);
  assert.deepEqual([...grouped.sell], [100, 50, 7]);
  assert.deepEqual([...grouped.buy], [0, 320, 0]);
  assert.deepEqual([...grouped.trades], [1, 2, 1]);
  assert.equal(grouped.poc, 1);
  assert.equal(grouped.maxSide, 320);
  assert.equal(grouped.maxVolume, 370);
  assert.equal(grouped.maxDelta, 270);
  assert.equal(grouped.maxTrades, 2);
  // 370 of 477 are 78 %: the POC's row alone is the value area.
  assert.deepEqual([grouped.val, grouped.vah], [1010, 1010]);
});

Deno.test("groupedCandle() gives the same object until the candle changes", () => {
  const candle = candleOf(0, [[1000, 1, 2]]);
  const first = groupedCandle(candle, 10, qtyScale);
  assert.equal(groupedCandle(candle, 10, qtyScale), first);
  const changed = { ...candle, revision: 2 };
  assert.notEqual(groupedCandle(changed, 10, qtyScale), first);
});

Deno.test("effectiveGroup() never splits rows that are not known more finely", () => {
  const coarse = candleOf(0, [[1000, 1, 2]], { group: 100 });
  assert.equal(effectiveGroup(coarse, 500), 500);
  assert.equal(effectiveGroup(coarse, 50), 100);
});

Deno.test("effectiveGroup() merges rows that do not divide the wanted size into a common one", () => {
  const candle = candleOf(0, [[400, 1, 0], [800, 0, 2], [1000, 4, 0]], { group: 200 });
  assert.equal(effectiveGroup(candle, 500), 1000);
  const grouped = groupedCandle(candle, 500, qtyScale);
  // 400 and 800 lie in [0, 1000); a row of 500 would have to cut that of 400 to 599 in two.
  assert.equal(grouped.group, 1000);
  assert.deepEqual([...grouped.rows], [0, 1000]);
  assert.deepEqual([...grouped.sell], [1, 4]);
  assert.deepEqual([...grouped.buy], [2, 0]);
});
