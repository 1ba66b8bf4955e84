import assert from "node:assert/strict";
import type { Topic } from "../../bus/messages.ts";
import type { CandlesAnswer } from "../../bus/queries.ts";
import { usdmAdapter } from "../../collector/binance_usdm.ts";
import type { Instrument } from "../../market/instrument.ts";
import { fromUnits, toUnits } from "../../market/scale.ts";
import type { DepthDiff, Trade } from "../../market/types.ts";
import { captureMarket } from "../../simulator/capture_market.ts";
import { startExchange } from "../../simulator/exchange.ts";
import { connect } from "../simulator/fixture.ts";
import { assertBookEqual, assertCandlesEqual } from "../support/assert_oracle.ts";
import { openStream } from "../support/live_stream.ts";
import {
  numbers,
  type OracleBook,
  type OracleBooks,
  type OracleFootprints,
} from "../support/oracle.ts";
import { getJson, startProduct } from "../support/product.ts";
import { readOracle, sharedPath, sharedTest } from "../support/shared_data.ts";

const CAPTURE = sharedPath("captures/usdm_ethusdt_20240808.gz");
const ORACLE = "usdm_ethusdt_20240808";
const SYMBOL = "ETHUSDT";

const endOf = ({ minuteEnd }: OracleBook) => minuteEnd ?? Infinity;

sharedTest("USD-M's adapter and book rule give every trade and book of the oracle", async () => {
  const footprints = await readOracle<OracleFootprints>(`${ORACLE}.footprint.1m.json.gz`);
  const oracle = await readOracle<OracleBooks>(`${ORACLE}.book.1m.json.gz`);
  const source = await captureMarket({ files: [CAPTURE], speed: Infinity });
  void source.playUntil(0);
  const exchange = startExchange({ source, market: "usdm", waitForClients: true });
  try {
    const { rest, connections, mapFrame } = usdmAdapter(exchange);
    const instrument = await rest.instrument(SYMBOL);
    assert(instrument);
    const [depth, market] = connections([SYMBOL]).map(({ url }) => connect(url));
    await using diffClient = await depth;
    await using tradeClient = await market;
    const snapshot = rest.depth(instrument);
    void source.playUntil(Infinity);

    const trades: Trade[] = [];
    while (trades.at(-1)?.id !== footprints.lastTradeId) {
      const message = mapFrame(await tradeClient.next(), () => instrument);
      assert(message.type === "aggTrade");
      trades.push(message.trade);
    }
    assertTrades(trades, footprints, instrument);

    const { lastUpdateId, bids, asks } = await snapshot;
    assert.equal(lastUpdateId, oracle.snapshot.lastUpdateId);
    const book = { bids: levelsOf(bids), asks: levelsOf(asks) };
    let previous: DepthDiff | null = null;
    for (const expected of oracle.books) {
      while (previous?.lastUpdateId !== expected.lastUpdateId) {
        const message = mapFrame(await diffClient.next(), () => instrument);
        assert(message.type === "depth");
        const { diff } = message;
        if (diff.lastUpdateId < lastUpdateId) continue;
        if (previous !== null) assert.equal(diff.previousUpdateId, previous.lastUpdateId);
        else assert(startsAfter(diff, lastUpdateId), `diff ${diff.firstUpdateId} starts no book`);
        change(book.bids, diff.bids);
        change(book.asks, diff.asks);
        previous = diff;
      }
      assert.equal(previous?.eventTime, expected.asOfE);
      for (const side of ["bids", "asks"] as const) {
        const levels = decimals(book[side], side, instrument);
        const count = side === "bids" ? expected.bidLevels : expected.askLevels;
        assert.equal(levels.length, count, `${side} at ${expected.asOfE}`);
        assert.deepEqual(levels.slice(0, 1000), numbers(expected.top1000[side]));
      }
    }
  } finally {
    await exchange.close();
  }
});

/** The first diff of a book must reach over the snapshot, or join it without a gap. */
function startsAfter(diff: DepthDiff, snapshotId: number): boolean {
  if (diff.previousUpdateId === snapshotId) return true;
  return diff.firstUpdateId <= snapshotId && diff.lastUpdateId >= snapshotId;
}

function levelsOf(flat: readonly number[]): Map<number, number> {
  const levels = new Map<number, number>();
  change(levels, flat);
  return levels;
}

/** Best price first. */
function decimals(
  levels: ReadonlyMap<number, number>,
  side: "bids" | "asks",
  { priceScale, qtyScale }: Instrument,
): [price: number, quantity: number][] {
  return [...levels]
    .sort(([a], [b]) => side === "bids" ? b - a : a - b)
    .map(([ticks, lots]) => [fromUnits(priceScale, ticks), fromUnits(qtyScale, lots)]);
}

function change(levels: Map<number, number>, flat: readonly number[]): void {
  for (let i = 0; i < flat.length; i += 2) {
    if (flat[i + 1] === 0) levels.delete(flat[i]);
    else levels.set(flat[i], flat[i + 1]);
  }
}

/** Every trade came once and in order, and each minute's are the oracle's. */
function assertTrades(
  trades: readonly Trade[],
  oracle: OracleFootprints,
  { qtyScale }: Instrument,
): void {
  assert.deepEqual(
    trades.map(({ id }) => id),
    Array.from({ length: oracle.trades }, (_, i) => oracle.firstTradeId + i),
  );
  for (const candle of oracle.candles) {
    const inside = trades.filter(({ tradeTime }) =>
      tradeTime >= candle.openTime && tradeTime < candle.openTime + 60_000
    );
    const sum = (isSell: boolean) =>
      inside.reduce((sum, one) => one.isBuyerMaker === isSell ? sum + one.qtyLots : sum, 0);
    assert.equal(inside.length, candle.trades);
    assert.equal(sum(false), toUnits(qtyScale, candle.buyVolume));
    assert.equal(sum(true), toUnits(qtyScale, candle.sellVolume));
  }
}

sharedTest("a USD-M capture at full speed gives every candle and book of the oracle", async () => {
  const footprints = await readOracle<OracleFootprints>(`${ORACLE}.footprint.1m.json.gz`);
  const { books, snapshot } = await readOracle<OracleBooks>(`${ORACLE}.book.1m.json.gz`);
  const source = await captureMarket({ files: [CAPTURE], speed: Infinity });
  void source.playUntil(endOf(books[0]));
  const exchange = startExchange({ source, market: "usdm", waitForClients: true });
  try {
    await using product = await startProduct([
      ...["--market", "usdm", "--symbols", SYMBOL],
      ...["--feed", "binance", "--data-dir", await Deno.makeTempDir()],
      ...["--exchange-ws-url", exchange.wsUrl, "--exchange-rest-url", exchange.restUrl],
    ]);
    const topics: Topic[] = [`book/${SYMBOL}`, `candles/${SYMBOL}`];
    await using stream = await openStream(product.url, topics);

    for (const book of books) {
      const played = source.playUntil(endOf(book));
      await stream.until((message) =>
        message.type === "book" && message.lastUpdateId >= book.lastUpdateId
      );
      await played;
      await assertBookEqual(product.url, SYMBOL, book, [snapshot.rangeLow, snapshot.rangeHigh]);
    }
    await source.ended;
    // Trades from before /market was open come by REST, so the last id alone does not tell.
    const hasAllTrades = async () => {
      const query = `symbol=${SYMBOL}&interval=1m`;
      const { body } = await getJson<CandlesAnswer>(`${product.url}/api/candles?${query}`);
      const trades = body.candles.reduce((sum, candle) => sum + candle.trades, 0);
      return trades === footprints.trades;
    };
    if (!await hasAllTrades()) await stream.until(hasAllTrades);
    await assertCandlesEqual(product.url, SYMBOL, footprints);
  } finally {
    await exchange.close();
  }
});
