import assert from "node:assert/strict";
import { sizeText } from "../../live/size_text.ts";

Deno.test("sizeText() gives two digits and a unit", () => {
  assert.equal(sizeText(0), "0 bytes");
  assert.equal(sizeText(1), "1 byte");
  assert.equal(sizeText(999), "999 bytes");
  assert.equal(sizeText(1_000), "1.0 kB");
  assert.equal(sizeText(12_345), "12 kB");
  assert.equal(sizeText(999_499), "999 kB");
  assert.equal(sizeText(999_500), "1.0 MB");
  assert.equal(sizeText(1_234_567_890), "1.2 GB");
  assert.equal(sizeText(5e15), "5000 TB");
});
