import assert from "node:assert/strict";
import type { WallEnd } from "../../market/wall.ts";
import { THRESHOLD, WallMarket } from "./wall_fixture.ts";

/** A bid wall of 100 lots that is born 1 s after the start and is old enough at 3 s. */
function marketWithWall(options = {}): WallMarket {
  const market = new WallMarket(options);
  market.depth(1000, ["bid", 9_905, 100]);
  market.depth(3000);
  return market;
}

function endOf(market: WallMarket, row = 9_900): WallEnd | null | undefined {
  return market.walls(row)[0]?.ended;
}

Deno.test("WallTracker takes the threshold from the rows within 2 % of the mid price", () => {
  const market = new WallMarket();
  assert.equal(market.tracker.thresholdLots, THRESHOLD);
  // Far away rests more: it counts neither for the threshold nor as a wall.
  market.depth(1000, ["bid", 9_005, 500], ["ask", 11_005, 500]);
  market.depth(4000);
  assert.equal(market.tracker.thresholdLots, THRESHOLD);
  assert.deepEqual([market.walls(9_000), market.walls(11_000)], [[], []]);
});

Deno.test("WallTracker calls a row a wall once it is large for two seconds", () => {
  const market = new WallMarket();
  market.depth(1000, ["bid", 9_905, 50]);
  market.depth(2900);
  assert.deepEqual(market.walls(9_900), []);
  market.depth(3000);
  assert.deepEqual(market.walls(9_900), [
    { side: "bid", born: 1000, died: null, peakLots: 50, lots: 50, tradedLots: 0, ended: null },
  ]);
});

Deno.test("WallTracker forgets what was large for less than two seconds", () => {
  const market = new WallMarket();
  market.depth(1000, ["bid", 9_905, 100]);
  market.depth(2000, ["bid", 9_905, 49]);
  market.depth(2500, ["bid", 9_905, 100]);
  market.depth(4400, ["bid", 9_905, 0]);
  market.depth(9000);
  assert.deepEqual(market.walls(9_900), []);
});

Deno.test("WallTracker tells an eaten wall: filled", () => {
  const market = marketWithWall();
  market.trade(4950, "bid", 9_905, 60);
  market.depth(5000, ["bid", 9_905, 40]);
  market.trade(5980, "bid", 9_905, 40);
  market.depth(6000, ["bid", 9_905, 0]);
  const wall = { side: "bid", born: 1000, died: 6000, peakLots: 100, lots: 0, tradedLots: 100 };
  market.depth(6900);
  assert.deepEqual(market.walls(9_900), [{ ...wall, ended: null }]);
  market.depth(7000);
  assert.deepEqual(market.walls(9_900), [{ ...wall, ended: "filled" }]);
});

Deno.test("WallTracker tells a withdrawn wall: pulled", () => {
  const market = marketWithWall();
  market.depth(4000, ["bid", 9_905, 130]);
  market.depth(6000, ["bid", 9_905, 0]);
  market.depth(7000);
  assert.deepEqual(market.walls(9_900), [
    { side: "bid", born: 1000, died: 6000, peakLots: 130, lots: 0, tradedLots: 0, ended: "pulled" },
  ]);
});

Deno.test("WallTracker counts trades against the wall's side and row alone", () => {
  const market = marketWithWall();
  market.trade(5950, "ask", 9_905, 100);
  market.trade(5950, "bid", 9_910, 100);
  market.trade(5950, "bid", 9_899, 100);
  market.depth(6000, ["bid", 9_905, 0]);
  market.depth(7000);
  assert.equal(endOf(market), "pulled");
  assert.equal(market.walls(9_900)[0].tradedLots, 0);
});

for (
  const [traded, end] of [[80, "filled"], [79, "mixed"], [21, "mixed"], [20, "pulled"]] as const
) {
  Deno.test(`WallTracker calls a wall ${end} of which ${traded} of 100 lots traded`, () => {
    const market = marketWithWall();
    market.trade(4950, "bid", 9_905, traded);
    market.depth(5000, ["bid", 9_905, 0]);
    market.depth(6000);
    assert.equal(endOf(market), end);
    assert.equal(market.walls(9_900)[0].tradedLots, traded);
  });
}

Deno.test("WallTracker calls a wall mixed that is half eaten, and withdrawn a minute later", () => {
  const market = marketWithWall();
  market.trade(4950, "bid", 9_905, 55);
  market.depth(5000, ["bid", 9_905, 45]);
  // What little others add and take away meanwhile changes nothing.
  for (let second = 6; second < 65; second++) {
    market.depth(second * 1000, ["bid", 9_904, second % 2]);
  }
  market.depth(65_000, ["bid", 9_905, 0], ["bid", 9_904, 0]);
  market.depth(66_000);
  assert.equal(endOf(market), "mixed");
});

Deno.test("WallTracker counts what an iceberg shows again: eaten to its end it is filled", () => {
  const market = marketWithWall();
  // 60 of 100 are taken, and 60 shown again, four times: 240, then the last 100.
  for (let i = 0; i < 4; i++) {
    market.trade(4950 + i * 1000, "bid", 9_905, 60);
    market.depth(5000 + i * 1000, ["bid", 9_905, 40]);
    market.depth(5100 + i * 1000, ["bid", 9_905, 100]);
  }
  market.trade(9950, "bid", 9_905, 100);
  market.depth(10_000, ["bid", 9_905, 0]);
  market.depth(11_000);
  const [wall] = market.walls(9_900);
  assert.deepEqual([wall.ended, wall.peakLots, wall.tradedLots], ["filled", 100, 340]);
});

Deno.test("WallTracker sees an iceberg's refills that no depth event shows", () => {
  const market = marketWithWall();
  for (let i = 0; i < 4; i++) market.trade(4950 + i * 1000, "bid", 9_905, 60);
  market.depth(9000);
  assert.equal(market.walls(9_900)[0].died, null);
  // What it hid is gone too: 300 lots are taken at once, 100 were told.
  market.trade(9950, "bid", 9_905, 300);
  market.depth(10_000, ["bid", 9_905, 0]);
  market.depth(11_000);
  const [wall] = market.walls(9_900);
  assert.deepEqual([wall.ended, wall.tradedLots], ["filled", 540]);
});

Deno.test("WallTracker judges an iceberg by what happens to its last portion", () => {
  const market = marketWithWall();
  for (let i = 0; i < 4; i++) {
    market.trade(4950 + i * 1000, "bid", 9_905, 60);
    market.depth(5000 + i * 1000, ["bid", 9_905, 40]);
    market.depth(5100 + i * 1000, ["bid", 9_905, 100]);
  }
  market.depth(10_000, ["bid", 9_905, 0]);
  market.depth(11_000);
  const [wall] = market.walls(9_900);
  assert.deepEqual([wall.ended, wall.tradedLots], ["pulled", 240]);
});

Deno.test("WallTracker tells a wall that moves to another row as one pulled and one born", () => {
  const market = marketWithWall();
  market.depth(5000, ["bid", 9_905, 0], ["bid", 9_915, 110]);
  market.depth(7000);
  assert.equal(endOf(market), "pulled");
  assert.deepEqual(market.walls(9_910), [
    { side: "bid", born: 5000, died: null, peakLots: 110, lots: 110, tradedLots: 0, ended: null },
  ]);
});

Deno.test("WallTracker keeps a wall that moves inside its row, whatever is told first", () => {
  const market = marketWithWall();
  market.depth(5000, ["bid", 9_905, 0], ["bid", 9_903, 100]);
  market.depth(6000, ["bid", 9_908, 100], ["bid", 9_903, 0]);
  market.depth(7000);
  assert.deepEqual(market.walls(9_900), [
    { side: "bid", born: 1000, died: null, peakLots: 100, lots: 100, tradedLots: 0, ended: null },
  ]);
});

Deno.test("WallTracker ends a wall below half of the threshold at which it was born", () => {
  const market = marketWithWall();
  market.depth(5000, ["bid", 9_905, 25]);
  market.depth(6000, ["bid", 9_905, 60]);
  assert.equal(market.walls(9_900).length, 1);
  market.depth(7000, ["bid", 9_905, 24]);
  market.depth(8000);
  const [wall] = market.walls(9_900);
  assert.deepEqual([wall.died, wall.lots, wall.ended], [7000, 24, "pulled"]);
});

Deno.test("WallTracker ends walls as unknown when the book is lost, and begins anew", () => {
  const market = marketWithWall();
  market.depth(4500, ["ask", 10_005, 100]);
  market.tracker.end(1_005_000);
  market.snapshot(8000);
  market.depth(10_000);
  assert.deepEqual(market.walls(9_900), [
    {
      side: "bid",
      born: 1000,
      died: 5000,
      peakLots: 100,
      lots: 100,
      tradedLots: 0,
      ended: "unknown",
    },
  ]);
  // It was large for half a second only.
  assert.deepEqual(market.walls(10_000), []);
  // A row that is large in the new book is a new wall.
  assert.deepEqual(market.walls(9_810).map(({ born, died }) => [born, died]), [[0, 5000], [
    8000,
    null,
  ]]);
});

Deno.test("WallTracker decides a wall that died before the book was lost by its trades", () => {
  const market = marketWithWall();
  market.depth(5000, ["bid", 9_905, 0]);
  market.tracker.end(1_005_100);
  market.trade(4990, "bid", 9_905, 100);
  market.snapshot(9000);
  assert.equal(endOf(market), "filled");
});

Deno.test("WallTracker calls no wall pulled that lost trades may have hit", () => {
  const market = marketWithWall();
  market.tracker.loseTrades(1_004_000, 1_005_000, 7);
  market.depth(6000, ["bid", 9_905, 0]);
  market.depth(7000, ["bid", 9_905, 100]);
  assert.equal(endOf(market), "unknown");
  // The next one was born after the hole.
  market.depth(9000);
  market.depth(9500, ["bid", 9_905, 0]);
  market.depth(10_500);
  assert.equal(market.walls(9_900)[1].ended, "pulled");
});

Deno.test("WallTracker closes its books: what rests has an unknown end", () => {
  const market = marketWithWall();
  market.tracker.close(1_004_000);
  const [wall] = market.walls(9_900);
  assert.deepEqual([wall.died, wall.ended], [4000, "unknown"]);
});
