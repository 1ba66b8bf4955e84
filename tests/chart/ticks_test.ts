import assert from "node:assert/strict";
import { multiplesIn, priceStep, timeStep } from "../../chart/ticks.ts";
import { countdownText, dayText, minuteText } from "../../chart/times.ts";

Deno.test("timeStep() is the shortest of the clock's steps that leaves room for labels", () => {
  assert.equal(timeStep(652, 78), 60_000);
  assert.equal(timeStep(800, 78), 120_000);
  assert.equal(timeStep(60_000, 78), 2 * 3_600_000 * 1);
  assert.equal(timeStep(10, 78), 1000);
});

Deno.test("priceStep() is a nice number of ticks", () => {
  assert.equal(priceStep(57, 44), 5000);
  assert.equal(priceStep(0.01, 44), 1);
});

Deno.test("multiplesIn() includes both ends", () => {
  assert.deepEqual(multiplesIn(95, 110, 5), [95, 100, 105, 110]);
  assert.deepEqual(multiplesIn(96, 99, 5), []);
});

Deno.test("labels are UTC", () => {
  const midnight = Date.UTC(2024, 7, 9);
  assert.equal(minuteText(midnight - 60_000), "23:59");
  assert.equal(dayText(midnight), "9 Aug");
});

Deno.test("countdownText() counts whole seconds that have begun and never below zero", () => {
  assert.equal(countdownText(60_000), "01:00");
  assert.equal(countdownText(59_001), "01:00");
  assert.equal(countdownText(59_000), "00:59");
  assert.equal(countdownText(-5), "00:00");
  assert.equal(countdownText(3_661_000), "1:01:01");
});
