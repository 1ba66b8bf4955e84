import assert from "node:assert/strict";
import { valueArea } from "../../market/volume_profile.ts";

function rows(volumes: Record<number, number>) {
  return Object.entries(volumes).map(([row, volume]) => ({
    row: Number(row),
    sellLots: volume,
    buyLots: 0,
  })).sort((a, b) => a.row - b.row);
}

Deno.test("valueArea() of nothing is null", () => {
  assert.equal(valueArea([], 1), null);
});

Deno.test("valueArea() takes the lower row on a POC tie", () => {
  assert.equal(valueArea(rows({ 10: 3, 11: 5, 12: 5 }), 1)?.poc, 11);
});

Deno.test("valueArea() adds the larger neighbour until 70 % is reached", () => {
  // Total 100, POC 12 with 40; above 25 beats below 20 (65); below 20 beats above 5 (85 >= 70).
  const area = valueArea(rows({ 10: 10, 11: 20, 12: 40, 13: 25, 14: 5 }), 1);
  assert.deepEqual(area, { poc: 12, vah: 13, val: 11 });
});

Deno.test("valueArea() goes up on a tie", () => {
  // Total 100, POC 50; 15 against 15: up (65), then 15 below beats 10 above (80).
  const area = valueArea(rows({ 1: 10, 2: 15, 3: 50, 4: 15, 5: 10 }), 1);
  assert.deepEqual(area, { poc: 3, vah: 4, val: 2 });
});

Deno.test("valueArea() stops exactly at 70 %", () => {
  assert.deepEqual(valueArea(rows({ 1: 30, 2: 70 }), 1), { poc: 2, vah: 2, val: 2 });
});

Deno.test("valueArea() counts rows without a trade as 0", () => {
  // Rows of 10 ticks: 110 and 130 are missing. POC 120 (50 of 90, 63 needed). Both neighbours are
  // empty: the tie goes up through 130 to 140 (75).
  const area = valueArea(rows({ 100: 15, 120: 50, 140: 25 }), 10);
  assert.deepEqual(area, { poc: 120, vah: 140, val: 120 });
});

Deno.test("valueArea() never leaves the traded range", () => {
  // POC is the highest row; below it one empty row, then the rest.
  const area = valueArea(rows({ 1: 45, 3: 55 }), 1);
  assert.deepEqual(area, { poc: 3, vah: 3, val: 1 });
});

Deno.test("valueArea() is quick over a gap of a million empty rows", () => {
  const area = valueArea(rows({ 1: 40, 1_000_000: 60 }), 1);
  assert.deepEqual(area, { poc: 1_000_000, vah: 1_000_000, val: 1 });
});
