import assert from "node:assert/strict";
import { KEEP_EVERYTHING } from "../../bus/retention.ts";
import { History } from "../../processor/history.ts";
import type { HistoryStorage } from "../../processor/history_storage.ts";
import { openHistory } from "../../processor/store/open_history.ts";
import { SymbolState } from "../../processor/symbol_state.ts";
import { SymbolTopics } from "../../processor/symbol_topics.ts";

Deno.test("History opens its database anew after a failure: one that was full answers nothing more", async () => {
  const state = new SymbolState("BTCUSDT", new SymbolTopics());
  const lost = { type: "tradesLost", symbol: "BTCUSDT", fromTime: 1, toTime: 2 } as const;
  state.loseTrades({ ...lost, fromId: 8, toId: 9, reason: "cut" });
  const folder = await Deno.makeTempDir({ prefix: "footprint-history-" });
  const calls: string[] = [];
  const failed = Promise.withResolvers<void>();
  let isFull = true;
  const open = async (): Promise<HistoryStorage> => {
    const isBroken = isFull;
    calls.push("open");
    const storage = await openHistory({
      ...{ folder, market: "spot", dropTrades: () => {}, onMessage: assert.fail },
      onLost: (symbol) => assert.fail(symbol),
    });
    const { gaps } = storage;
    const save: typeof gaps.save = (...all) =>
      isBroken ? Promise.reject(new Error("the database has been invalidated")) : gaps.save(...all);
    return {
      ...storage,
      gaps: { load: gaps.load, save },
      async close() {
        calls.push("close");
        await storage.close();
        if (isBroken) throw new Error("it cannot be closed in order");
      },
    };
  };
  const notices: string[] = [];
  const history = new History({
    open,
    states: () => [state],
    retention: KEEP_EVERYTHING,
    notice: (_level, message) => {
      notices.push(message);
      failed.resolve();
    },
  });
  await failed.promise;
  isFull = false;
  await history.close();
  assert.deepEqual(calls, ["open", "close", "open", "close"]);
  const again = await open();
  assert.deepEqual((await again.gaps.load("BTCUSDT")).gaps.map(({ number }) => number), [1]);
  await again.close();
  await Deno.remove(folder, { recursive: true });
  assert.equal(state.gaps.open, 1, "what was read back before is not read back twice");
  assert.deepEqual(notices, [
    "The history is not recorded: the database has been invalidated",
    "The history is recorded again",
  ]);
});

Deno.test("History closes its database only when the answers that read it are there", async () => {
  const folder = await Deno.makeTempDir({ prefix: "footprint-history-" });
  const calls: string[] = [];
  const opened = Promise.withResolvers<void>();
  const history = new History({
    open: async () => {
      const storage = await openHistory({
        ...{ folder, market: "spot", dropTrades: () => {}, onMessage: assert.fail },
        onLost: (symbol) => assert.fail(symbol),
      });
      opened.resolve();
      return {
        ...storage,
        close() {
          calls.push("close");
          return storage.close();
        },
      };
    },
    states: () => [],
    retention: KEEP_EVERYTHING,
    notice: (_level, message) => assert.fail(message),
  });
  const reading = async () => {
    const recorded = await history.recorded();
    for (let i = 0; i < 20; i++) await recorded?.walls.read("BTCUSDT", 0, 1, 1);
    calls.push("answered");
  };
  const answers = [history.hold(reading()), history.hold(reading())];
  await opened.promise;
  await history.close();
  assert.deepEqual(calls, ["answered", "answered", "close"]);
  assert.equal(await history.recorded(), null);
  await Promise.all(answers);
  await Deno.remove(folder, { recursive: true });
});
