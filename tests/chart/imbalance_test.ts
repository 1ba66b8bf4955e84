import assert from "node:assert/strict";
import { BUY_IMBALANCE, imbalances, SELL_IMBALANCE } from "../../chart/imbalance.ts";

const of = (...values: number[]) => Float64Array.from(values);

Deno.test("imbalances() compares buys with the sells of the row below", () => {
  const flags = imbalances(of(100, 110), of(10, 0), of(0, 30), 10, 5);
  assert.deepEqual([...flags], [0, BUY_IMBALANCE]);
  const weaker = imbalances(of(100, 110), of(10, 0), of(0, 29), 10, 5);
  assert.deepEqual([...weaker], [0, 0]);
});

Deno.test("imbalances() compares sells with the buys of the row above", () => {
  const flags = imbalances(of(100, 110), of(30, 0), of(0, 10), 10, 5);
  assert.deepEqual([...flags], [SELL_IMBALANCE, 0]);
});

Deno.test("imbalances() goes by price: a row that is missing traded nothing", () => {
  // 10 buys at 120 against nothing at 110, though the array's neighbour sold 10.
  const flags = imbalances(of(100, 120), of(10, 0), of(0, 10), 10, 5);
  assert.equal(flags[1], BUY_IMBALANCE);
  assert.equal(flags[0], SELL_IMBALANCE);
});

Deno.test("imbalances() against nothing needs the least volume", () => {
  assert.deepEqual([...imbalances(of(100), of(0), of(4), 10, 5)], [0]);
  assert.deepEqual([...imbalances(of(100), of(0), of(5), 10, 5)], [BUY_IMBALANCE]);
});

Deno.test("imbalances() never marks a side that traded nothing", () => {
  assert.deepEqual([...imbalances(of(100), of(0), of(0), 10, 0)], [0]);
});
