import assert from "node:assert/strict";
import type { ApiGap, ApiGet } from "../../live/api.ts";
import { GapList } from "../../live/gap_list.ts";

const GAP: ApiGap = { kind: "book", from: 150, to: 160, reason: "cut" };

function list(answer: () => Promise<unknown>) {
  const asked: [unknown, unknown][] = [];
  const told = Promise.withResolvers<void>();
  const get = ((_path: string, { from, to }: Record<string, unknown>) => {
    asked.push([from, to]);
    return answer();
  }) as ApiGet;
  const gaps = new GapList("BTCUSDT", get, told.resolve, new AbortController().signal);
  return { gaps, asked, told: told.promise };
}

Deno.test("GapList asks once around the visible time, and again when it moves on or the ledger changes", async () => {
  const { gaps, asked, told } = list(() => Promise.resolve({ gaps: [GAP] }));
  gaps.want(100, 200, "1 0", 0);
  await told;
  assert.deepEqual(gaps.gaps, [GAP]);
  gaps.want(90, 210, "1 0", 1);
  assert.deepEqual(asked, [[0, 300]]);
  gaps.want(250, 350, "1 0", 2);
  gaps.want(250, 350, "0 1", 3);
  assert.deepEqual(asked, [[0, 300], [150, 450], [150, 450]]);
});

Deno.test("GapList tries again after a while when it was refused, and keeps what it has", async () => {
  const { gaps, asked } = list(() => Promise.reject(new Error("unavailable")));
  gaps.want(100, 200, "", 0);
  for (let turns = 0; turns < 5; turns++) await Promise.resolve();
  gaps.want(100, 200, "", 10);
  assert.equal(asked.length, 1);
  gaps.want(100, 200, "", 5_000);
  assert.equal(asked.length, 2);
});
