import assert from "node:assert/strict";
import { fromUnits, nearestUnits, parseScale, toUnits, unitsText } from "../../market/scale.ts";

Deno.test("parseScale() reads the padded tick sizes of an exchange", () => {
  assert.deepEqual(parseScale("0.01000000"), { decimals: 2, step: 1 });
  assert.deepEqual(parseScale("0.50000000"), { decimals: 1, step: 5 });
  assert.deepEqual(parseScale("5.00000000"), { decimals: 0, step: 5 });
  assert.deepEqual(parseScale("10"), { decimals: 0, step: 10 });
});

Deno.test("parseScale() refuses what is no positive decimal number and names it", () => {
  for (const text of ["", "0", "0.000", "-1", "1e-8", "abc"]) {
    assert.throws(() => parseScale(text), new RegExp(`received "${text}"`));
  }
});

Deno.test("toUnits() counts exactly where doubles do not", () => {
  const cents = parseScale("0.01");
  assert.equal(toUnits(cents, "61837.63000000"), 6_183_763);
  assert.equal(toUnits(cents, "0.29"), 29); // 0.29 * 100 is 28.999999999999996
  assert.equal(toUnits(cents, "7"), 700);
  assert.equal(toUnits(parseScale("0.5"), "12.5"), 25);
});

Deno.test("toUnits() refuses a price between two ticks and names it", () => {
  assert.throws(() => toUnits(parseScale("0.01"), "1.005"), /1\.005 is not a multiple of 0\.01/);
  assert.throws(() => toUnits(parseScale("0.5"), "1.2"), /1\.2 is not a multiple of 0\.5/);
});

Deno.test("toUnits() refuses texts that are no plain decimal", () => {
  for (const text of ["", "-1", "1e5", "1.2.3", ".5", "NaN", " 1"]) {
    assert.throws(() => toUnits(parseScale("0.01"), text), RangeError, text);
  }
});

Deno.test("toUnits() refuses what no integer counts exactly", () => {
  assert.throws(() => toUnits(parseScale("0.00000001"), "92233720368.0"), /too large/);
});

Deno.test("fromUnits() gives the double that prints as the decimal", () => {
  const scale = parseScale("0.00000001");
  assert.equal(String(fromUnits(scale, 141_379)), "0.00141379");
  assert.equal(fromUnits(parseScale("0.01"), 6_183_763), 61837.63);
  assert.equal(nearestUnits(parseScale("0.01"), 61837.63), 6_183_763);
});

Deno.test("unitsText() prints without trailing zeros unless asked", () => {
  const scale = parseScale("0.00000001");
  assert.equal(unitsText(scale, 150_000_000), "1.5");
  assert.equal(unitsText(scale, 150_000_000, 3), "1.500");
  assert.equal(unitsText(scale, 200_000_000), "2");
});
