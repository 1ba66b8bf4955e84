import assert from "node:assert/strict";
import fc from "fast-check";
import { WallMarket } from "./wall_fixture.ts";

interface Told {
  readonly time: number;
  readonly tell: (market: WallMarket) => void;
}

/** A row that is eaten, shown again and withdrawn, and in which walls are born anew. */
function storyOf(
  steps: readonly (readonly [traded: number, level: number])[],
  stepMs: number,
): [Told[], Told[]] {
  const depth: Told[] = [];
  const trades: Told[] = [];
  steps.forEach(([traded, level], i) => {
    const time = 1000 + i * stepMs;
    if (traded > 0) {
      const tell = (market: WallMarket) => market.trade(time - 30, "bid", 9_905, traded);
      trades.push({ time: time - 30, tell });
    }
    depth.push({ time, tell: (market) => market.depth(time, ["bid", 9_905, level]) });
  });
  return [depth, trades];
}

/** What has become of the row when each event comes `lags` after its time, streams in order. */
function resultOf(streams: readonly Told[][], lags: readonly number[]): unknown {
  let drawn = 0;
  const arrivals = streams.flatMap((stream) => {
    let last = 0;
    return stream.map(({ time, tell }) => {
      last = Math.max(last, time + lags[drawn++ % lags.length]);
      return { at: last, tell };
    });
  });
  const market = new WallMarket();
  for (const { tell } of arrivals.sort((a, b) => a.at - b.at)) tell(market);
  market.depth(900_000, ["bid", 9_905, 0]);
  market.depth(910_000);
  return market.walls(9_900);
}

Deno.test("WallTracker takes a trade before its depth event like one after it", () => {
  const streams = storyOf([[0, 100], [0, 100], [0, 100], [0, 101], [60, 41], [41, 0]], 700);
  const trade = { side: "bid", born: 1000, died: 4500, peakLots: 101, lots: 0, tradedLots: 101 };
  const expected = [{ ...trade, ended: "filled" }];
  const [depth, trades] = streams;
  assert.deepEqual(resultOf([depth, trades], [0]), expected);
  // Trades 600 ms late, then depth events 600 ms late.
  assert.deepEqual(resultOf([depth, trades], [...depth.map(() => 0), 600]), expected);
  assert.deepEqual(resultOf([depth, trades], [...depth.map(() => 600), 0]), expected);
});

Deno.test("WallTracker comes to the same result in whatever order both streams arrive", () => {
  const step = fc.tuple(
    fc.constantFrom(0, 0, 10, 45, 90),
    fc.constantFrom(0, 60, 70, 90, 100, 100, 110, 120, 130, 140, 150),
  );
  const steps = fc.array(step, { minLength: 15, maxLength: 60 });
  const lags = fc.array(fc.integer({ min: 0, max: 650 }), { minLength: 1, maxLength: 40 });
  let walls = 0;
  fc.assert(
    fc.property(steps, lags, (steps, lags) => {
      const inOrder = resultOf(storyOf(steps, 200), [0]);
      walls += (inOrder as unknown[]).length;
      assert.deepEqual(resultOf(storyOf(steps, 200), lags), inOrder);
    }),
    { numRuns: 500 },
  );
  assert.ok(walls > 100, `only ${walls} walls were compared`);
});
