import assert from "node:assert/strict";
import type { TradeEvent, TradesLostEvent, TradesVoidEvent } from "../../bus/messages.ts";
import { TradeSequence } from "../../collector/trade_sequence.ts";
import type { Trade } from "../../market/types.ts";

function trade(id: number): Trade {
  return {
    id,
    priceTicks: 1,
    qtyLots: 1,
    firstTradeId: id,
    lastTradeId: id,
    tradeTime: id,
    isBuyerMaker: false,
  };
}

function setUp() {
  const events: (TradeEvent | TradesLostEvent | TradesVoidEvent)[] = [];
  const repairs: [number, number][] = [];
  const sequence = new TradeSequence("BTCUSDT", {
    emit: (event) => events.push(event),
    repair: (...range) => repairs.push(range),
  });
  const ids = () => events.flatMap((event) => event.type === "trade" ? [event.trade.id] : []);
  return { events, repairs, sequence, ids };
}

Deno.test("TradeSequence passes continuous ids on", () => {
  const { repairs, sequence, ids } = setUp();
  for (const id of [5, 6, 7]) sequence.take(trade(id));
  assert.deepEqual(ids(), [5, 6, 7]);
  assert.deepEqual(repairs, []);
});

Deno.test("TradeSequence names the ids that did not come and has them fetched", () => {
  const { events, repairs, sequence, ids } = setUp();
  sequence.take(trade(5));
  sequence.take(trade(9));
  assert.deepEqual(repairs, [[6, 8]]);
  assert.deepEqual(events[1], {
    type: "tradesLost",
    symbol: "BTCUSDT",
    fromId: 6,
    toId: 8,
    fromTime: 5,
    toTime: 9,
    reason: "aggTrade 9 does not follow 5",
  });
  for (const id of [6, 7, 8]) sequence.takeRepaired(trade(id));
  assert.deepEqual(ids(), [5, 9, 6, 7, 8]);
});

Deno.test("TradeSequence passes every id once, from whichever way it comes", () => {
  const { sequence, ids } = setUp();
  for (const id of [5, 6, 5, 6]) sequence.take(trade(id));
  for (const id of [4, 5, 6]) sequence.takeRepaired(trade(id));
  assert.deepEqual(ids(), [5, 6, 4]);
});

Deno.test("TradeSequence names what is missing also after the exchange's ids have begun at 1 again", () => {
  const { repairs, sequence, ids } = setUp();
  sequence.take({ ...trade(900), tradeTime: 10_000 });
  // Late by a moment: it says nothing about the ids that follow.
  sequence.take({ ...trade(898), tradeTime: 10_002 });
  sequence.take({ ...trade(1), tradeTime: 20_000 });
  sequence.take({ ...trade(4), tradeTime: 20_001 });
  assert.deepEqual(ids(), [900, 898, 1, 4]);
  assert.deepEqual(repairs, [[2, 3]]);
});
