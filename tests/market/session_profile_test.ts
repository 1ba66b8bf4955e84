import assert from "node:assert/strict";
import { profileOf } from "../../market/session_profile.ts";

function level(sellLots: number, buyLots: number) {
  return { sellLots, buyLots, trades: 2, buyTrades: 1 };
}

Deno.test("profileOf adds up what lies on one row, and finds POC and value area", () => {
  const first = new Map([[1000, level(1, 2)], [1004, level(3, 0)], [1010, level(5, 5)]]);
  const second = new Map([[1011, level(2, 8)], [1020, level(0, 1)]]);
  const profile = profileOf([first, second], 10);
  assert.deepEqual(profile.rows, [
    { row: 1000, sellLots: 4, buyLots: 2, trades: 4 },
    { row: 1010, sellLots: 7, buyLots: 13, trades: 4 },
    { row: 1020, sellLots: 0, buyLots: 1, trades: 2 },
  ]);
  // 20 of 27 are 74 %.
  assert.deepEqual(profile.area, { poc: 1010, vah: 1010, val: 1010 });
  assert.deepEqual([profile.sellLots, profile.buyLots, profile.trades], [11, 16, 10]);
});

Deno.test("profileOf leaves the levels that it was given as they are", () => {
  const levels = new Map([[1, level(1, 1)], [2, level(1, 1)]]);
  profileOf([levels, levels], 10);
  assert.deepEqual([...levels.values()], [level(1, 1), level(1, 1)]);
});

Deno.test("profileOf nothing has no area", () => {
  assert.deepEqual(profileOf([], 10), {
    rows: [],
    area: null,
    buyLots: 0,
    sellLots: 0,
    trades: 0,
  });
});
