import assert from "node:assert/strict";
import { join } from "node:path";
import { denoFs } from "../../collector/archive/archive_fs.ts";
import { checkArchive } from "../../collector/archive/check_archive.ts";
import { TradeArchive } from "../../collector/archive/trade_archive.ts";
import type { Trade } from "../../market/types.ts";
import { parseScale, toUnits } from "../../market/scale.ts";
import { captureMarket } from "../../simulator/capture_market.ts";
import { startExchange } from "../../simulator/exchange.ts";
import { openStream } from "../support/live_stream.ts";
import { spawnProduct, startProduct } from "../support/product.ts";
import { seeded } from "../support/seeded.ts";
import { sharedPath, sharedTest } from "../support/shared_data.ts";

const SYMBOL = "BTCUSDT";
const KILLS = 50;
/** The moments differ, but are the same in every run. */
const random = seeded(20240808);
const FOREVER = { fromTime: -Infinity, toTime: Infinity };

sharedTest(
  `after ${KILLS} times kill -9 the archive holds every trade of a capture exactly once`,
  async () => {
    const files = ["spot_btcusdt_20240808.gz", "spot_btcusdt_20240809.gz"];
    const source = await captureMarket({
      files: files.map((name) => sharedPath(`captures/${name}`)),
      speed: 6,
      // A client that was killed asks for no depth.
      holdForDepthMs: 0,
    });
    const exchange = startExchange({ source });
    const dataDir = await Deno.makeTempDir();
    const args = [
      ...["--feed", "binance", "--symbols", SYMBOL, "--data-dir", dataDir],
      ...["--exchange-ws-url", exchange.wsUrl, "--exchange-rest-url", exchange.restUrl],
    ];
    try {
      let recordings = 0;
      for (let kill = 0; kill < KILLS; kill++) {
        const product = spawnProduct(["--port", "0", ...args]);
        await product.printed(/Recording/);
        // Before it is connected, while it fetches, while it records: whatever it is doing then.
        await new Promise((resolve) => setTimeout(resolve, 1000 * random()));
        if (exchange.clients > 0) recordings++;
        await product.stop("SIGKILL");
      }
      assert.ok(recordings > KILLS / 3, `it was recording at ${recordings} of ${KILLS} kills`);
      assert.ok(source.trades(SYMBOL).length > 0);

      await using product = await startProduct(args);
      await using stream = await openStream(product.url, [`status/${SYMBOL}`]);
      // What is missing is fetched as soon as a trade comes: the end must not have come before.
      await source.ended;
      await stream.until((message) =>
        message.type === "status" && message.backfill === null && message.openGaps === 0 &&
        message.repairedGaps > 0
      );
      assert.equal((await product.stop("SIGINT")).code, 0);
      const folder = join(dataDir, "trades", SYMBOL);
      const report = await checkArchive(denoFs, folder);
      assert.deepEqual(report.defects, []);
      assert.deepEqual(report.knownGaps, []);
      assert.ok(report.series);
      const archive = await TradeArchive.open({
        fs: denoFs,
        folder,
        series: report.series,
        onMessage: (message) => assert.fail(message),
      });
      const recorded: Trade[] = [];
      for await (const trades of archive.read(FOREVER)) recorded.push(...trades);
      archive.close();
      assertSameTrades(recorded, source.trades(SYMBOL));
    } finally {
      await exchange.close();
    }
  },
);

function assertSameTrades(
  recorded: readonly Trade[],
  played: ReturnType<Awaited<ReturnType<typeof captureMarket>>["trades"]>,
): void {
  const [tick, lot] = [parseScale("0.01"), parseScale("0.00000001")];
  assert.equal(recorded.length, played.length);
  for (const [i, trade] of recorded.entries()) {
    const { a, p, q, f, l, T, m } = played.at(i);
    const expected = { a, p: toUnits(tick, p), f, l, T, m };
    const { id, priceTicks, firstTradeId, lastTradeId, tradeTime, isBuyerMaker } = trade;
    const actual = {
      a: id,
      p: priceTicks,
      f: firstTradeId,
      l: lastTradeId,
      T: tradeTime,
      m: isBuyerMaker,
    };
    assert.deepEqual(actual, expected);
    assert.ok(trade.qtyLots > 0 && toUnits(lot, q) % trade.qtyLots === 0);
  }
}
