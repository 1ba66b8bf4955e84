import assert from "node:assert/strict";
import fc from "fast-check";
import { IdRanges } from "../../market/id_ranges.ts";

Deno.test("IdRanges joins neighbours and names the holes", () => {
  const ids = new IdRanges();
  for (const id of [5, 7, 6, 10, 1]) assert.equal(ids.add(id), true);
  assert.equal(ids.add(6), false);
  assert.deepEqual(ids.ranges, [{ from: 1, to: 1 }, { from: 5, to: 7 }, { from: 10, to: 10 }]);
  assert.deepEqual(ids.holes(), [{ from: 2, to: 4 }, { from: 8, to: 9 }]);
  assert.equal(ids.covers(5, 7), true);
  assert.equal(ids.covers(5, 8), false);
  assert.equal(ids.covers(9, 8), true, "an empty range");
});

Deno.test("IdRanges holds what a plain set holds", () => {
  fc.assert(fc.property(fc.array(fc.integer({ min: 0, max: 60 })), (added) => {
    const ids = new IdRanges();
    const plain = new Set<number>();
    for (const id of added) {
      assert.equal(ids.add(id), !plain.has(id));
      plain.add(id);
    }
    for (let id = -1; id <= 61; id++) assert.equal(ids.has(id), plain.has(id));
    for (let i = 1; i < ids.ranges.length; i++) {
      assert.ok(ids.ranges[i].from > ids.ranges[i - 1].to + 1);
    }
  }));
});

Deno.test("IdRanges adds and forgets whole ranges, and names what is missing between two ids", () => {
  const ids = IdRanges.of([{ from: 20, to: 29 }, { from: 1, to: 5 }, { from: 5, to: 9 }]);
  assert.deepEqual(ids.ranges, [{ from: 1, to: 9 }, { from: 20, to: 29 }]);
  assert.equal(ids.last, 29);
  assert.deepEqual(ids.missing(5, 35), [{ from: 10, to: 19 }, { from: 30, to: 35 }]);
  assert.deepEqual(ids.missing(2, 8), []);
  assert.deepEqual(ids.missing(12, 14), [{ from: 12, to: 14 }]);
  ids.remove(8, 21);
  assert.deepEqual(ids.ranges, [{ from: 1, to: 7 }, { from: 22, to: 29 }]);
  ids.addRange(8, 21);
  assert.deepEqual(ids.ranges, [{ from: 1, to: 29 }]);
  ids.remove(1, 29);
  assert.equal(ids.last, null);
});
