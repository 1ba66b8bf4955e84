import assert from "node:assert/strict";
import { History, type HistoryStorage } from "../../processor/history.ts";
import type { NumberedGap } from "../../processor/store/gaps_store.ts";
import { SymbolState } from "../../processor/symbol_state.ts";
import { SymbolTopics } from "../../processor/symbol_topics.ts";

Deno.test("History opens its database anew after a failure: one that was full answers nothing more", async () => {
  const state = new SymbolState("BTCUSDT", new SymbolTopics());
  const lost = { type: "tradesLost", symbol: "BTCUSDT", fromTime: 1, toTime: 2 } as const;
  state.loseTrades({ ...lost, fromId: 8, toId: 9, reason: "cut" });
  const kept = new Map<number, NumberedGap["gap"]>();
  const calls: string[] = [];
  const failed = Promise.withResolvers<void>();
  let isFull = true;
  const open = (): HistoryStorage => {
    const mustFail = isFull;
    calls.push("open");
    return {
      gaps: {
        load: () => Promise.resolve({ gaps: [], bookUntil: null }),
        save: (_symbol, gaps) => {
          if (mustFail) return Promise.reject(new Error("the database has been invalidated"));
          for (const { number, gap } of gaps) kept.set(number, gap);
          return Promise.resolve();
        },
      },
      walls: { save: () => Promise.resolve(), read: () => Promise.resolve([]) },
      close: () => {
        calls.push("close");
        return mustFail
          ? Promise.reject(new Error("it cannot be closed either"))
          : Promise.resolve();
      },
    };
  };
  const notices: string[] = [];
  const history = new History({
    open: () => Promise.resolve(open()),
    states: () => [state],
    notice: (_level, message) => {
      notices.push(message);
      failed.resolve();
    },
  });
  await failed.promise;
  isFull = false;
  await history.close();
  assert.deepEqual(calls, ["open", "close", "open", "close"]);
  assert.deepEqual([...kept.keys()], [1]);
  assert.equal(state.gaps.open, 1, "what was read back before is not read back twice");
  assert.deepEqual(notices, [
    "The history is not recorded: the database has been invalidated",
    "The history is recorded again",
  ]);
});
