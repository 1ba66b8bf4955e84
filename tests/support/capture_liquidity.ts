import { gunzipSync } from "node:zlib";
import { collectEvents, collectorLines } from "../../bench/replayed_market.ts";
import { type LiquidityBin, LiquidityBinner } from "../../market/liquidity.ts";
import { OrderBook } from "../../market/order_book.ts";
import type { Side } from "../../market/types.ts";
import { sharedPath } from "./shared_data.ts";

export const CAPTURE_BASE_TICKS = 100;
export const CAPTURE_BIN_MS = 250;

const NAMES = ["spot_btcusdt_20240808.gz", "spot_btcusdt_20240809.gz"];

/** Bins of the spot captures, straight from their raw diffs, with a keyframe a minute. */
export function captureBins(take: (bin: LiquidityBin) => void): void {
  const book = new OrderBook();
  const binner = new LiquidityBinner(CAPTURE_BIN_MS, CAPTURE_BASE_TICKS, (bin) => {
    take(bin);
    if (bin.time % 60_000 === 0) binner.requestKeyframe();
  });
  collectEvents(collectorLines(NAMES.flatMap(captureLines)), (event) => {
    if (event.type === "depthSnapshot") {
      book.applySnapshot(event.snapshot, event.eventTime);
      binner.begin(book, event.eventTime);
    }
    if (event.type !== "depthDiff") return;
    const changes: [side: Side, ticks: number, added: number][] = [];
    book.applyDiff(event.diff, (side, ticks, before, after) => {
      changes.push([side, ticks, after - before]);
    });
    binner.advance(event.diff.eventTime);
    for (const change of changes) binner.change(...change, event.diff.eventTime);
  });
}

function captureLines(name: string): string[] {
  const text = gunzipSync(Deno.readFileSync(sharedPath(`captures/${name}`))).toString();
  return text.split("\n").filter((line) => line !== "")
    .map((line) => line.slice(line.indexOf(" ") + 1));
}
