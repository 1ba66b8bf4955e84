import assert from "node:assert/strict";
import { type Keep, readKept, writeKept } from "../../live/kept_value.ts";

function memory(texts: Record<string, string>): Keep {
  return {
    getItem: (key) => texts[key] ?? null,
    setItem: (key, text) => texts[key] = text,
  };
}

const refusing: Keep = {
  getItem: () => {
    throw new Error("denied");
  },
  setItem: () => {
    throw new Error("full");
  },
};

Deno.test("a kept value comes back as it was", () => {
  const keep = memory({});
  assert.equal(writeKept(keep, "a", { b: [1, true] }), true);
  assert.deepEqual(readKept(keep, "a"), { b: [1, true] });
  assert.equal(readKept(keep, "other"), null);
});

Deno.test("a broken text, a refusing browser and none at all keep nothing", () => {
  assert.equal(readKept(memory({ a: "{" }), "a"), null);
  assert.equal(readKept(refusing, "a"), null);
  assert.equal(readKept(null, "a"), null);
  assert.equal(writeKept(refusing, "a", 1), false);
  assert.equal(writeKept(null, "a", 1), false);
});
