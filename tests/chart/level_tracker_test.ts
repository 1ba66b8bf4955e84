import assert from "node:assert/strict";
import type { LevelKind } from "../../chart/candle_levels.ts";
import type { StudyOptions } from "../../chart/cell_options.ts";
import { LevelTracker } from "../../chart/level_tracker.ts";
import type { ChartCandle } from "../../chart/model.ts";
import type { Scene } from "../../chart/scene.ts";
import { candleOf, emptyScene } from "./fixture.ts";

const MINUTE = 60_000;
const POCS: StudyOptions = { valueArea: true, stacked: false, unfinished: false, nakedPoc: true };
const ALL: StudyOptions = { valueArea: true, stacked: true, unfinished: true, nakedPoc: true };
const inTime = () => false;

/** A candle that traded once at `price`, in a row of 100 ticks. */
const single = (minute: number, price: number, other: Partial<ChartCandle> = {}) =>
  candleOf(minute * MINUTE, [[price, 3, 4]], other);

/** Rows of 100 ticks, prices from 0 to 2000. */
function sceneWith(candles: readonly ChartCandle[], other: Partial<Scene> = {}): Scene {
  return { ...emptyScene(), candles, first: 0, end: candles.length, ...other };
}

const minutesOf = (tracker: LevelTracker, kind: LevelKind = "poc") =>
  tracker.visible.filter((level) => level.kind === kind)
    .map(({ time, end }) => [time / MINUTE, end === null ? null : end / MINUTE])
    .sort(([a], [b]) => Number(a) - Number(b));

Deno.test("a POC is naked until a later candle trades in its row", () => {
  const candles = [single(1, 550), single(2, 650), single(3, 799), single(4, 501), single(5, 900)];
  const tracker = new LevelTracker();
  assert.equal(tracker.find(sceneWith(candles), POCS, inTime), true);
  // 501 lies in the row from 500 to 600; the newest candle leaves nothing behind yet.
  assert.deepEqual(minutesOf(tracker), [[1, 4], [2, null], [3, null], [4, null]]);
});

Deno.test("a candle trades through every price from its low to its high", () => {
  const tracker = new LevelTracker();
  const candles = [
    single(1, 550),
    candleOf(2 * MINUTE, [[400, 1, 1], [700, 1, 1]]),
    single(3, 900),
  ];
  tracker.find(sceneWith(candles), POCS, inTime);
  assert.deepEqual(minutesOf(tracker)[0], [1, 2]);
});

Deno.test("the newest candle ends a level while it is there", () => {
  const tracker = new LevelTracker();
  const before = [single(1, 550), single(2, 650)];
  tracker.find(sceneWith(before), POCS, inTime);
  assert.deepEqual(minutesOf(tracker), [[1, null]]);
  const through = [before[0], candleOf(2 * MINUTE, [[650, 3, 4], [580, 1, 0]], { revision: 2 })];
  tracker.find(sceneWith(through), POCS, inTime);
  assert.deepEqual(minutesOf(tracker), [[1, 2]]);
  tracker.find(sceneWith(before), POCS, inTime);
  assert.deepEqual(minutesOf(tracker), [[1, null]], "a correction takes it back");
});

Deno.test("an unfinished high lasts until a price beyond it, a low likewise", () => {
  const tracker = new LevelTracker();
  const candles = [single(1, 550), single(2, 550), single(3, 551), single(4, 900)];
  tracker.find(sceneWith(candles), ALL, inTime);
  assert.deepEqual(minutesOf(tracker, "unfinishedHigh"), [[1, 3], [2, 3], [3, 4]]);
  assert.deepEqual(minutesOf(tracker, "unfinishedLow"), [[1, null], [2, null], [3, null]]);
});

Deno.test("nothing is carried across a candle of which trades are missing, nor begins there", () => {
  const tracker = new LevelTracker();
  const lost = single(2, 850, { complete: false });
  tracker.find(sceneWith([single(1, 550), lost, single(3, 650), single(4, 900)]), POCS, inTime);
  assert.deepEqual(minutesOf(tracker), [[1, 2], [3, null]]);
});

Deno.test("ends are found anew when a candle in between is corrected or history arrives", () => {
  const tracker = new LevelTracker();
  const candles = [single(2, 550), single(3, 650), single(4, 700), single(5, 900)];
  tracker.find(sceneWith(candles), POCS, inTime);
  assert.deepEqual(minutesOf(tracker)[0], [2, null]);
  const corrected = candles.with(
    1,
    candleOf(3 * MINUTE, [[650, 3, 4], [560, 1, 0]], { revision: 2 }),
  );
  tracker.find(sceneWith(corrected), POCS, inTime);
  assert.deepEqual(minutesOf(tracker)[0], [2, 3]);
  tracker.find(sceneWith([single(1, 590), ...candles]), POCS, inTime);
  assert.deepEqual(minutesOf(tracker).slice(0, 2), [[1, 2], [2, null]]);
});

Deno.test("closing candles go on where the search had ended, over more than it holds at first", () => {
  const tracker = new LevelTracker();
  const candles = [single(1, 50)];
  for (let minute = 2; minute <= 300; minute++) {
    candles.push(single(minute, minute === 290 ? 50 : 1000));
    tracker.find(sceneWith(candles), POCS, inTime);
  }
  assert.deepEqual(minutesOf(tracker)[0], [1, 290]);
  assert.deepEqual(minutesOf(tracker).filter(([, end]) => end === null), [[290, null]]);
  // Candles up to 240 before the picture are looked at: the first visible one is that of 243.
  tracker.find(sceneWith(candles, { first: 242 }), POCS, inTime);
  assert.equal(minutesOf(tracker)[0][0], 3);
});

Deno.test("a candle is looked at once as long as neither it nor the row size changes", () => {
  let looks = 0;
  const watched = (candle: ChartCandle): ChartCandle => {
    const { levels } = candle;
    Object.defineProperty(candle, "levels", {
      get() {
        looks++;
        return levels;
      },
    });
    return candle;
  };
  const candles = [watched(single(1, 550)), watched(single(2, 650)), single(3, 900)];
  const tracker = new LevelTracker();
  tracker.find(sceneWith(candles), POCS, inTime);
  const once = looks;
  assert.ok(once > 0);
  for (let i = 0; i < 5; i++) tracker.find(sceneWith(candles), ALL, inTime);
  assert.equal(looks, once);
  tracker.find(sceneWith(candles, { group: 200 }), POCS, inTime);
  assert.ok(looks > once);
});

Deno.test("what there is no time for waits for the next frame", () => {
  const tracker = new LevelTracker();
  const scene = sceneWith([single(1, 550), single(2, 650), single(3, 900)]);
  assert.equal(tracker.find(scene, POCS, () => true), false);
  assert.deepEqual(tracker.visible, []);
  assert.equal(tracker.find(scene, POCS, inTime), true);
  assert.equal(tracker.visible.length, 2);
  assert.equal(tracker.find(scene, POCS, () => true), true, "nothing is left to do");
});

Deno.test("only what was chosen and lies in the picture is shown", () => {
  const tracker = new LevelTracker();
  const candles = [single(1, 550), single(2, 590), single(3, 2500), single(4, 900)];
  tracker.find(sceneWith(candles), { ...ALL, unfinished: false }, inTime);
  assert.deepEqual(minutesOf(tracker, "unfinishedHigh"), []);
  // The POC of minute 1 ended in minute 2, that of 3 lies above the picture.
  tracker.find(sceneWith(candles, { fromTime: 2 * MINUTE }), POCS, inTime);
  assert.deepEqual(minutesOf(tracker), [[2, null]]);
  tracker.find(
    sceneWith(candles),
    { ...ALL, stacked: false, unfinished: false, nakedPoc: false },
    inTime,
  );
  assert.deepEqual(tracker.visible, []);
});
