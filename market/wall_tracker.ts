import { openTimeOf } from "./interval.ts";
import type { OrderBook } from "./order_book.ts";
import { rowOf } from "./price_row.ts";
import type { Side, Trade } from "./types.ts";
import { type Wall, WALL_DEFAULTS, type WallOptions } from "./wall.ts";
import { WallAccount } from "./wall_account.ts";
import { WallThreshold } from "./wall_threshold.ts";

const SIDES = ["bid", "ask"] as const;

/** Trades that are ahead of the depth events; more are ahead only while those do not come. */
const MAX_AHEAD = 10_000;

interface AheadTrade {
  readonly side: Side;
  readonly row: number;
  readonly time: number;
  readonly lots: number;
}

/**
 * Finds large resting orders: rows at or above the percentile of the rows near the price for long
 * enough. Call {@linkcode advance}, then {@linkcode change} for each level that a depth event
 * changes, then {@linkcode commit}: a quantity that moves inside a row is not gone in between.
 * Trades may come at any moment; how they interleave with depth events does not change what walls
 * have become, as long as they come within settleMs - skewMs.
 */
export class WallTracker {
  readonly groupTicks: number;
  readonly #onWall: (wall: Wall) => void;
  readonly #options: WallOptions;
  readonly #threshold: WallThreshold;
  #thresholdLots: number | null = null;
  readonly #rows: Record<Side, Map<number, number>> = { bid: new Map(), ask: new Map() };
  readonly #resting: Record<Side, Map<number, WallAccount>> = { bid: new Map(), ask: new Map() };
  /** Rows of the current depth event that are a wall, or large enough for one. */
  readonly #touched: Record<Side, Set<number>> = { bid: new Set(), ask: new Set() };
  /** Too young to be walls. */
  readonly #young = new Set<WallAccount>();
  /** Ended, while late trades are waited for. */
  readonly #dead = new Set<WallAccount>();
  #ahead: AheadTrade[] = [];
  #time = -Infinity;
  #lastSample = -Infinity;
  /** Trades up to this id are lost, and nobody knows until when: walls may have been hit by them. */
  #lostToId: number | null = null;
  /** Prices between which walls are born. */
  #range: readonly [low: number, high: number] = [0, 0];

  /** @param onWall told of each wall that is found, changes, dies and is decided */
  constructor(
    groupTicks: number,
    onWall: (wall: Wall) => void,
    options: Partial<WallOptions> = {},
  ) {
    this.groupTicks = groupTicks;
    this.#onWall = onWall;
    this.#options = { ...WALL_DEFAULTS, ...options };
    const { percentile, windowMinutes, settleMs, skewMs } = this.#options;
    if (settleMs < skewMs) {
      throw new RangeError(
        `settleMs must be at least skewMs (${skewMs}), received ${settleMs}`,
      );
    }
    this.#threshold = new WallThreshold(percentile, windowMinutes);
  }

  /** What a row must hold to be a wall, or null before the first sample. */
  get thresholdLots(): number | null {
    return this.#thresholdLots;
  }

  /** Starts from a book that has just become known at `time`: what is large there is born then. */
  begin(book: OrderBook, time: number): void {
    this.#forget();
    for (const levels of [book.bids, book.asks]) {
      const rows = levels.rows(this.groupTicks);
      for (let i = 0; i < rows.length; i += 2) this.#rows[levels.side].set(rows[i], rows[i + 1]);
    }
    this.#lastSample = -Infinity;
    this.advance(time, book);
  }

  /** The book is unknown from `time` on, and with it what becomes of its walls. */
  end(time: number): void {
    for (const side of SIDES) {
      for (const wall of this.#resting[side].values()) {
        if (!wall.isWall) continue;
        wall.isLost = true;
        this.#bury(wall, time);
      }
    }
    this.#forget();
  }

  /** Nothing comes any more: walls that still rest end as unknown at `time`, all are decided. */
  close(time: number): void {
    this.end(time);
    this.#decide(Infinity);
  }

  /** The book has come to `time`, the exchange time of a depth event. */
  advance(time: number, book: OrderBook): void {
    this.#time = time;
    for (const wall of this.#young) {
      if (time - wall.born < this.#options.minAgeMs) continue;
      wall.isWall = true;
      this.#young.delete(wall);
      this.#onWall(wall);
    }
    this.#decide(time - this.#options.settleMs);
    const sample = openTimeOf(time, this.#options.sampleMs);
    const { bestTicks: bid } = book.bids;
    const { bestTicks: ask } = book.asks;
    if (sample <= this.#lastSample || bid === null || ask === null) return;
    this.#lastSample = sample;
    this.#sample(time, (bid + ask) / 2);
  }

  /** A level has changed by the depth event of the last {@linkcode advance}. */
  change(side: Side, priceTicks: number, beforeLots: number, afterLots: number): void {
    const row = rowOf(priceTicks, this.groupTicks);
    const rows = this.#rows[side];
    const lots = (rows.get(row) ?? 0) + afterLots - beforeLots;
    if (lots === 0) rows.delete(row);
    else rows.set(row, lots);
    const isLarge = this.#thresholdLots !== null && lots >= this.#thresholdLots;
    if (isLarge || this.#resting[side].has(row)) this.#touched[side].add(row);
  }

  /** All changes of the depth event are made. */
  commit(): void {
    for (const side of SIDES) {
      const touched = this.#touched[side];
      if (touched.size === 0) continue;
      for (const row of touched) this.#judge(side, row, this.#rows[side].get(row) ?? 0);
      touched.clear();
    }
    if (this.#ahead.length > 0) this.#ahead = this.#ahead.filter(({ time }) => time > this.#time);
  }

  trade({ id, priceTicks, qtyLots, tradeTime, isBuyerMaker }: Trade): void {
    if (this.#lostToId !== null && id > this.#lostToId) this.#lostToId = null;
    const side = isBuyerMaker ? "bid" : "ask";
    const row = rowOf(priceTicks, this.groupTicks);
    const resting = this.#resting[side].get(row);
    if (resting?.addTrade(tradeTime, qtyLots) && resting.isWall) this.#onWall(resting);
    // Just after its end a trade may count for the dead wall and for one born since in its row.
    for (const wall of this.#dead) {
      if (wall.side === side && wall.row === row && wall.addTrade(tradeTime, qtyLots)) {
        this.#onWall(wall);
      }
    }
    if (tradeTime <= this.#time || this.#ahead.length >= MAX_AHEAD) return;
    // The depth event in which a wall is born may come after trades that hit it.
    this.#ahead.push({ side, row, time: tradeTime, lots: qtyLots });
  }

  /** Trades were lost: how a wall has ended that may have been hit by them nobody knows. */
  loseTrades(fromTime: number | null, toTime: number | null, toId: number): void {
    const skewMs = this.#options.skewMs;
    const all = SIDES.flatMap((side) => [...this.#resting[side].values()]);
    for (const wall of [...all, ...this.#dead]) {
      if ((wall.died ?? Infinity) + skewMs < (fromTime ?? -Infinity)) continue;
      if (wall.born < (toTime ?? Infinity)) wall.missesTrades = true;
    }
    if (toTime === null) this.#lostToId = toId;
  }

  #forget(): void {
    for (const side of SIDES) {
      this.#rows[side].clear();
      this.#resting[side].clear();
      this.#touched[side].clear();
    }
    this.#young.clear();
  }

  #judge(side: Side, row: number, lots: number): void {
    const wall = this.#resting[side].get(row);
    if (wall === undefined) return this.#bear(side, row, lots);
    if (wall.lots === lots) return;
    wall.addLevel(this.#time, lots);
    if (!wall.isWall) {
      if (lots >= wall.bornThreshold) return;
      this.#resting[side].delete(row);
      this.#young.delete(wall);
      return;
    }
    if (lots >= wall.bornThreshold * this.#options.endShare) return this.#onWall(wall);
    this.#resting[side].delete(row);
    this.#bury(wall, this.#time);
  }

  #bury(wall: WallAccount, time: number): void {
    wall.die(time);
    this.#dead.add(wall);
    this.#onWall(wall);
  }

  /** Decides the walls that died at `time` or before. */
  #decide(time: number): void {
    for (const wall of this.#dead) {
      if (wall.died !== null && wall.died > time) continue;
      wall.decide();
      this.#dead.delete(wall);
      this.#onWall(wall);
    }
  }

  #bear(side: Side, row: number, lots: number): void {
    const threshold = this.#thresholdLots;
    if (threshold === null || lots < threshold) return;
    if (row < this.#range[0] || row > this.#range[1]) return;
    const wall = new WallAccount(side, row, this.#time, lots, threshold, this.#options);
    wall.missesTrades = this.#lostToId !== null;
    for (const trade of this.#ahead) {
      if (trade.side === side && trade.row === row) wall.addTrade(trade.time, trade.lots);
    }
    this.#resting[side].set(row, wall);
    this.#young.add(wall);
  }

  #sample(time: number, midTicks: number): void {
    const { rangeShare, settleMs } = this.#options;
    const [low, high] = [midTicks * (1 - rangeShare), midTicks * (1 + rangeShare)];
    this.#range = [low, high];
    this.#threshold.advance(time);
    for (const side of SIDES) {
      for (const [row, lots] of this.#rows[side]) {
        if (row >= low && row <= high) this.#threshold.add(lots);
      }
    }
    const threshold = this.#threshold.value();
    this.#thresholdLots = threshold;
    if (threshold === null) return;
    // The threshold and the range have moved: rows that have not changed may be walls now.
    for (const side of SIDES) {
      for (const [row, lots] of this.#rows[side]) {
        if (lots >= threshold && !this.#resting[side].has(row)) this.#bear(side, row, lots);
      }
      for (const wall of this.#resting[side].values()) wall.merge(time - settleMs);
    }
  }
}
