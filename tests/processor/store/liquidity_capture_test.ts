import assert from "node:assert/strict";
import { BTCUSDT } from "../../../bench/replayed_market.ts";
import { heatmapGrid } from "../../../processor/heatmap.ts";
import { LiquidityMemory } from "../../../processor/liquidity_memory.ts";
import { joinHistory } from "../../../processor/store/liquidity_join.ts";
import { LiquidityReader } from "../../../processor/store/liquidity_reader.ts";
import { liquidityKey } from "../../../processor/store/liquidity_series.ts";
import { CAPTURE_BASE_TICKS, captureBins } from "../../support/capture_liquidity.ts";
import { sharedTest } from "../../support/shared_data.ts";
import { ALL, LIVE_MS, openStore, openWriter, plain } from "./liquidity_fixture.ts";

sharedTest("a recorded real capture gives the heatmap of the live memory", async () => {
  const store = await openStore();
  try {
    const writer = await openWriter(store.connection);
    const key = liquidityKey(BTCUSDT, CAPTURE_BASE_TICKS);
    const whole = new LiquidityMemory(LIVE_MS, 100_000);
    const recent = new LiquidityMemory(LIVE_MS, 400);
    captureBins((bin) => {
      whole.add(bin);
      recent.add(bin);
      writer.add(key, bin);
    });
    await writer.flush();
    const reader = new LiquidityReader(store.reading);
    const from = whole.firstTime ?? 0;
    for (const [stepMs, group] of [[1000, 1], [5000, 7], [60_000, 10], [120_000, 50]]) {
      const request = {
        ...ALL,
        from,
        to: whole.endTime ?? 0,
        stepMs,
        groupTicks: CAPTURE_BASE_TICKS * group,
      };
      const wanted = plain(heatmapGrid(whole, request));
      const found = plain(await joinHistory(() => reader, key, recent, request));
      assert.deepEqual(found.times, wanted.times);
      assert.equal(found.firstRow, wanted.firstRow);
      for (const side of ["bids", "asks"] as const) {
        assert.ok(wanted[side].flat().some((lots) => lots > 0));
        // The live answer adds up quotients, the recorded one divides the sum: the last digit differs.
        assertClose(found[side].flat(), wanted[side].flat());
      }
    }
  } finally {
    store.close();
  }
});

function assertClose(found: readonly number[], wanted: readonly number[]): void {
  assert.equal(found.length, wanted.length);
  const differs = wanted.findIndex((lots, i) =>
    Number.isNaN(lots) !== Number.isNaN(found[i]) ||
    Math.abs(found[i] - lots) > 1e-12 * Math.max(1, lots)
  );
  assert.equal(differs, -1, `cell ${differs}: ${found[differs]} instead of ${wanted[differs]}`);
}
