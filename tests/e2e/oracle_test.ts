import type { Topic } from "../../bus/messages.ts";
import { captureMarket } from "../../simulator/capture_market.ts";
import { startExchange } from "../../simulator/exchange.ts";
import { assertBookEqual, assertCandlesEqual } from "../support/assert_oracle.ts";
import { openStream } from "../support/live_stream.ts";
import type { OracleBook, OracleBooks, OracleFootprints } from "../support/oracle.ts";
import { getJson, type Health, startProduct } from "../support/product.ts";
import { readOracle, sharedPath, sharedTest } from "../support/shared_data.ts";

const SPOT_CAPTURE = ["spot_btcusdt_20240808.gz", "spot_btcusdt_20240809.gz"]
  .map((name) => sharedPath(`captures/${name}`));
const SPOT_ORACLE = "spot_btcusdt_20240808_09";

sharedTest("a real capture at full speed gives every candle and book of the oracle", async () => {
  const footprints = await readOracle<OracleFootprints>(`${SPOT_ORACLE}.footprint.1m.json.gz`);
  const { books, snapshot } = await readOracle<OracleBooks>(`${SPOT_ORACLE}.book.1m.json.gz`);
  const source = await captureMarket({ files: SPOT_CAPTURE, speed: Infinity });
  const endOf = ({ minuteEnd }: OracleBook) => minuteEnd ?? Infinity;
  void source.playUntil(endOf(books[0]));
  const exchange = startExchange({ source, waitForClients: true });
  try {
    await using product = await startProduct([
      ...["--feed", "binance", "--data-dir", await Deno.makeTempDir()],
      ...["--exchange-ws-url", exchange.wsUrl, "--exchange-rest-url", exchange.restUrl],
    ]);
    const topics: Topic[] = ["book/BTCUSDT", "candles/BTCUSDT"];
    await using stream = await openStream(product.url, topics);

    for (const book of books) {
      const played = source.playUntil(endOf(book));
      await stream.until((message) =>
        message.type === "book" && message.lastUpdateId >= book.lastUpdateId
      );
      await played;
      await assertBookEqual(product.url, "BTCUSDT", book, [snapshot.rangeLow, snapshot.rangeHigh]);
    }
    await source.ended;
    const hasAllTrades = async () => {
      const { body } = await getJson<Health>(`${product.url}/api/health`);
      return body.symbols[0].lastAggTradeId === footprints.lastTradeId;
    };
    if (!await hasAllTrades()) await stream.until(hasAllTrades);
    await assertCandlesEqual(product.url, "BTCUSDT", footprints);
  } finally {
    await exchange.close();
  }
});
