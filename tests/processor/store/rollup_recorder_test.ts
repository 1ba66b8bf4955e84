import assert from "node:assert/strict";
import { CandleSeries } from "../../../market/candle_series.ts";
import type { Instrument } from "../../../market/instrument.ts";
import { RollupRecorder } from "../../../processor/store/rollup_recorder.ts";
import { trade } from "../../support/direct_candles.ts";
import { INSTRUMENT } from "./rollup_fixture.ts";

const M = 60_000;

/** A recorder, and what it had written: first minute, number of minutes, closed before. */
function recording() {
  const writes: [number, number, number][] = [];
  const opened: number[] = [];
  const fail = { message: "" };
  const candles = new CandleSeries(M, 1440);
  const state = {
    symbol: "BTCUSDT",
    instrument: INSTRUMENT as Instrument | null,
    baseTicks: null as number | null,
    candles,
  };
  const recorder = new RollupRecorder({
    open(_series, baseTicks) {
      opened.push(baseTicks);
      return Promise.resolve({ id: 1, baseTicks });
    },
    write(_symbol, minutes, closedBefore) {
      if (fail.message !== "") return Promise.reject(new Error(fail.message));
      writes.push([minutes[0].head.openTime / M, minutes.length, closedBefore / M]);
      return Promise.resolve();
    },
  });
  const add = (minute: number, id = minute) => candles.add(trade(id, minute * M, 100_000, 1));
  return {
    add,
    fail,
    opened,
    record: (all?: boolean) => recorder.record(state, all),
    state,
    writes,
  };
}

Deno.test("RollupRecorder writes a minute once the next one has begun, once", async () => {
  const { add, opened, record, writes } = recording();
  add(1);
  await record();
  assert.deepEqual(writes, []);
  add(2);
  await record();
  await record();
  assert.deepEqual(writes, [[1, 1, 2]]);
  // 0.2 basis points of 100,000 ticks.
  assert.deepEqual(opened, [2]);
});

Deno.test("RollupRecorder writes a repaired minute and its neighbours again within ten calls", async () => {
  const { add, record, writes } = recording();
  for (const minute of [1, 2, 4, 5]) add(minute);
  await record();
  add(3);
  for (let i = 0; i < 10; i++) await record();
  assert.deepEqual(writes, [[1, 3, 5], [2, 3, 5]]);
});

Deno.test("RollupRecorder writes a history little by little, and all of it at the end", async () => {
  const { add, record, writes } = recording();
  for (let minute = 1; minute <= 150; minute++) add(minute);
  await record();
  assert.deepEqual(writes, [[1, 60, 61]]);
  await record(true);
  assert.deepEqual(writes, [[1, 60, 61], [61, 60, 121], [121, 29, 150]]);
});

Deno.test("RollupRecorder goes on with the next call while a history is not written", async () => {
  const { add, record, writes } = recording();
  for (let minute = 1; minute <= 150; minute++) add(minute);
  await record();
  await record();
  assert.equal(writes.length, 2);
});

Deno.test("RollupRecorder tries again what could not be written", async () => {
  const { add, fail, record, writes } = recording();
  add(1);
  add(2);
  fail.message = "disk full";
  await assert.rejects(record(), /disk full/);
  fail.message = "";
  await record();
  assert.deepEqual(writes, [[1, 1, 2]]);
});

Deno.test("RollupRecorder waits until the scales are known, and takes the rows of the book", async () => {
  const { add, opened, record, state, writes } = recording();
  state.instrument = null;
  add(1);
  add(2);
  await record(true);
  assert.deepEqual(writes, []);
  state.instrument = INSTRUMENT;
  state.baseTicks = 20;
  await record(true);
  assert.deepEqual([opened, writes.length], [[20], 1]);
});
