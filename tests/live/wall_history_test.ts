import assert from "node:assert/strict";
import type { ApiGet, ApiWall, ApiWalls } from "../../live/api.ts";
import { storedWall, WallHistory } from "../../live/wall_history.ts";
import { WallStore } from "../../live/wall_store.ts";
import { instrument } from "../chart/fixture.ts";

const HOUR = 3_600_000;

const wall: ApiWall = {
  side: "ask",
  price: 61837.63,
  born: HOUR + 5,
  died: HOUR + 9,
  peak: 12.34,
  quantity: 0.29,
  traded: 12.05,
  ended: "filled",
};

/** Answers that a test gives when it wants to; `asked` are the ranges in the order of asking. */
function setUp() {
  const asked: string[] = [];
  const answers: ((answer: ApiWalls | Error) => void)[] = [];
  const get = ((path: string, { symbol, from, to }: Record<string, unknown>) => {
    asked.push(`${path} ${symbol} ${Number(from) / HOUR}-${Number(to) / HOUR}`);
    return new Promise<ApiWalls>((resolve, reject) => {
      answers.push((answer) => answer instanceof Error ? reject(answer) : resolve(answer));
    });
  }) as ApiGet;
  const store = new WallStore();
  let changes = 0;
  const { signal } = new AbortController();
  const history = new WallHistory("BTCUSDT", store, get, () => changes++, signal);
  const answer = async (index: number, given: ApiWalls | Error) => {
    answers[index](given);
    await new Promise((resolve) => setTimeout(resolve));
  };
  return { asked, store, history, answer, changes: () => changes };
}

Deno.test("storedWall() turns the answer's decimals into integers", () => {
  assert.deepEqual(storedWall(instrument, wall), {
    side: "ask",
    row: 6_183_763,
    born: HOUR + 5,
    died: HOUR + 9,
    peakLots: 1234,
    lots: 29,
    tradedLots: 1205,
    ended: "filled",
  });
});

Deno.test("WallHistory fetches each hour once, the newest first", async () => {
  const { asked, store, history, answer, changes } = setUp();
  history.want(instrument, HOUR + 1, 3 * HOUR + 1, 0);
  history.want(instrument, HOUR + 1, 3 * HOUR + 1, 1);
  await answer(0, { walls: [wall] });
  await answer(1, { walls: [wall] });
  await answer(2, { walls: [] });
  assert.deepEqual(asked, [
    "/api/walls BTCUSDT 1-2",
    "/api/walls BTCUSDT 3-4",
    "/api/walls BTCUSDT 2-3",
  ]);
  history.want(instrument, HOUR + 1, 3 * HOUR + 1, 1e9);
  assert.equal(asked.length, 3);
  assert.deepEqual(store.walls, [storedWall(instrument, wall)]);
  assert.equal(changes(), 3);
});

Deno.test("WallHistory asks again after frames were missed, also for what is on its way", async () => {
  const { asked, history, answer } = setUp();
  history.want(instrument, HOUR, 2 * HOUR, 0);
  history.forgetAll();
  history.want(instrument, HOUR, 2 * HOUR, 1);
  await answer(0, new Error("the server stops"));
  history.want(instrument, HOUR, 2 * HOUR, 2);
  assert.equal(asked.length, 2, "the later request stands");
  await answer(1, { walls: [] });
  history.want(instrument, HOUR, 2 * HOUR, 1e9);
  assert.equal(asked.length, 2);
});

Deno.test("WallHistory tries again some seconds after it was refused", async () => {
  const { asked, history, answer } = setUp();
  history.want(instrument, HOUR, 2 * HOUR, performance.now());
  await answer(0, new Error("busy"));
  history.want(instrument, HOUR, 2 * HOUR, performance.now());
  assert.equal(asked.length, 1);
  history.want(instrument, HOUR, 2 * HOUR, performance.now() + 6_000);
  assert.equal(asked.length, 2);
});

Deno.test("WallHistory forgets far hours when very many walls are held, and fetches them again", async () => {
  const { asked, store, history, answer } = setUp();
  const many = (from: number) =>
    Array.from({ length: 15_000 }, (_, i) => ({ ...wall, born: from + i, died: from + i + 1 }));
  history.want(instrument, HOUR, 2 * HOUR, 0);
  await answer(0, { walls: many(HOUR) });
  history.want(instrument, 5 * HOUR, 6 * HOUR, 0);
  await answer(1, { walls: many(5 * HOUR) });
  assert.equal(store.walls.length, 30_000);
  history.want(instrument, 5 * HOUR, 6 * HOUR, 0);
  assert.equal(store.walls.length, 15_000);
  history.want(instrument, HOUR, 2 * HOUR, 0);
  assert.deepEqual(asked, [
    "/api/walls BTCUSDT 1-2",
    "/api/walls BTCUSDT 5-6",
    "/api/walls BTCUSDT 1-2",
  ]);
});
