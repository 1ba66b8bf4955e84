import { join } from "node:path";
import { DATABASE_FILE, openDatabase } from "../processor/store/database.ts";
import { dropLiquidityBefore } from "../processor/store/liquidity_drop.ts";
import { SECONDS } from "../processor/store/liquidity_schema.ts";
import { LiquidityWriter } from "../processor/store/liquidity_writer.ts";
import { LIVE_BIN_MS } from "../processor/symbol_state.ts";
import { type CapturedMarket } from "./captured_market.ts";
import { GeneratedMarket } from "./generated_market.ts";
import type { Measurement } from "./measure.ts";
import { DAY_MS, keyOf } from "./recorded_history.ts";

const FLUSHES = 300;
const PAUSE_MS = 10;

/**
 * Drops the oldest day of the 1 s level while the live path goes on writing, a second in each
 * flush, but faster: a second every 10 ms.
 */
export async function benchRetention(
  captured: CapturedMarket,
  folder: string,
  { to, keptFrom }: { readonly to: number; readonly keptFrom: number },
): Promise<Measurement[]> {
  const database = await openDatabase(join(folder, DATABASE_FILE), { onMessage: console.error });
  try {
    const key = keyOf(captured);
    const writer = await LiquidityWriter.open(await database.connection(), {
      binMs: LIVE_BIN_MS,
      onLost: () => console.error("A generated quantity is too large"),
    });
    const market = new GeneratedMarket(captured, { seed: 2, from: to, tradesPerDay: 1 });
    const live = market.run(to + DAY_MS, SECONDS);
    const flush = async () => {
      for (const bin of live.next().value?.bins ?? []) writer.add(key, bin);
      const start = performance.now();
      await writer.flush();
      return performance.now() - start;
    };
    const pause = () => new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    const alone: number[] = [];
    for (let i = 0; i < FLUSHES; i++) {
      alone.push(await flush());
      await pause();
    }

    const dropping = await database.connection();
    const start = performance.now();
    let droppedMs: number | null = null;
    const dropped = dropLiquidityBefore(dropping, SECONDS, keptFrom).then(() => {
      droppedMs = performance.now() - start;
    });
    const meanwhile: number[] = [];
    while (droppedMs === null) {
      meanwhile.push(await flush());
      await pause();
    }
    await dropped;
    // Where the blocks of what was dropped become free.
    const checkpointStart = performance.now();
    await dropping.run("CHECKPOINT");
    const checkpointMs = performance.now() - checkpointStart;
    return [
      {
        what: "retention: a day of the 1 s level dropped",
        result: `${Number(droppedMs).toFixed(0)} ms, then ${
          checkpointMs.toFixed(0)
        } ms of checkpoint`,
        budget: "",
      },
      { what: "a second written meanwhile", result: spread(meanwhile), budget: "1 s at most" },
      { what: "a second written otherwise", result: spread(alone), budget: "" },
    ];
  } finally {
    await database.close();
  }
}

function spread(values: readonly number[]): string {
  const sorted = values.toSorted((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)];
  const longest = sorted[sorted.length - 1];
  return `${median.toFixed(1)} ms, at most ${longest.toFixed(0)} (${sorted.length} times)`;
}
