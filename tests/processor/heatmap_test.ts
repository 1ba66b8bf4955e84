import assert from "node:assert/strict";
import fc from "fast-check";
import { LiquidityBinner } from "../../market/liquidity.ts";
import { OrderBook } from "../../market/order_book.ts";
import { heatmapGrid } from "../../processor/heatmap.ts";
import { LiquidityMemory } from "../../processor/liquidity_memory.ts";

const BIN_MS = 100;
const REQUEST = {
  from: 0,
  to: 10_000,
  stepMs: BIN_MS,
  groupTicks: 10,
  lowTicks: null,
  highTicks: null,
  measure: "mean" as const,
};

/** A book of one bid row (95..99) and one ask row (101..109), known from 0 on. */
function setUp() {
  const book = new OrderBook();
  const memory = new LiquidityMemory(BIN_MS, 1000);
  const binner = new LiquidityBinner(BIN_MS, 10, (bin) => memory.add(bin));
  book.applySnapshot({ lastUpdateId: 1, bids: [99, 10, 90, 20], asks: [101, 30, 119, 5] }, 0);
  binner.begin(book, 0);
  return { memory, binner };
}

const plain = (columns: readonly Float64Array[]) => columns.map((column) => [...column]);

Deno.test("heatmapGrid() gives the unknown first bin as unknown, then what rests", () => {
  const { memory, binner } = setUp();
  binner.advance(300);
  const grid = heatmapGrid(memory, REQUEST);
  assert.deepEqual(grid.times, [0, 100, 200]);
  assert.equal(grid.firstRow, 90);
  assert.equal(grid.rowCount, 3);
  assert.deepEqual(plain(grid.bids), [[NaN, NaN, NaN], [30, 0, 0], [30, 0, 0]]);
  assert.deepEqual(plain(grid.asks), [[NaN, NaN, NaN], [0, 30, 5], [0, 30, 5]]);
});

Deno.test("heatmapGrid() averages over coarser columns by time", () => {
  const { memory, binner } = setUp();
  binner.advance(250);
  binner.change("bid", 99, -10, 250);
  binner.advance(600);
  // Columns of 200 ms: 0 is partly unknown; 200..400 holds 30 for 50 ms and 20 for 150 ms.
  const grid = heatmapGrid(memory, { ...REQUEST, stepMs: 200 });
  assert.deepEqual(grid.times, [0, 200, 400]);
  assert.deepEqual(plain(grid.bids).map(([row]) => row), [NaN, 22.5, 20]);
  const close = heatmapGrid(memory, { ...REQUEST, stepMs: 200, measure: "close" });
  assert.deepEqual(plain(close.bids).map(([row]) => row), [NaN, 20, 20]);
});

Deno.test("heatmapGrid() hides rows that reach beyond the known prices", () => {
  const { memory, binner } = setUp();
  binner.advance(200);
  // Known is 90..119. Rows of 20: 80..99 and 100..119; the lower one is known in its upper half.
  const grid = heatmapGrid(memory, { ...REQUEST, groupTicks: 20 });
  assert.equal(grid.firstRow, 80);
  assert.deepEqual(plain(grid.asks)[1], [NaN, 35]);
});

Deno.test("heatmapGrid() starts in the middle of the memory with what rests there", () => {
  const { memory, binner } = setUp();
  binner.advance(250);
  binner.change("ask", 119, 7, 250);
  binner.advance(1000);
  const grid = heatmapGrid(memory, { ...REQUEST, from: 700, to: 900 });
  assert.deepEqual(grid.times, [700, 800]);
  assert.deepEqual(plain(grid.asks), [[0, 30, 12], [0, 30, 12]]);
});

Deno.test("heatmapGrid() gives rows of a wanted price range, also where nothing was ever known", () => {
  const { memory, binner } = setUp();
  binner.advance(200);
  const grid = heatmapGrid(memory, { ...REQUEST, lowTicks: 105, highTicks: 125 });
  assert.equal(grid.firstRow, 100);
  assert.deepEqual(plain(grid.asks)[1], [30, 5, NaN]);
});

Deno.test("heatmapGrid() gives what rested up to a gap, and nothing in it", () => {
  const { memory, binner } = setUp();
  binner.advance(300);
  binner.end(350);
  const again = new OrderBook();
  again.applySnapshot({ lastUpdateId: 9, bids: [99, 1, 90, 2], asks: [101, 3, 119, 4] }, 500);
  binner.begin(again, 500);
  binner.advance(700);
  const lowest = plain(heatmapGrid(memory, REQUEST).bids).map(([row]) => row);
  // The bin in which the book begins is only partly known.
  assert.deepEqual(lowest, [NaN, 30, 30, NaN, NaN, NaN, 3]);
});

Deno.test("heatmapGrid() equals the time-weighted mean of the book at every millisecond", () => {
  const change = fc.record({
    wait: fc.integer({ min: 0, max: 130 }),
    ticks: fc.integer({ min: 90, max: 100 }),
    lots: fc.integer({ min: 0, max: 50 }),
    keyframe: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(change, { maxLength: 60 }), fc.constantFrom(1, 2, 5), (changes, bins) => {
      const book = new OrderBook();
      const memory = new LiquidityMemory(BIN_MS, 1000);
      const binner = new LiquidityBinner(BIN_MS, 2, (bin) => memory.add(bin));
      book.applySnapshot({ lastUpdateId: 1, bids: [101, 3, 90, 1], asks: [] }, 0);
      binner.begin(book, 0);
      /** Per millisecond the resting lots by row of 4 ticks. */
      const resting: Map<number, number>[] = [];
      let time = 0;
      const record = (until: number) => {
        for (; time < until; time++) {
          const rows = new Map<number, number>();
          for (let ticks = 88; ticks <= 103; ticks++) {
            const row = Math.floor(ticks / 4) * 4;
            rows.set(row, (rows.get(row) ?? 0) + book.bids.lotsAt(ticks));
          }
          resting.push(rows);
        }
      };
      for (const { wait, ticks, lots, keyframe } of changes) {
        record(time + wait);
        binner.advance(time);
        if (keyframe) binner.requestKeyframe();
        const before = book.bids.set(ticks, lots);
        if (before !== lots) binner.change("bid", ticks, lots - before, time);
      }
      record(time + 2 * BIN_MS);
      binner.advance(time);
      const stepMs = bins * BIN_MS;
      const grid = heatmapGrid(memory, {
        ...REQUEST,
        stepMs,
        groupTicks: 4,
        lowTicks: 92,
        highTicks: 99,
      });
      grid.times.forEach((start, column) => {
        if (start === 0) return;
        for (let i = 0; i < grid.rowCount; i++) {
          let sum = 0;
          for (let ms = start; ms < start + stepMs; ms++) sum += resting[ms].get(92 + i * 4) ?? 0;
          const difference = Math.abs(grid.bids[column][i] - sum / stepMs);
          assert.ok(difference < 1e-9, `column ${start}, row ${i}: off by ${difference}`);
        }
      });
    }),
    { numRuns: 40 },
  );
});

Deno.test("LiquidityMemory gives its newest bin with every resting row", () => {
  const { memory, binner } = setUp();
  binner.advance(210);
  binner.change("ask", 101, -30, 210);
  binner.advance(300);
  const newest = memory.newestAsKeyframe();
  assert.ok(newest);
  assert.equal(newest.time, 200);
  assert.equal(newest.keyframe, true);
  assert.deepEqual(newest.bids, [90, 3000, 30]);
  const asks = new Map<number, number[]>();
  for (let i = 0; i < newest.asks.length; i += 3) {
    asks.set(newest.asks[i], newest.asks.slice(i + 1, i + 3));
  }
  assert.deepEqual([...asks].sort(([a], [b]) => a - b), [[100, [300, 0]], [110, [500, 5]]]);
});

Deno.test("LiquidityMemory drops its oldest bins beyond the limit", () => {
  const memory = new LiquidityMemory(BIN_MS, 32);
  for (let i = 0; i < 100; i++) {
    memory.add({ time: i * BIN_MS, known: null, keyframe: false, bids: [], asks: [] });
  }
  assert.equal(memory.endTime, 10_000);
  const held = (10_000 - (memory.firstTime ?? 0)) / BIN_MS;
  assert.ok(held >= 32 && held <= 34, `${held} bins are held`);
});
