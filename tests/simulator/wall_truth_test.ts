import assert from "node:assert/strict";
import { rowOf } from "../../market/price_row.ts";
import { type Wall, WALL_DEFAULTS, type WallEnd } from "../../market/wall.ts";
import { WallTracker } from "../../market/wall_tracker.ts";
import type { LargeOrderEnd } from "../../simulator/market_model/large_orders.ts";
import { runWallMarket } from "./wall_market.ts";

const GROUP_TICKS = 100;
const HOURS = 20;
/** A row is judged by the large orders that went so shortly before the wall's end. */
const END_MS = 1000;
/** A depth event is told up to so long after what it tells of. */
const DEPTH_MS = 100;

type Verdict = "filled" | "pulled" | "mixed";
const VERDICTS = ["filled", "pulled", "mixed"] as const;

interface Truth {
  readonly verdict: Verdict;
  /** The large orders were the larger part of the row: what others did there matters little. */
  readonly isMain: boolean;
}

/** What became of the large orders whose end was the wall's end; null where there were none. */
function truthOf(wall: Wall, ends: readonly LargeOrderEnd[]): Truth | null {
  let [placed, filled] = [0, 0];
  for (const { side, tick, endTime, placedSteps, filledSteps } of ends) {
    if (filledSteps === null || (side === 1) !== (wall.side === "bid")) continue;
    if (rowOf(tick, GROUP_TICKS) !== wall.row || wall.died === null) continue;
    if (endTime < Math.max(wall.born, wall.died - END_MS)) continue;
    if (endTime > wall.died + DEPTH_MS) continue;
    placed += placedSteps;
    filled += filledSteps;
  }
  if (placed === 0) return null;
  const share = filled / placed;
  const isMain = placed >= wall.peakLots / 2;
  if (share >= WALL_DEFAULTS.filledShare) return { verdict: "filled", isMain };
  return { verdict: share <= WALL_DEFAULTS.pulledShare ? "pulled" : "mixed", isMain };
}

/** How many walls of each truth there are, and how many of them were classified so. */
class Tally {
  readonly all = { filled: 0, pulled: 0, mixed: 0 };
  readonly right = { filled: 0, pulled: 0, mixed: 0 };

  add(truth: Verdict, ended: WallEnd | null): void {
    this.all[truth]++;
    if (ended === truth) this.right[truth]++;
  }

  get count(): number {
    return this.all.filled + this.all.pulled + this.all.mixed;
  }

  get share(): number {
    return (this.right.filled + this.right.pulled + this.right.mixed) / this.count;
  }

  get text(): string {
    const each = VERDICTS.map((one) => `${one} ${this.right[one]} of ${this.all[one]}`);
    return `${(this.share * 100).toFixed(1)} % of ${this.count} (${each.join(", ")})`;
  }
}

Deno.test("walls of a simulated market are classified as what has become of its large orders", () => {
  const walls = new Set<Wall>();
  const ends: LargeOrderEnd[] = [];
  const tracker = new WallTracker(GROUP_TICKS, (wall) => walls.add(wall));
  runWallMarket({
    seed: 11,
    startTime: Date.UTC(2026, 0, 1),
    minutes: HOURS * 60,
    onBegin: (book, time) => tracker.begin(book, time),
    onTrade: (trade) => tracker.trade(trade),
    onDepth: ({ eventTime, book, changes }) => {
      tracker.advance(eventTime, book);
      for (const change of changes) tracker.change(...change);
      tracker.commit();
    },
    onEnd: (end) => ends.push(end),
  });

  const [every, main] = [new Tally(), new Tally()];
  for (const wall of walls) {
    if (wall.ended === null) continue;
    assert.notEqual(wall.ended, "unknown");
    const truth = truthOf(wall, ends);
    if (truth === null) continue;
    every.add(truth.verdict, wall.ended);
    if (truth.isMain) main.add(truth.verdict, wall.ended);
  }
  console.log(`walls classified right: ${every.text}`);
  console.log(`where the large order was at least half of the row: ${main.text}`);
  assert.ok(every.count >= 1000, `only ${every.count} walls had a known truth`);
  assert.ok(every.share >= 0.95, every.text);
  // Most walls are pulled: the few that are eaten must not go under among them.
  assert.ok(every.right.filled >= 0.8 * every.all.filled, every.text);
  assert.ok(main.right.filled >= 0.85 * main.all.filled, main.text);
});
