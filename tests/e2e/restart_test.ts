import assert from "node:assert/strict";
import { join } from "node:path";
import { type Interval, INTERVALS } from "../../market/interval.ts";
import { DATABASE_FILE, openDatabase } from "../../processor/store/database.ts";
import { captureMarket } from "../../simulator/capture_market.ts";
import { startExchange } from "../../simulator/exchange.ts";
import { wholeTables } from "../processor/store/rollup_fixture.ts";
import { assertCandlesEqual } from "../support/assert_oracle.ts";
import type { OracleFootprints } from "../support/oracle.ts";
import { runProgram, startProduct } from "../support/product.ts";
import { readOracle, sharedPath, sharedTest } from "../support/shared_data.ts";
import { untilTrades } from "../support/until_trades.ts";

const CAPTURES = [
  {
    market: "spot",
    symbol: "BTCUSDT",
    files: ["spot_btcusdt_20240808.gz", "spot_btcusdt_20240809.gz"],
    oracle: "spot_btcusdt_20240808_09",
    /** A multiple of the rows in which it is recorded. */
    rows: "10",
  },
  {
    market: "usdm",
    symbol: "ETHUSDT",
    files: ["usdm_ethusdt_20240808.gz"],
    oracle: "usdm_ethusdt_20240808",
    rows: "5",
  },
] as const;

for (const { market, symbol, files, oracle: name, rows } of CAPTURES) {
  sharedTest(
    `${symbol}: every timeframe equals the oracle over restarts, from the disk, and rebuilt`,
    async () => {
      const oracle = await readOracle<OracleFootprints>(`${name}.footprint.1m.json.gz`);
      const source = await captureMarket({
        files: files.map((file) => sharedPath(`captures/${file}`)),
        speed: Infinity,
        holdForDepthMs: 0,
      });
      const { openTime } = oracle.candles[2];
      const played = source.playUntil(openTime + 30_000);
      const exchange = startExchange({ source, market, waitForClients: true });
      const dataDir = await Deno.makeTempDir();
      const args = [
        ...["--feed", "binance", "--market", market, "--symbols", symbol, "--data-dir", dataDir],
        ...["--exchange-ws-url", exchange.wsUrl, "--exchange-rest-url", exchange.restUrl],
      ];
      const seen = () => source.trades(symbol).length;
      try {
        const product = await startProduct(args);
        await played;
        await untilTrades(product.url, symbol, seen());
        assert.equal((await product.stop()).code, 0);
        // What is played while nobody listens must be fetched afterwards.
        await source.playUntil(openTime + 80_000);
        await using again = await startProduct(args);
        await untilTrades(again.url, symbol, seen());
        void source.playUntil(Infinity);
        await source.ended;
        await untilTrades(again.url, symbol, oracle.trades);
        await assertAllTimeframes(again.url, symbol, oracle);
        assert.equal((await again.stop()).code, 0);
        const closed = await rollups(dataDir);
        assert.ok(closed.length > 100, `${closed.length} rows`);
        // From the disk alone: nothing is fetched, and the exchange tells no new trade.
        await using stored = await startProduct([...args, "--backfill", "0"]);
        await untilTrades(stored.url, symbol, oracle.trades, rows);
        await assertAllTimeframes(stored.url, symbol, oracle, true);
        assert.equal((await stored.stop()).code, 0);
        const { code, output } = await runProgram(["rebuild", "--data-dir", dataDir]);
        assert.equal(code, 0, output);
        const count = oracle.trades.toLocaleString("en");
        assert.match(output, new RegExp(`minutes made of ${count} aggTrades`));
        assert.deepEqual(await rollups(dataDir), closed, "rebuild gives the same, bit by bit");
        await using rebuilt = await startProduct([...args, "--backfill", "0"]);
        await untilTrades(rebuilt.url, symbol, oracle.trades, rows);
        await assertAllTimeframes(rebuilt.url, symbol, oracle, true);
      } finally {
        await exchange.close();
      }
    },
  );
}

async function assertAllTimeframes(
  url: string,
  symbol: string,
  oracle: OracleFootprints,
  hasStopped = false,
): Promise<void> {
  for (const interval of Object.keys(INTERVALS) as Interval[]) {
    await assertCandlesEqual(url, symbol, oracle, { interval, hasStopped });
  }
}

/** Every row of the footprint tables. */
async function rollups(dataDir: string): Promise<string[]> {
  const database = await openDatabase(join(dataDir, DATABASE_FILE), { onMessage: assert.fail });
  try {
    return await wholeTables(await database.connection());
  } finally {
    await database.close();
  }
}
