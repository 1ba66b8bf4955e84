import assert from "node:assert/strict";
import { wallAt, wallParts } from "../../chart/wall_readout.ts";
import type { Wall } from "../../market/wall.ts";
import { planeOf, pulledAt, wallOf } from "./wall_fixture.ts";

const UTC_NOON = Date.UTC(2026, 0, 1, 12);

function said(wall: Wall, now = UTC_NOON + 600_000): string {
  const plane = { ...planeOf({ now }), presentTime: now };
  return wallParts(plane, wall).map(({ label, value }) => `${label} ${value}`.trim()).join(" | ");
}

Deno.test("wallParts() says all of a wall that rests, with units", () => {
  const text = said(wallOf(100_000, UTC_NOON, { tradedLots: 123 }));
  assert.equal(
    text,
    "bid wall 1\u2009000 USDT | peak 9 BTC | resting 8 BTC | traded 1.23 BTC | " +
      "since 12:00:00 UTC, for 10:00 | still resting",
  );
});

Deno.test("wallParts() says how and when a wall has ended", () => {
  const died = UTC_NOON + 65_000;
  const ask = { side: "ask", ...pulledAt(died), lots: 4 } as const;
  assert.equal(
    said(wallOf(100_000, UTC_NOON, ask)),
    "ask wall 1\u2009000 USDT | peak 9 BTC | left 0.04 BTC | traded 0.5 BTC | " +
      "since 12:00:00 UTC, for 01:05 | pulled 12:01:05",
  );
  const ends = [null, "filled", "mixed", "unknown"] as const;
  assert.deepEqual(
    ends.map((ended) => said(wallOf(1000, UTC_NOON, { died, ended })).split(" | ").at(-1)),
    [
      "gone, not yet judged 12:01:05",
      "filled 12:01:05",
      "partly filled, partly pulled 12:01:05",
      "end unknown (book or trades were lost) 12:01:05",
    ],
  );
});

Deno.test("wallParts() gives the day of a wall that is from another one", () => {
  const text = said(wallOf(1000, UTC_NOON, pulledAt(UTC_NOON + 1000)), UTC_NOON + 86_400_000);
  assert.match(text, /since 1 Jan 12:00:00 UTC, for 00:01 \| pulled 1 Jan 12:00:01/);
});

Deno.test("wallAt() finds the nearest mark within reach, and none further away", () => {
  const plane = planeOf();
  const low = wallOf(1000, 300_000);
  const high = wallOf(1100, 300_000, pulledAt(360_000));
  const visible = { resting: [low], ended: [high] };
  // Marks are 6 px high in the middle of rows of 10 px: 8 px, 80 ticks, are within reach.
  const at = (time: number | null, priceTicks: number) =>
    wallAt(plane, visible, { time, priceTicks })?.row ?? null;
  assert.equal(at(350_000, 1050), 1000);
  assert.equal(at(350_000, 1095), 1000);
  assert.equal(at(350_000, 1105), 1100);
  assert.equal(at(350_000, 971), 1000);
  assert.equal(at(350_000, 960), null);
  assert.equal(at(400_000, 1150), null, "after its end, beyond the other");
  assert.equal(at(298_000, 1050), 1000, "a little before its birth");
  assert.equal(at(290_000, 1050), null);
  assert.equal(at(null, 1050), null, "on the price axis");
});

Deno.test("wallAt() prefers what rests to what ended in the same row", () => {
  const resting = wallOf(1000, 300_000);
  const visible = { resting: [resting], ended: [wallOf(1000, 200_000, pulledAt(299_000))] };
  assert.equal(wallAt(planeOf(), visible, { time: 300_500, priceTicks: 1050 }), resting);
});
