import assert from "node:assert/strict";
import { BinanceRest } from "../../collector/binance_rest.ts";
import { exchangeByHand } from "../simulator/fixture.ts";
import { feedInto, settled } from "./feed_fixture.ts";

const MINUTE = 60_000;
const SETUP = { market: "spot", levels: 4, backfills: false, withholds: false } as const;

/** Two trades a minute; those that are void are not in the stream. */
async function play(isVoid: (id: number) => boolean) {
  const it = feedInto({ ...SETUP, isVoid });
  for (let id = 1; id <= 16; id++) {
    if (id % 2 === 1) it.truth.time = id * MINUTE;
    const trade = it.truth.trade({ price: 101, lots: 1 });
    if (!isVoid(id)) it.feed.takeTrade(trade, trade.tradeTime);
    await settled();
  }
  while (it.feed.repair.progress !== null) await settled();
  return it;
}

Deno.test("a candle is complete whose missing ids the exchange declares void", async () => {
  const { gaps, candles, health, emitted, stop } = await play((id) => id >= 4 && id <= 6);
  assert.deepEqual(emitted, [1, 2, 3, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]);
  const [first, ...rest] = await candles();
  assert.equal(first.complete, false, "nothing is known before id 1");
  // The candles of ids 3, 7 and 8, 9 and 10, ...; more may come in the last.
  assert.deepEqual(rest.map(({ complete }) => complete), [true, true, true, true, true, false]);
  assert.deepEqual(gaps().map(({ fromId, toId, repaired }) => [fromId, toId, repaired]), [
    [4, 6, true],
  ]);
  assert.equal(health().openGaps, 0);
  const { missing } = stop();
  assert.deepEqual(missing.at(-1), {
    fromId: 4,
    toId: 6,
    reason: "the exchange declares them void",
    time: 7 * MINUTE + 10,
  });
});

Deno.test("a whole answer of void ids is no end of a run", async () => {
  const { gaps, emitted } = await play((id) => id >= 2 && id <= 9);
  assert.deepEqual(emitted, [1, 10, 11, 12, 13, 14, 15, 16]);
  assert.deepEqual(gaps().map(({ repaired }) => repaired), [true]);
});

Deno.test("BinanceRest tells void ids as such, and begins at one", async () => {
  await using it = exchangeByHand();
  const rest = new BinanceRest(it.exchange.restUrl);
  const instrument = await rest.instrument("BTCUSDT");
  assert(instrument);
  const body = JSON.stringify([
    { a: 5, p: "0", q: "0", f: -1, l: -1, T: 7, m: true, M: true },
    { a: 6, p: "100.00", q: "1", f: 9, l: 9, T: 8, m: false, M: true },
  ]);
  it.exchange.faults.failRest("/api/v3/aggTrades", { status: 200, body }, 2);
  const records = await rest.aggTradesFrom(instrument, 5);
  assert.deepEqual(records.map(({ id, trade }) => [id, trade?.tradeTime ?? null]), [
    [5, null],
    [6, 8],
  ]);
  assert.equal(await rest.firstAggTradeId(instrument, 7), 5, "not null: trades follow it");
});
