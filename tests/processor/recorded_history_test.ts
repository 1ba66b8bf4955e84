import assert from "node:assert/strict";
import type { MarketEvent } from "../../bus/messages.ts";
import type {
  GapsAnswer,
  HeatmapAnswer,
  ProfileAnswer,
  ProfileBody,
  SessionProfile,
} from "../../bus/queries.ts";
import {
  candles,
  type Here,
  HOUR,
  inFolder,
  MINUTE,
  started,
  SYMBOL,
  T0,
  trades,
} from "./history_fixture.ts";

let updateId = 100;
const snapshot = (eventTime: number, bidLots: number): MarketEvent => ({
  type: "depthSnapshot",
  symbol: SYMBOL,
  eventTime,
  snapshot: { lastUpdateId: ++updateId, bids: [999, bidLots, 900, 1], asks: [1001, 7, 1100, 1] },
});
const diff = (eventTime: number, bidLots: number): MarketEvent => ({
  type: "depthDiff",
  symbol: SYMBOL,
  diff: {
    ...{ eventTime, firstUpdateId: ++updateId, lastUpdateId: updateId },
    ...{ bids: [999, bidLots], asks: [] },
  },
});

Deno.test("candles of every timeframe are the same before and after a restart", () =>
  inFolder(async (folder) => {
    const first = started(folder);
    first.feed(...trades(0, 400));
    const intervals = ["1m", "5m", "15m", "1h", "4h", "1d"];
    const before = await Promise.all(intervals.map((interval) => candles(first, interval)));
    await first.finish();
    // The last minute of the first run was open: the archive brings it again.
    const second = started(folder);
    second.feed(...trades(399, 2));
    const after = await Promise.all(intervals.map((interval) => candles(second, interval)));
    for (const [i, interval] of intervals.entries()) {
      const whole = before[i].filter(({ complete }) => complete);
      assert.ok(whole.length > 0 || interval === "1d", interval);
      assert.deepEqual(
        after[i].filter(({ time }) => whole.some((candle) => candle.time === time)),
        whole,
        interval,
      );
    }
    await second.finish();
    // By hand: 22:00 has 60 minutes of 3 bought and 22 % 5 + 1 = 3 sold, 23:00 of 3 and 4.
    const hours = before[3];
    assert.deepEqual(hours.map(({ delta }) => delta), [0, -0.6, 1.2, 0.6, 0, -0.6, -0.8]);
    assert.deepEqual(hours.map(({ complete }) => complete), [
      ...[false, true, true, true, true, true, false],
    ]);
    // Nothing is known of the first day before 22:00; the second one begins at 0.
    assert.deepEqual(hours.map(({ cvd }) => cvd), [null, null, 1.2, 1.8, 1.8, 1.2, 0.4]);
    assert.deepEqual(before[5].map(({ trades }) => trades), [240, 560]);
  }));

Deno.test("a profile of a range and of each UTC day, from the disk and from memory", () =>
  inFolder(async (folder) => {
    const first = started(folder);
    first.feed(...trades(0, 200));
    await first.finish();
    const second = started(folder);
    second.feed(...trades(199, 3));
    const profile = (from: number, to: number, by: string) =>
      second.ask<ProfileAnswer>({
        ...{ type: "profile", symbol: SYMBOL, from, to, group: "0.5", by },
      });
    const answer = await profile(T0 + MINUTE, T0 + 2 * HOUR, "range") as ProfileBody;
    // 119 minutes of 3 bought, 59 of 3 sold and 60 of 4; the first of the 120 left out.
    assert.equal(answer.buyVolume, 3.57);
    assert.equal(answer.sellVolume, 1.77 + 2.4);
    assert.equal(answer.complete, true);
    // Prices 100.0 to 100.6 in rows of 0.5: of 7 prices 5 lie in the lower one.
    assert.deepEqual([answer.poc, answer.val, answer.vah], [100, 100, 100]);
    const minutesAbove = 34;
    assert.deepEqual(answer.levels[1][2], minutesAbove * 3 / 100);
    const { sessions } = await profile(0, 1e13, "day") as { sessions: readonly SessionProfile[] };
    assert.deepEqual(sessions.map(({ trades }) => trades), [240, 164]);
    assert.deepEqual(sessions.map(({ complete }) => complete), [false, false]);
    await second.finish();
  }));

Deno.test("the heatmap joins what an earlier run recorded, and the time between is a gap", () =>
  inFolder(async (folder) => {
    const heatmap = (it: Here) =>
      it.ask<HeatmapAnswer>({
        ...{ type: "heatmap", symbol: SYMBOL, from: 1000, to: 12_000, stepMs: 1000 },
        ...{ group: null, low: "99.9", high: "99.9", measure: "mean" },
      });
    const first = started(folder);
    first.feed(snapshot(500, 40), diff(2500, 20), diff(4600, 20));
    assert.deepEqual((await heatmap(first)).bids.flat().map((lots) => lots), [0.4, 0.3, 0.2]);
    await first.finish();
    const second = started(folder);
    // Before the exchange has told anything, what is on the disk is there.
    assert.deepEqual((await heatmap(second)).bids.flat().slice(0, 3), [0.4, 0.3, 0.2]);
    second.feed(snapshot(7500, 10), diff(10_100, 10));
    const unknown = [null, null, null, null];
    assert.deepEqual((await heatmap(second)).bids.flat(), [0.4, 0.3, 0.2, ...unknown, 0.1, 0.1]);
    const { gaps } = await second.ask<GapsAnswer>({
      ...{ type: "gaps", symbol: SYMBOL, from: 0, to: 1e13 },
    });
    // 4000 to 4600 was known, but a second is kept as a whole.
    assert.deepEqual(gaps, [{
      ...{ kind: "book", from: 4000, to: 7500, reason: "the program was not running" },
      repaired: false,
    }]);
    await second.finish();
  }));
