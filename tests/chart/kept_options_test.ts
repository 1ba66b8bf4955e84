import assert from "node:assert/strict";
import { FIRST_CELLS, FIRST_STUDIES } from "../../chart/cell_options.ts";
import { keptOptions } from "../../chart/kept_options.ts";

const chosen = {
  cells: {
    first: { content: "volume", drawing: "profile" },
    second: { content: "delta", drawing: "numbers" },
    shade: "delta",
    scope: "visible",
  },
  studies: { valueArea: false, stacked: false, unfinished: true, nakedPoc: true },
} as const;

Deno.test("keptOptions() gives back what was chosen", () => {
  assert.deepEqual(keptOptions(JSON.parse(JSON.stringify(chosen))), chosen);
  const single = { ...chosen, cells: { ...chosen.cells, second: null } };
  assert.deepEqual(keptOptions(single), single);
});

Deno.test("keptOptions() falls back to the first options whatever was kept", () => {
  const first = { cells: FIRST_CELLS, studies: FIRST_STUDIES };
  for (const broken of [null, undefined, 7, "x", [], { cells: 1, studies: "all" }]) {
    assert.deepEqual(keptOptions(broken), first, JSON.stringify(broken));
  }
});

Deno.test("keptOptions() replaces single unknown values and takes over nothing else", () => {
  const kept = {
    cells: {
      ...chosen.cells,
      first: { content: "price", drawing: "numbers" },
      second: { content: "delta" },
      shade: "rainbow",
      from: "elsewhere",
    },
    studies: { ...chosen.studies, stacked: "yes", moon: true },
    heatmap: false,
  };
  assert.deepEqual(keptOptions(kept), {
    cells: { first: FIRST_CELLS.first, second: null, shade: "none", scope: "visible" },
    studies: { ...chosen.studies, stacked: true },
  });
});
