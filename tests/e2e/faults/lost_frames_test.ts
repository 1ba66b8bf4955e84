import assert from "node:assert/strict";
import { bookGap, notice, openTradesGap, repairedGap, TwoRecordings } from "./fixture.ts";
import { DEPTH, TRADES } from "./hand_market.ts";

Deno.test("dropped diffs: the book begins anew, unknown exactly as long as it was", async () => {
  await using it = new TwoRecordings();
  await it.begin();
  const { market, faults } = it;
  const from = await market.diff();
  const before = market.updateId;
  faults.dropNext(DEPTH, 2);
  await market.diff();
  await market.diff();
  // The diff after the hole shows it; the snapshot that it asks for holds this diff already.
  await market.diff();
  await it.bothHaveBook();
  const to = market.time;
  await market.both(3);
  await it.becomeEqual();
  const reason = `depth diff ${before + 5} does not follow ${before}`;
  assert.deepEqual(await it.disturbed.gaps(), [bookGap(from, to, reason)]);
  await it.disturbed.told(notice(new RegExp(`Order book lost: ${reason}`)));
});

Deno.test("dropped diffs: the heatmap is unknown in the gap, and right around it", async () => {
  await using it = new TwoRecordings();
  await it.begin();
  const { market, faults } = it;
  await market.both(10);
  await it.bothHaveBook();
  faults.dropNext(DEPTH, 5);
  await market.both(10);
  await it.bothHaveBook();
  await market.both(10);
  await it.becomeEqual();
  const [gap] = await it.disturbed.gaps();
  const { from, to } = gap;
  assert.ok(to !== null && to - from >= 1000, "at least the dropped diffs");
  const first = Math.ceil((from - 1500) / 250) * 250;
  const last = Math.floor((to + 1500) / 250) * 250;
  const [disturbed, calm] = [
    await it.disturbed.heatmap(first, last),
    await it.calm.heatmap(first, last),
  ];
  assert.deepEqual(disturbed.prices, calm.prices);
  // Nothing is claimed of a bin that the gap touches, not even of its known part.
  const isKnown = (time: number) => time >= to || time + 250 <= from;
  const expected = calm.bids.map((column, at) =>
    isKnown(calm.times[at]) ? column : column.map(() => null)
  );
  assert.deepEqual(disturbed.bids, expected, `unknown is ${from} to ${to}`);
});

Deno.test("dropped trades: they are fetched by id, and the gap is told as repaired", async () => {
  await using it = new TwoRecordings();
  await it.begin();
  const { market, faults } = it;
  const from = await market.trade();
  const newest = market.tradeId;
  faults.dropNext(TRADES, 3);
  for (let i = 0; i < 3; i++) await market.trade();
  const to = await market.trade();
  await market.both(12);
  await it.becomeEqual();
  assert.deepEqual(await it.disturbed.gaps(), [repairedGap(from, to, newest, newest + 4)]);
});

Deno.test("dropped trades: REST that is behind the stream is asked until it has them", async () => {
  await using it = new TwoRecordings();
  await it.begin();
  const { market, faults } = it;
  const newest = market.tradeId;
  faults.dropNext(TRADES);
  await market.trade({ inRest: false });
  await market.trade({ inRest: false });
  const [open] = await it.disturbed.until(it.disturbed.gaps, (gaps) => gaps.length > 0);
  assert.deepEqual([open.repaired, open.fromId, open.toId], [false, newest + 1, newest + 1]);
  market.logLate();
  await market.both(1);
  await it.becomeEqual();
  const gaps = await it.disturbed.gaps();
  assert.deepEqual(gaps, [{ ...open, repaired: true }]);
});

Deno.test("dropped trades that REST never has: the gap stays open, and is counted", async () => {
  await using it = new TwoRecordings();
  await it.begin();
  const { market, faults } = it;
  const from = market.time;
  const [first, held] = [market.tradeId, await it.disturbed.candles()];
  faults.dropNext(TRADES, 2);
  await market.trade({ inRest: false });
  await market.trade({ inRest: false });
  const to = await market.trade();
  await market.both(2);
  await it.bothHaveBook();
  const gaps = await it.disturbed.until(it.disturbed.gaps, (all) => all.length > 0);
  assert.deepEqual(gaps, [openTradesGap(from, to, first, first + 3)]);
  const sum = (candles: typeof held) => candles.reduce((all, { trades }) => all + trades, 0);
  const candles = await it.disturbed.until(
    it.disturbed.candles,
    (all) => sum(all) === sum(held) + 3,
  );
  assert.deepEqual(candles.map(({ complete }) => complete), candles.map(() => false));
  assert.equal(sum(await it.calm.candles()), sum(held) + 5);
});
