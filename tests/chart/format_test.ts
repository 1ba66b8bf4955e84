import assert from "node:assert/strict";
import {
  decimalsFor,
  exactQuantity,
  groupDigits,
  ladderQuantity,
  meanQuantity,
  priceText,
  shortQuantity,
  signedPercent,
  signedShort,
} from "../../chart/format.ts";

const cents = { decimals: 2, step: 1 };
const btc = { decimals: 8, step: 1 };

Deno.test("shortQuantity() has three significant digits in at most four characters", () => {
  const cases: [number, string][] = [
    [0, "0"],
    [0.004, "0.00"],
    [1.384, "1.38"],
    [9.999, "10.0"],
    [10.64, "10.6"],
    [99.96, "100"],
    [123.4, "123"],
    [999.6, "1.0k"],
    [1234, "1.2k"],
    [9960, "10k"],
    [12_345, "12k"],
    [999_600, "1.0M"],
    [45_000_000, "45M"],
  ];
  for (const [value, text] of cases) {
    assert.equal(shortQuantity(value), text);
    assert.ok(text.length <= 4, text);
  }
});

Deno.test("signedShort() shows the sign of what is not zero", () => {
  assert.equal(signedShort(1.5), "+1.50");
  assert.equal(signedShort(-12.34), "\u221212.3");
  assert.equal(signedShort(0), "0");
});

Deno.test("groupDigits() parts thousands by thin spaces", () => {
  assert.equal(groupDigits("61837.63"), "61\u2009837.63");
  assert.equal(groupDigits("1234567"), "1\u2009234\u2009567");
  assert.equal(groupDigits("999"), "999");
});

Deno.test("priceText() writes ticks with the decimals asked for", () => {
  assert.equal(priceText(cents, 6_183_763), "61\u2009837.63");
  assert.equal(priceText(cents, 6_183_700, 0), "61\u2009837");
});

Deno.test("decimalsFor() needs as many decimals as a row's edge has", () => {
  assert.equal(decimalsFor(cents, 1), 2);
  assert.equal(decimalsFor(cents, 10), 1);
  assert.equal(decimalsFor(cents, 500), 0);
  assert.equal(decimalsFor({ decimals: 1, step: 5 }, 1), 1);
  assert.equal(decimalsFor({ decimals: 1, step: 5 }, 2), 0);
});

Deno.test("exactQuantity() keeps every digit and drops only trailing zeros", () => {
  assert.equal(exactQuantity(btc, 2_542_618_900), "25.426189");
  assert.equal(exactQuantity(btc, -50_000_000), "\u22120.5");
  assert.equal(exactQuantity(btc, 300_000_000_000), "3\u2009000");
});

Deno.test("meanQuantity() has five significant digits", () => {
  assert.equal(meanQuantity(btc, 123_456_789), "1.2346");
  assert.equal(meanQuantity(btc, 12_345_678_900), "123.46");
  assert.equal(meanQuantity(btc, 0), "0");
});

Deno.test("ladderQuantity() has fewer decimals the larger the size", () => {
  assert.equal(ladderQuantity(0.0841), "0.084");
  assert.equal(ladderQuantity(3.14159), "3.14");
  assert.equal(ladderQuantity(1234.56), "1\u2009234.6");
  assert.equal(ladderQuantity(61_234.5), "61\u2009235");
});

Deno.test("signedPercent() rounds to whole percents", () => {
  assert.equal(signedPercent(-0.1849), "\u221218%");
  assert.equal(signedPercent(0.051), "+5%");
  assert.equal(signedPercent(0.004), "0%");
});
