import assert from "node:assert/strict";
import { detailForRows, detailForWidth } from "../../chart/detail.ts";

Deno.test("detailForWidth() goes from numbers to plain candles as slots narrow", () => {
  assert.equal(detailForWidth(92, null), "numbers");
  assert.equal(detailForWidth(40, null), "bars");
  assert.equal(detailForWidth(12, null), "cells");
  assert.equal(detailForWidth(4, null), "candles");
});

Deno.test("detailForWidth() keeps a detail a little below its threshold", () => {
  assert.equal(detailForWidth(71, null), "bars");
  assert.equal(detailForWidth(71, "numbers"), "numbers");
  assert.equal(detailForWidth(60, "numbers"), "bars");
});

Deno.test("detailForRows() never shows numbers in rows that are too low for text", () => {
  assert.equal(detailForRows("numbers", 13), "numbers");
  assert.equal(detailForRows("numbers", 11), "bars");
  assert.equal(detailForRows("numbers", 1.1), "cells");
  assert.equal(detailForRows("bars", 0.5), "candles");
});
