import assert from "node:assert/strict";
import { join } from "node:path";
import { denoFs } from "../../../collector/archive/archive_fs.ts";
import { writeTradeFile } from "../../../collector/archive/parquet_file.ts";
import { ArchivedTrades } from "../../../processor/store/archived_trades.ts";
import { TradeFiles } from "../../../processor/store/trade_files.ts";
import { trade } from "../../support/direct_candles.ts";
import { INSTRUMENT, openRollups } from "./rollup_fixture.ts";

const M = 60_000;
const REQUEST = { intervalMs: M, from: 0, to: M, groupTicks: 1 };

/** A trade in a data folder whose name DuckDB would take for a pattern. */
async function inFolder(test: (files: TradeFiles) => Promise<void>): Promise<void> {
  const folder = join(await Deno.makeTempDir({ prefix: "footprint-archive-" }), "it's [a]*?");
  const day = join(folder, "trades", "BTCUSDT", "1970-01-01");
  await Deno.mkdir(day, { recursive: true });
  await writeTradeFile(denoFs, join(day, "1-1.parquet"), INSTRUMENT, [[trade(1, 5, 1005, 7)]]);
  await Deno.writeTextFile(join(day, "1-1.parquet.broken"), "set aside");
  try {
    await test(new TradeFiles(folder, "spot"));
  } finally {
    await Deno.remove(join(folder, ".."), { recursive: true });
  }
}

Deno.test("ArchivedTrades reads the files of the days around a time, whatever the folder is called", () =>
  inFolder(async (files) => {
    using rollups = await openRollups();
    const archive = new ArchivedTrades(rollups.connection, files, INSTRUMENT);
    const [candle] = await archive.candles(REQUEST);
    assert.deepEqual([candle.head.open, candle.head.buyLots], [1005, 7]);
    assert.deepEqual(await files.days("BTCUSDT"), [0]);
    const [path] = await files.between("BTCUSDT", 0, 1);
    assert.equal((await files.between("BTCUSDT", 0, 1)).length, 1, path);
    assert.deepEqual(await files.between("BTCUSDT", 3e9, 4e9), []);
    assert.deepEqual(await files.between("ETHUSDT", 0, 1), []);
  }));

Deno.test("ArchivedTrades says that prices were recorded in finer ticks than there are now", () =>
  inFolder(async (files) => {
    using rollups = await openRollups();
    const coarser = { ...INSTRUMENT, priceScale: { decimals: 1, step: 1 } };
    const archive = new ArchivedTrades(rollups.connection, files, coarser);
    await assert.rejects(archive.candles(REQUEST), {
      name: "QueryError",
      message: "trades were recorded in finer units than the exchange has now: Trade 1: price is " +
        "no multiple of 0.1",
    });
  }));
