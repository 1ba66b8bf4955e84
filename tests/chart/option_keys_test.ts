import assert from "node:assert/strict";
import { FIRST_OPTIONS } from "../../chart/chart_state.ts";
import { OPTION_KEYS, optionsByKey } from "../../chart/option_keys.ts";

Deno.test("keys show and hide, and leave everything else as it is", () => {
  for (const [key, name] of [["h", "heatmap"], ["v", "profile"], ["w", "walls"]] as const) {
    const hidden = optionsByKey(key, FIRST_OPTIONS, 10, 100);
    assert.deepEqual(hidden, { ...FIRST_OPTIONS, [name]: false });
    assert.deepEqual(optionsByKey(key, hidden, 10, 100), FIRST_OPTIONS);
  }
  assert.equal(optionsByKey("x", FIRST_OPTIONS, 10, 100), null);
  for (const [key] of OPTION_KEYS) assert.notEqual(optionsByKey(key, FIRST_OPTIONS, 10, 100), null);
});

Deno.test("g and G take the next larger and smaller rows of those that are offered, a the zoom's", () => {
  const group = (key: string, shown: number | null) =>
    optionsByKey(key, FIRST_OPTIONS, shown, 100)?.group;
  assert.equal(group("g", 10), 20);
  assert.equal(group("G", 10), 5);
  // 5 to 10,000 ticks are offered.
  assert.equal(group("G", 5), null);
  assert.equal(group("g", 10_000), null);
  assert.equal(group("g", null), null);
  assert.equal(optionsByKey("a", { ...FIRST_OPTIONS, group: 50 }, 50, 100)?.group, null);
});
