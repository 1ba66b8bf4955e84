import assert from "node:assert/strict";
import { SnapshotPace } from "../../collector/snapshot_pace.ts";

Deno.test("SnapshotPace asks twice at once, then ever more slowly", () => {
  const pace = new SnapshotPace(() => 1);
  let time = 5000;
  const pauses = Array.from({ length: 11 }, () => {
    const pauseMs = pace.pauseMs(time);
    // The answer needs 100 ms, and is of no use.
    time += pauseMs + 100;
    return pauseMs;
  });
  assert.deepEqual(
    pauses,
    [0, 0, 250, 500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000],
  );
});

Deno.test("SnapshotPace begins anew after a book that lasted", () => {
  const pace = new SnapshotPace(() => 1);
  const pauses = [0, 1, 2, 10_253, 10_254, 10_255].map((time) => pace.pauseMs(time));
  assert.deepEqual(pauses, [0, 0, 250, 0, 0, 250]);
});
