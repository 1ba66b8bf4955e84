import assert from "node:assert/strict";
import type { FeedState, WallsFrame } from "../../bus/messages.ts";
import { type Wall, wallKey } from "../../market/wall.ts";
import { SymbolState } from "../../processor/symbol_state.ts";
import { SymbolTopics } from "../../processor/symbol_topics.ts";

const SYMBOL = "BTCUSDT";
const FEED: FeedState = { kind: "simulator", message: "", simulated: true };
const CONTEXT = { feed: FEED, notices: [] };

/** A book of 200 rows a side, one tick each, that hold 1 to 200 lots from the price outwards. */
function setUp() {
  const topics = new SymbolTopics();
  const state = new SymbolState(SYMBOL, topics);
  const flat = (sign: 1 | -1) =>
    Array.from({ length: 200 }, (_, i) => [10_000 + sign * (i + 1), i + 1]).flat();
  let updateId = 1;
  const snapshot = { lastUpdateId: updateId, bids: flat(-1), asks: flat(1) };
  state.applySnapshot({ type: "depthSnapshot", symbol: SYMBOL, eventTime: 1000, snapshot });
  const wallsOf = (frames: ReturnType<SymbolTopics["takeFrames"]>) => {
    const found = frames.filter((frame): frame is WallsFrame => frame.type === "walls");
    assert.ok(found.length <= 1);
    return found.at(0) ?? null;
  };
  return {
    state,
    depth(eventTime: number, ...bids: number[]) {
      updateId++;
      const diff = { eventTime, firstUpdateId: updateId, lastUpdateId: updateId, bids, asks: [] };
      state.applyDiff({ type: "depthDiff", symbol: SYMBOL, diff });
    },
    take: () => wallsOf(topics.takeFrames(state, CONTEXT, () => true)),
    full: () => topics.fullFrame("walls", state, CONTEXT) as WallsFrame,
  };
}

/** What a page holds that follows the frames from a full one on. */
class Follower {
  readonly walls = new Map<string, Wall>();
  seq: number | null = null;

  apply(frame: WallsFrame | null): void {
    if (frame === null) return;
    if (frame.full) this.walls.clear();
    else assert.equal(frame.seq, (this.seq ?? NaN) + 1, "frames follow without a hole");
    this.seq = frame.seq;
    for (const wall of frame.walls) this.walls.set(wallKey(wall), wall);
  }

  get sorted(): Wall[] {
    return [...this.walls.values()].sort((a, b) => wallKey(a) < wallKey(b) ? -1 : 1);
  }
}

const at = (frame: WallsFrame | null, row: number) =>
  (frame?.walls ?? []).filter((wall) => wall.row === row)
    .map(({ lots, died, ended }) => [lots, died, ended]);

Deno.test("WallsTopic tells what was found and changed, each change in one frame", () => {
  const { depth, take } = setUp();
  depth(2000, 9_990, 5000);
  assert.deepEqual(at(take(), 9_990), [], "too young to be a wall");
  depth(4000);
  const found = take();
  assert.equal(found?.full, false);
  assert.equal(found.baseGroup, 1);
  assert.deepEqual(at(found, 9_990), [[5000, null, null]]);
  depth(4100, 9_990, 4000);
  depth(4200, 9_990, 4500);
  const changed = take();
  assert.deepEqual(changed?.walls.map(({ row, lots }) => [row, lots]), [[9_990, 4500]]);
  assert.equal(changed.seq, found.seq + 1);
  assert.equal(take(), null, "nothing has changed");
  depth(5000, 9_990, 0);
  assert.deepEqual(at(take(), 9_990), [[0, 5000, null]], "dead, and not decided");
  depth(6500);
  assert.deepEqual(at(take(), 9_990), [[0, 5000, "pulled"]]);
});

Deno.test("WallsTopic begins with what rests and what has not faded", () => {
  const { depth, take, full, state } = setUp();
  depth(2000, 9_990, 5000, 9_980, 6000);
  depth(5000, 9_980, 0);
  depth(7000);
  take();
  const first = full();
  assert.equal(first.full, true);
  assert.deepEqual(at(first, 9_990), [[5000, null, null]]);
  assert.deepEqual(at(first, 9_980), [[0, 5000, "pulled"]]);
  assert.deepEqual(first.walls, state.walls.visible());
  depth(5001 + 15 * 60_000);
  take();
  assert.deepEqual(at(full(), 9_980), [], "it has faded");
  assert.equal(at(full(), 9_990).length, 1);
});

Deno.test("WallsTopic's frames lead all pages to the same walls, whenever they begin", () => {
  const { depth, take, full, state } = setUp();
  const pages: Follower[] = [];
  for (let step = 0; step < 60; step++) {
    const time = 2000 + step * 700;
    // Three rows grow, shrink and vanish in turn.
    depth(time, 9_990 - (step % 3), (step * 37 % 11) * 1000);
    if (step % 7 === 0) {
      const page = new Follower();
      page.apply(full());
      pages.push(page);
    }
    // Changes that a full frame has told already are part of the next frame, too.
    depth(time + 100, 9_985, 3000 + step);
    const frame = take();
    for (const page of pages) page.apply(frame);
  }
  const expected = new Follower();
  expected.apply(full());
  assert.ok(expected.sorted.some(({ ended }) => ended !== null));
  assert.ok(expected.sorted.some(({ died }) => died === null));
  for (const page of pages) assert.deepEqual(page.sorted, expected.sorted);
  assert.equal(state.walls.isChanged, false, "changes do not pile up");
});

Deno.test("WallsTopic tells the threshold in whole lots, and when it changes", () => {
  const { depth, take, full } = setUp();
  // The 398th of 400 rows: both sides hold 1 to 200.
  assert.equal(full().thresholdLots, 199);
  depth(1500);
  assert.equal(take()?.thresholdLots, 199);
  depth(1600);
  assert.equal(take(), null);
  // Ten large rows more than the two of 400 that are above it.
  depth(2000, ...Array.from({ length: 10 }, (_, i) => [9_990 - i, 900]).flat());
  for (let time = 3000; time < 20_000; time += 1000) depth(time);
  const raised = take();
  assert.ok((raised?.thresholdLots ?? 0) > 800, `${raised?.thresholdLots}`);
  assert.ok(Number.isInteger(raised?.thresholdLots));
});
