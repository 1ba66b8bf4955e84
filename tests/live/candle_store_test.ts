import assert from "node:assert/strict";
import type { CandlesFrame, CandleUpdate } from "../../bus/messages.ts";
import { CandleStore } from "../../live/candle_store.ts";

function update(
  time: number,
  levels: number[] | null,
  other: Partial<CandleUpdate> = {},
): CandleUpdate {
  return {
    time,
    open: 100,
    high: 110,
    low: 90,
    close: 105,
    buyLots: 5,
    sellLots: 3,
    minDelta: -1,
    maxDelta: 4,
    trades: 2,
    complete: true,
    gap: false,
    levels,
    ...other,
  };
}

function frame(full: boolean, ...candles: CandleUpdate[]): CandlesFrame {
  return { type: "candles", symbol: "BTCUSDT", seq: 1, full, candles };
}

function historic(time: number, group: number, complete = true) {
  const { levels: _, ...totals } = update(time, [], { complete });
  return { ...totals, group, levels: new Map([[100, { sellLots: 3, buyLots: 5, trades: 2 }]]) };
}

Deno.test("CandleStore lays deltas over the ticks of a full frame", () => {
  const store = new CandleStore();
  store.applyFrame(frame(true, update(60_000, [100, 1, 2, 1, 101, 2, 3, 1])));
  store.applyFrame(frame(false, update(60_000, [101, 2, 9, 4, 102, 1, 0, 1], { close: 102 })));
  const [candle] = store.candles;
  assert.equal(candle.close, 102);
  assert.deepEqual(candle.levels.get(100), { sellLots: 1, buyLots: 2, trades: 1 });
  assert.deepEqual(candle.levels.get(101), { sellLots: 2, buyLots: 9, trades: 4 });
  assert.deepEqual(candle.levels.get(102), { sellLots: 1, buyLots: 0, trades: 1 });
});

Deno.test("CandleStore begins a candle when a new time appears", () => {
  const store = new CandleStore();
  store.applyFrame(frame(true, update(60_000, [100, 1, 2, 1])));
  store.applyFrame(frame(false, update(120_000, [100, 1, 1, 1])));
  assert.deepEqual(store.candles.map(({ time }) => time), [60_000, 120_000]);
});

Deno.test("CandleStore replaces all ticks by those of a full frame", () => {
  const store = new CandleStore();
  store.applyFrame(frame(true, update(60_000, [100, 1, 2, 1])));
  store.applyFrame(frame(true, update(60_000, [101, 1, 2, 1])));
  assert.deepEqual([...store.candles[0].levels.keys()], [101]);
});

Deno.test("CandleStore replaces a corrected candle by whatever is fetched next", () => {
  const store = new CandleStore();
  store.applyFrame(frame(true, update(60_000, [100, 1, 2, 1]), update(120_000, [100, 1, 1, 1])));
  assert.deepEqual(store.applyFrame(frame(false, update(60_000, null))), [60_000]);
  assert.equal(store.candles[0].levels.size, 1, "the old rows stay until then");
  store.addHistory([historic(60_000, 10)]);
  assert.equal(store.candles[0].group, 10);
  assert.deepEqual(store.candles[0].levels.get(100), { sellLots: 3, buyLots: 5, trades: 2 });
});

Deno.test("CandleStore asks for a corrected candle that it does not hold, and makes up nothing", () => {
  const store = new CandleStore();
  assert.deepEqual(store.applyFrame(frame(false, update(60_000, null))), [60_000]);
  assert.deepEqual(store.candles, []);
});

Deno.test("CandleStore raises the revision with every change", () => {
  const store = new CandleStore();
  store.applyFrame(frame(true, update(60_000, [100, 1, 2, 1])));
  const before = store.candles[0].revision;
  store.applyFrame(frame(false, update(60_000, [])));
  assert.ok(store.candles[0].revision > before);
});

Deno.test("CandleStore puts history in its place and keeps finer candles", () => {
  const store = new CandleStore();
  store.applyFrame(frame(true, update(120_000, [100, 1, 2, 1]), update(180_000, [])));
  store.addHistory([historic(60_000, 100), historic(120_000, 100)]);
  assert.deepEqual(store.candles.map(({ time, group }) => [time, group]), [
    [60_000, 100],
    [120_000, 1],
    [180_000, 1],
  ]);
});

Deno.test("CandleStore takes finer history, and history that has become complete", () => {
  const store = new CandleStore();
  store.applyFrame(frame(true, update(180_000, [])));
  store.addHistory([historic(60_000, 100), historic(120_000, 10, false)]);
  store.addHistory([historic(60_000, 10), historic(120_000, 100)]);
  assert.deepEqual(store.candles.slice(0, 2).map(({ group, complete }) => [group, complete]), [
    [10, true],
    [100, true],
  ]);
});

Deno.test("CandleStore names corrected candles whose ticks it does not hold", () => {
  const store = new CandleStore();
  store.applyFrame(frame(true, update(180_000, [])));
  store.addHistory([historic(60_000, 100)]);
  assert.deepEqual(store.applyFrame(frame(false, update(60_000, [100, 1, 1, 1]))), [60_000]);
  assert.deepEqual(store.candles[0].levels.get(100), { sellLots: 3, buyLots: 5, trades: 2 });
});

Deno.test("CandleStore merges the ticks of old live candles into base rows", () => {
  const store = new CandleStore();
  store.baseGroup = 100;
  for (let i = 0; i <= 241; i++) {
    store.applyFrame(frame(false, update(i * 60_000, [100, 1, 2, 1, 150, 1, 0, 1])));
  }
  assert.equal(store.candles[0].group, 100);
  assert.deepEqual([...store.candles[0].levels], [[100, { sellLots: 2, buyLots: 2, trades: 2 }]]);
  assert.equal(store.candles[241].group, 1);
});

Deno.test("CandleStore's revision rises with every change of any candle", () => {
  const store = new CandleStore();
  assert.equal(store.revision, 0);
  store.applyFrame(frame(true, update(60_000, [100, 1, 2, 1]), update(120_000, [])));
  assert.equal(store.revision, 2);
  store.addHistory([historic(0, 10)]);
  assert.equal(store.revision, 3);
  assert.equal(store.at(0)?.revision, 3);
  store.applyFrame(frame(false, update(60_000, null)));
  assert.equal(store.revision, 4);
  assert.equal(store.at(60_000)?.revision, 4, "a mark is a change");
});

Deno.test("CandleStore keeps a correction from history that was asked for before it", () => {
  const store = new CandleStore();
  store.applyFrame(frame(true, update(60_000, [100, 1, 2, 1]), update(120_000, [])));
  const asked = store.revision;
  store.applyFrame(frame(false, update(60_000, null)));
  assert.deepEqual(store.addHistory([historic(60_000, 10)], asked), [60_000]);
  assert.equal(store.at(60_000)?.stale, true);
  assert.equal(store.at(60_000)?.group, 1);
  // Asked for after it.
  assert.deepEqual(store.addHistory([historic(60_000, 10)], store.revision), []);
  assert.equal(store.at(60_000)?.stale, false);
  assert.equal(store.at(60_000)?.group, 10);
});

Deno.test("CandleStore does not take old history of a corrected candle that it does not hold", () => {
  const store = new CandleStore();
  store.applyFrame(frame(true, update(120_000, [])));
  const asked = store.revision;
  store.applyFrame(frame(false, update(60_000, null)));
  assert.deepEqual(store.addHistory([historic(0, 10), historic(60_000, 10)], asked), [60_000]);
  assert.deepEqual(store.candles.map(({ time }) => time), [0, 120_000]);
  assert.deepEqual(store.addHistory([historic(60_000, 10)], store.revision), []);
  assert.equal(store.at(60_000)?.stale, false);
});

Deno.test("CandleStore asks again when ticks came for a candle that it holds in rows", () => {
  const store = new CandleStore();
  store.applyFrame(frame(true, update(120_000, [])));
  store.addHistory([historic(60_000, 100)]);
  const asked = store.revision;
  store.applyFrame(frame(false, update(60_000, [100, 1, 1, 1])));
  assert.equal(store.at(60_000)?.stale, true);
  assert.deepEqual(store.addHistory([historic(60_000, 100)], asked), [60_000]);
  assert.deepEqual(store.addHistory([historic(60_000, 100)], store.revision), []);
  assert.equal(store.at(60_000)?.stale, false);
});

Deno.test("markAllStale() marks every candle, and refuses all history asked for before", () => {
  const store = new CandleStore();
  store.applyFrame(frame(true, update(120_000, [100, 1, 2, 1]), update(180_000, [])));
  const asked = store.revision;
  store.markAllStale();
  assert.deepEqual(store.candles.map(({ stale }) => stale), [true, true]);
  // 60 000 is not held: it may have been corrected as well.
  const history = [historic(60_000, 10), historic(120_000, 10)];
  assert.deepEqual(store.addHistory(history, asked), [60_000, 120_000]);
  assert.deepEqual(store.candles.map(({ time }) => time), [120_000, 180_000]);
  assert.deepEqual(store.addHistory(history, store.revision), []);
  assert.deepEqual(store.candles.map(({ time, stale }) => [time, stale]), [
    [60_000, false],
    [120_000, false],
    [180_000, true],
  ]);
});

Deno.test("CandleStore takes a candle for current again only with all its ticks", () => {
  const store = new CandleStore();
  store.applyFrame(frame(true, update(60_000, [100, 1, 2, 1])));
  store.markAllStale();
  store.applyFrame(frame(false, update(60_000, [101, 5, 5, 1])));
  assert.equal(store.at(60_000)?.stale, true, "a delta says nothing of the other ticks");
  store.applyFrame(frame(true, update(60_000, [101, 5, 5, 1])));
  assert.equal(store.at(60_000)?.stale, false);
  assert.deepEqual([...store.candles[0].levels.keys()], [101]);
});

Deno.test("CandleStore leaves candles that are newer than its live ones to the live feed", () => {
  const store = new CandleStore();
  store.applyFrame(frame(true, update(60_000, [100, 1, 2, 1])));
  assert.deepEqual(store.addHistory([historic(120_000, 10)]), []);
  assert.equal(store.at(120_000), undefined);
  // Rows in its place could not take these ticks.
  assert.deepEqual(store.applyFrame(frame(false, update(120_000, [100, 1, 1, 1]))), []);
  assert.equal(store.at(120_000)?.group, 1);
});

Deno.test("CandleStore takes all history before the first live candle", () => {
  const store = new CandleStore();
  store.addHistory([historic(60_000, 10), historic(120_000, 10)]);
  assert.deepEqual(store.candles.map(({ time }) => time), [60_000, 120_000]);
  store.applyFrame(frame(true, update(120_000, [100, 1, 2, 1])));
  assert.equal(store.at(120_000)?.group, 1);
});

Deno.test("CandleStore merges live candles alone, and names those that lost their ticks", () => {
  const store = new CandleStore();
  store.baseGroup = 100;
  store.applyFrame(frame(true, update(60_000_000, [100, 1, 2, 1])));
  store.addHistory([historic(0, 1), historic(60_000, 1)]);
  const lost: number[] = [];
  for (let i = 1; i <= 240; i++) {
    lost.push(...store.applyFrame(frame(false, update(60_000_000 + i * 60_000, [100, 1, 2, 1]))));
  }
  // 241 live candles: the first is one too many; history keeps the rows it was fetched with.
  assert.deepEqual(lost, [60_000_000]);
  assert.equal(store.at(60_000_000)?.group, 100);
  assert.deepEqual([store.at(0)?.group, store.at(60_000)?.group], [1, 1]);
});
