import assert from "node:assert/strict";
import type { WallsFrame } from "../../bus/messages.ts";
import { WallStore } from "../../live/wall_store.ts";
import type { Wall } from "../../market/wall.ts";

function wallOf(row: number, born: number, other: Partial<Wall> = {}): Wall {
  const resting = { died: null, peakLots: 50, lots: 50, tradedLots: 0, ended: null };
  return { side: "bid", row, born, ...resting, ...other };
}

function frameOf(full: boolean, walls: readonly Wall[], thresholdLots = 40): WallsFrame {
  const head = { type: "walls", symbol: "BTCUSDT", seq: 1, baseGroup: 100 } as const;
  return { ...head, full, thresholdLots, walls };
}

const pulled = { died: 3000, lots: 0, ended: "pulled" } as const;

function held(store: WallStore) {
  return store.walls.map(({ side, row, born, ended }) => [side, row, born, ended]).sort();
}

Deno.test("WallStore holds a wall once, as it was told last", () => {
  const store = new WallStore();
  store.applyFrame(frameOf(true, [wallOf(500, 1000)]));
  store.applyFrame(frameOf(false, [wallOf(500, 1000, { lots: 70, peakLots: 70 })], 41));
  assert.deepEqual(store.walls, [wallOf(500, 1000, { lots: 70, peakLots: 70 })]);
  assert.equal(store.thresholdLots, 41);
  assert.equal(store.rowTicks, 100);
});

Deno.test("WallStore tells walls apart by side, row and birth", () => {
  const store = new WallStore();
  const walls = [
    wallOf(500, 1000),
    wallOf(500, 2000),
    wallOf(600, 1000),
    wallOf(500, 1000, { side: "ask" }),
  ];
  store.applyFrame(frameOf(true, walls));
  store.applyFrame(frameOf(false, walls));
  assert.equal(store.walls.length, 4);
});

Deno.test("WallStore takes a full frame for what rests, and keeps how others have ended", () => {
  const store = new WallStore();
  const ended = wallOf(700, 1000, pulled);
  store.applyFrame(frameOf(true, [wallOf(500, 1000), wallOf(600, 1000), ended]));
  store.applyFrame(frameOf(false, [wallOf(650, 1500, { died: 1900 })]));
  // What rested at 500, and what had just died at 650, ended while frames were missed.
  store.applyFrame(frameOf(true, [wallOf(600, 1000)]));
  assert.deepEqual(held(store), [["bid", 600, 1000, null], ["bid", 700, 1000, "pulled"]]);
});

Deno.test("WallStore takes ended walls alone from history, and each once", () => {
  const store = new WallStore();
  store.applyFrame(frameOf(true, [wallOf(500, 1000, { lots: 45 })]));
  // An answer that is older than the frame, in which two walls rested.
  store.addHistory([wallOf(500, 1000), wallOf(900, 1), wallOf(700, 1000, pulled)]);
  store.addHistory([wallOf(700, 1000, pulled)]);
  assert.deepEqual(held(store), [["bid", 500, 1000, null], ["bid", 700, 1000, "pulled"]]);
  assert.equal(store.walls[0].lots, 45);
});

Deno.test("WallStore keeps what rests wherever it was born, and what ended within a range", () => {
  const store = new WallStore();
  store.applyFrame(frameOf(true, [wallOf(500, 1)]));
  const endedAt = (born: number, died: number) => wallOf(600, born, { ...pulled, died });
  store.addHistory([endedAt(2, 99), endedAt(3, 100), endedAt(199, 900), endedAt(200, 900)]);
  store.keepBetween(100, 200);
  assert.deepEqual(store.walls.map(({ born }) => born).sort(), [1, 199, 3]);
  // What is held is still found under its name.
  store.applyFrame(frameOf(false, [wallOf(500, 1, { lots: 9 })]));
  assert.equal(store.walls.length, 3);
});

Deno.test("WallStore has another version after each change", () => {
  const store = new WallStore();
  const versions = new Set([store.version]);
  store.applyFrame(frameOf(true, []));
  versions.add(store.version);
  store.addHistory([wallOf(700, 1000, pulled)]);
  versions.add(store.version);
  store.keepBetween(0, 1);
  versions.add(store.version);
  assert.equal(versions.size, 4);
});
