import assert from "node:assert/strict";
import {
  autoRowSize,
  commonRowSize,
  fetchRowSize,
  nextFinerSize,
  niceSizeAtLeast,
  rowSizes,
} from "../../chart/row_size.ts";

Deno.test("niceSizeAtLeast() gives 1, 2, 5 times a power of ten units", () => {
  assert.equal(niceSizeAtLeast(1, 0.3), 1);
  assert.equal(niceSizeAtLeast(1, 1.1), 2);
  assert.equal(niceSizeAtLeast(1, 3), 5);
  assert.equal(niceSizeAtLeast(1, 500), 500);
  assert.equal(niceSizeAtLeast(1, 501), 1000);
  assert.equal(niceSizeAtLeast(100, 230), 500);
});

Deno.test("nextFinerSize() walks the series down to the unit", () => {
  assert.equal(nextFinerSize(1, 1000), 500);
  assert.equal(nextFinerSize(1, 500), 200);
  assert.equal(nextFinerSize(1, 200), 100);
  assert.equal(nextFinerSize(1, 1), null);
});

Deno.test("rowSizes() lists every size of a range", () => {
  assert.deepEqual(rowSizes(5, 200), [5, 10, 20, 50, 100, 200]);
});

Deno.test("autoRowSize() merges rows that would be lower than wanted", () => {
  // 13 px x 30 ticks = 390 ticks: the next size is 500.
  assert.equal(autoRowSize(null, 1, 30, 13), 500);
  assert.equal(autoRowSize(200, 1, 30, 13), 500);
});

Deno.test("autoRowSize() keeps rows that are only a little too low", () => {
  // 500 ticks at 40 ticks a pixel are 12.5 px: above 92 % of 13.
  assert.equal(autoRowSize(500, 1, 40, 13), 500);
  // At 42 they are 11.9 px.
  assert.equal(autoRowSize(500, 1, 42, 13), 1000);
});

Deno.test("autoRowSize() splits rows only when the finer ones have room", () => {
  // 500 at 36 ticks a pixel are 13.9 px: high enough, but not yet by 12 %.
  assert.equal(autoRowSize(1000, 1, 36, 13), 1000);
  assert.equal(autoRowSize(1000, 1, 34, 13), 500);
});

Deno.test("fetchRowSize() is a power of ten of which the row size is a multiple", () => {
  for (const [group, fetched] of [[1, 1], [2, 1], [5, 1], [10, 10], [500, 100], [2000, 1000]]) {
    assert.equal(fetchRowSize(group), fetched);
    assert.equal(group % fetched, 0);
  }
});

Deno.test("commonRowSize() is the smallest size that both sizes divide", () => {
  assert.equal(commonRowSize(200, 500), 1000);
  assert.equal(commonRowSize(500, 200), 1000);
  assert.equal(commonRowSize(1, 100), 100);
  assert.equal(commonRowSize(50, 50), 50);
  assert.equal(commonRowSize(6, 4), 12);
});
