import assert from "node:assert/strict";
import { join } from "node:path";
import type { MarketEvent } from "../../bus/messages.ts";
import type { CandleAnswer, ProfileBody } from "../../bus/queries.ts";
import { denoFs } from "../../collector/archive/archive_fs.ts";
import { writeTradeFile } from "../../collector/archive/parquet_file.ts";
import type { Instrument } from "../../market/instrument.ts";
import type { Trade } from "../../market/types.ts";
import {
  candles,
  type Here,
  HOUR,
  inFolder,
  INSTRUMENT,
  MINUTE,
  started,
  SYMBOL,
  T0,
  trades,
} from "./history_fixture.ts";
import { processorHere } from "./in_thread.ts";

const profile = (it: Here, from: number, to: number, group: string) =>
  it.ask<ProfileBody>({ type: "profile", symbol: SYMBOL, from, to, group, by: "range" });

const judged = ({ trades, complete, gap, cvd }: CandleAnswer) => [trades, complete, gap, cvd];

/** A file of the archive with trades of one day. */
async function archive(folder: string, day: string, events: Iterable<MarketEvent>): Promise<void> {
  const path = join(folder, "trades", SYMBOL, day);
  await Deno.mkdir(path, { recursive: true });
  const { instrument } = INSTRUMENT as { instrument: Instrument };
  const some = [...events].map((event) => (event as { trade: Trade }).trade);
  await writeTradeFile(denoFs, join(path, "0.parquet"), instrument, [some]);
}

Deno.test("nothing is doubted because memory begins in the middle of a minute", () =>
  inFolder(async (folder) => {
    const first = started(folder);
    first.feed(...trades(0, 300));
    const before = {
      minutes: await candles(first, "1m"),
      hours: await candles(first, "1h"),
      profile: await profile(first, T0 + MINUTE, T0 + 4 * HOUR, "0.5"),
    };
    assert.equal(before.profile.complete, true);
    assert.equal(typeof before.minutes[200].cvd, "number");
    await first.finish();
    const second = started(folder);
    second.feed(...[...trades(150, 150)].slice(1));
    assert.deepEqual(await candles(second, "1m"), before.minutes);
    assert.deepEqual(await candles(second, "1h"), before.hours);
    assert.deepEqual(await profile(second, T0 + MINUTE, T0 + 4 * HOUR, "0.5"), before.profile);
    await second.finish();
  }));

Deno.test("a candle of which memory has let go a part is torn where nothing is recorded", async () => {
  const it = processorHere([SYMBOL]);
  it.feed(INSTRUMENT, ...trades(0, 1560 + 2 * 60));
  const [first, second] = (await candles(it, "1d")).map(judged);
  // 22:00 to 2:00 is forgotten; the second day is open.
  assert.deepEqual(first, [22 * 60 * 2, false, true, null]);
  assert.deepEqual(second, [240, false, false, 1.8]);
  assert.equal((await candles(it, "1m"))[5].cvd, null, "the day began earlier");
  assert.equal((await profile(it, T0, T0 + 20 * HOUR, "0.5")).complete, false);
});

Deno.test("rows finer than the rollup's are refused where the archive lacks trades", () =>
  inFolder(async (folder) => {
    const price = 100_000;
    const first = started(folder);
    first.feed(...trades(0, 90, price));
    const fine = (it: Here) => candles(it, "15m", "0.1");
    const before = await fine(first);
    await first.finish();
    const second = started(folder);
    second.feed(...trades(89, 3, price));
    const refusal = new RegExp(
      `^QueryError: group must be a multiple of 0.2 for what traded before ${T0 + 89 * MINUTE}: `,
    );
    await assert.rejects(fine(second), refusal);
    await assert.rejects(profile(second, T0, T0 + 89 * MINUTE, "0.3"), refusal);
    assert.equal((await profile(second, T0, T0 + 80 * MINUTE, "0.2")).trades, 160);
    assert.equal((await profile(second, T0 + 90 * MINUTE, T0 + 91 * MINUTE, "0.1")).trades, 2);
    // The archive of these has come later.
    await archive(folder, "2024-10-03", trades(0, 90, price));
    assert.deepEqual((await fine(second)).slice(0, 5), before.slice(0, 5));
    assert.equal((await profile(second, T0, T0 + 80 * MINUTE, "0.1")).trades, 160);
    await second.finish();
  }));

Deno.test("the last candle of a run is torn until the archive has told its end", () =>
  inFolder(async (folder) => {
    const first = started(folder);
    // 23:20 is open when it stops: 20 whole minutes are in the rollup.
    first.feed(...trades(0, 81));
    await first.finish();
    const second = started(folder);
    second.feed(...trades(150, 5));
    const hours = (await candles(second, "1h")).map(judged);
    assert.deepEqual(hours, [
      [120, false, true, null],
      [40, false, true, null],
      [10, false, true, null],
    ]);
    const known = profile(second, T0 + HOUR, T0 + HOUR + 20 * MINUTE, "0.5");
    assert.equal((await known).complete, false);
    await second.finish();
  }));
