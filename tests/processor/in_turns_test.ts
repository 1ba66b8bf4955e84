import assert from "node:assert/strict";
import { mapInTurns } from "../../processor/in_turns.ts";

Deno.test("mapInTurns() maps all in order, and lets others have their turn", async () => {
  const items = Array.from({ length: 60 }, (_, i) => i);
  let turns = 0;
  const timer = setInterval(() => turns++);
  const slow = (item: number, i: number) => {
    for (const end = performance.now() + 1; performance.now() < end;);
    return item * 2 + i;
  };
  const mapped = await mapInTurns(items, slow);
  clearInterval(timer);
  assert.deepEqual(mapped, items.map((item) => item * 3));
  assert.ok(turns > 0);
  assert.deepEqual(await mapInTurns([], slow), []);
});
