import assert from "node:assert/strict";
import fc from "fast-check";
import { LiquidityMemory } from "../../../processor/liquidity_memory.ts";
import { joinHistory } from "../../../processor/store/liquidity_join.ts";
import { LiquidityReader } from "../../../processor/store/liquidity_reader.ts";
import {
  KEY,
  LIVE_MS,
  openStore,
  openWriter,
  plain,
  RawBook,
  SAMPLE_MS,
} from "./liquidity_fixture.ts";

const END = 300_000;
const LOWEST = 60;
const HIGHEST = 139;

const EVENT = fc.record({
  waitSamples: fc.integer({ min: 0, max: 60 }),
  kind: fc.constantFrom("diff", "diff", "diff", "diff", "diff", "diff", "widen", "lose"),
  levels: fc.array(
    fc.tuple(fc.integer({ min: LOWEST, max: HIGHEST }), fc.integer({ min: 0, max: 1e9 })),
    { maxLength: 6 },
  ),
  reach: fc.integer({ min: 3, max: 40 }),
});

interface RandomEvent {
  readonly waitSamples: number;
  readonly kind: string;
  readonly levels: readonly (readonly [ticks: number, lots: number])[];
  readonly reach: number;
}

/** Plays random events: a book around 100 that is lost, begins again, and becomes known wider. */
function play(events: readonly RandomEvent[]): RawBook {
  const raw = new RawBook(KEY.baseTicks);
  const truth = { bids: new Map<number, number>(), asks: new Map<number, number>() };
  /** All that rests up to `reach` ticks away, best first, the outermost levels for certain. */
  const book = (reach: number): [bids: number[], asks: number[]] => {
    if (!truth.bids.get(100 - reach)) truth.bids.set(100 - reach, 7);
    if (!truth.asks.get(99 + reach)) truth.asks.set(99 + reach, 7);
    const flat = (side: "bids" | "asks") =>
      [...truth[side]].filter(([ticks, lots]) =>
        lots > 0 && ticks >= 100 - reach && ticks <= 99 + reach
      )
        .sort(([a], [b]) => side === "bids" ? b - a : a - b).flat();
    return [flat("bids"), flat("asks")];
  };
  let time = 0;
  let i = 0;
  while (true) {
    const { waitSamples, kind, levels, reach } = events[i++ % events.length];
    time += waitSamples * SAMPLE_MS + SAMPLE_MS;
    if (time >= END) break;
    if (raw.known === null) {
      raw.snapshot(time, ...book(reach));
    } else if (kind === "lose" && i % 5 === 0) {
      raw.lose(time);
    } else if (kind === "widen") {
      const least = Math.max(100 - raw.known[0], raw.known[1] - 99);
      const wider = Math.max(reach, least);
      // The book hears of the outermost levels first, as it would by a diff.
      const before = [truth.bids.get(100 - wider), truth.asks.get(99 + wider)];
      const [bids, asks] = book(wider);
      if (before[0] !== truth.bids.get(100 - wider) && 100 - wider >= raw.known[0]) {
        raw.diff(time, [100 - wider, 7], []);
      }
      if (before[1] !== truth.asks.get(99 + wider) && 99 + wider <= raw.known[1]) {
        raw.diff(time, [], [99 + wider, 7]);
      }
      raw.widen(time, bids, asks);
    } else {
      for (const [ticks, lots] of levels) truth[ticks < 100 ? "bids" : "asks"].set(ticks, lots);
      const flat = (is: (ticks: number) => boolean) => levels.filter(([ticks]) => is(ticks)).flat();
      raw.diff(time, flat((ticks) => ticks < 100), flat((ticks) => ticks >= 100));
    }
  }
  raw.advance(END);
  return raw;
}

Deno.test("recorded and live liquidity equal the plain recomputation from raw events", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(EVENT, { minLength: 5, maxLength: 60 }),
      fc.integer({ min: 1, max: END / LIVE_MS }),
      async (events, writtenBins) => {
        const raw = play(events);
        // It drops up to a keyframe at once, and must keep what waits in the queue.
        const memory = new LiquidityMemory(LIVE_MS, 700);
        const store = await openStore();
        const writer = await openWriter(store.connection);
        for (const [i, bin] of raw.bins.entries()) {
          memory.add(bin);
          // What came last waits in the queue: only the live memory knows it.
          if (i < raw.bins.length - 200 || i < writtenBins) writer.add(KEY, bin);
          if (i % 100 === 0) await writer.flush();
        }
        await writer.flush();
        try {
          const reader = new LiquidityReader(store.reading);
          for (const stepMs of [1000, 7000, 60_000, 120_000]) {
            for (const groupTicks of [1, 2, 10, 20]) {
              for (const measure of ["mean", "close"] as const) {
                const request = {
                  from: 0,
                  to: END,
                  stepMs,
                  groupTicks,
                  measure,
                  lowTicks: 40,
                  highTicks: 159,
                };
                const to = memory.endTime ?? 0;
                const found = plain(await joinHistory(() => reader, KEY, memory, request));
                const wanted = plain(raw.heatmap({ ...request, to }));
                const what = `step ${stepMs}, group ${groupTicks}, ${measure}`;
                assert.equal(found.firstRow, wanted.firstRow, what);
                // Where the book is lost at the end nothing is told of the time after.
                const shown = found.times.length;
                assert.deepEqual(found.times, wanted.times.slice(0, shown), what);
                assert.deepEqual(found.bids, wanted.bids.slice(0, shown), what);
                assert.deepEqual(found.asks, wanted.asks.slice(0, shown), what);
                for (const side of [wanted.bids, wanted.asks]) {
                  assert.ok(side.slice(shown).flat().every(Number.isNaN), what);
                }
              }
            }
          }
        } finally {
          store.close();
        }
      },
    ),
    { numRuns: 12, interruptAfterTimeLimit: 30_000 },
  );
});
