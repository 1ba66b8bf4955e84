import type { DepthDiff, DepthSnapshot, MarketKind, Trade } from "../../market/types.ts";

type Levels = ReadonlyMap<number, number>;

export interface LevelChange {
  readonly price: number;
  readonly lots: number;
}

/** Always there, so that no side is ever empty. */
const [LOWEST, HIGHEST] = [80, 120];

/**
 * The exchange itself: its book at every update, and all its trades. Prices below 100 are bid, the
 * others asked, so that the book is never crossed.
 */
export class TrueMarket {
  readonly #books = new Map<number, { readonly bids: Levels; readonly asks: Levels }>();
  readonly trades: Trade[] = [];
  readonly #market: MarketKind;
  #updateId = 100;
  #lastOfDiff = 100;
  #bids = new Map([[LOWEST, 5]]);
  #asks = new Map([[HIGHEST, 5]]);
  time = 1_000;

  constructor(market: MarketKind) {
    this.#market = market;
    this.#keep();
  }

  get updateId(): number {
    return this.#updateId;
  }

  bookAt(updateId: number): { readonly bids: Levels; readonly asks: Levels } | undefined {
    return this.#books.get(updateId);
  }

  /** Changes of the book, one update each, in one diff. */
  diff(changes: readonly LevelChange[]): DepthDiff {
    const previousUpdateId = this.#lastOfDiff;
    this.time += 100;
    // USD-M leaves out ids between diffs: U says nothing of the diff before.
    if (this.#market === "usdm") this.#updateId += changes[0].lots % 3;
    const firstUpdateId = this.#updateId + 1;
    const [bids, asks] = [new Map<number, number>(), new Map<number, number>()];
    for (const { price, lots } of changes) {
      this.#updateId++;
      const [side, told] = price < 100 ? [this.#bids, bids] : [this.#asks, asks];
      if (lots === 0) side.delete(price);
      else side.set(price, lots);
      told.set(price, lots);
      this.#keep();
    }
    this.#lastOfDiff = this.#updateId;
    return {
      eventTime: this.time,
      firstUpdateId,
      lastUpdateId: this.#updateId,
      ...(this.#market === "usdm" ? { previousUpdateId } : {}),
      bids: [...bids].flat(),
      asks: [...asks].flat(),
    };
  }

  trade({ price, lots }: LevelChange): Trade {
    this.time += 10;
    const id = this.trades.length + 1;
    const trade = {
      id,
      priceTicks: price,
      qtyLots: lots + 1,
      firstTradeId: id,
      lastTradeId: id,
      tradeTime: this.time,
      isBuyerMaker: price < 100,
    };
    this.trades.push(trade);
    return trade;
  }

  /** The best levels as they were so many updates ago, which may be in the midst of a diff. */
  snapshot(updatesAgo: number, levelsASide: number): DepthSnapshot {
    const ids = [...this.#books.keys()];
    const lastUpdateId = ids[Math.max(0, ids.length - 1 - updatesAgo)];
    const { bids, asks } = this.#books.get(lastUpdateId)!;
    const best = (levels: Levels, order: -1 | 1) =>
      [...levels].sort(([a], [b]) => (a - b) * order).slice(0, levelsASide).flat();
    return { lastUpdateId, bids: best(bids, -1), asks: best(asks, 1) };
  }

  #keep(): void {
    this.#books.set(this.#updateId, { bids: new Map(this.#bids), asks: new Map(this.#asks) });
  }
}
