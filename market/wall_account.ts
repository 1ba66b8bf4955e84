import type { Side } from "./types.ts";
import type { Wall, WallEnd, WallOptions } from "./wall.ts";

/** Something at an exchange time: lots that rest in the row since then, or that traded then. */
interface Entry {
  readonly time: number;
  readonly lots: number;
}

/**
 * The account of one wall: what rested, what traded, and which of both explains its end.
 *
 * Its end begins when it was last of its full size: the mean of what rested with a memory of
 * `memoryMs`, and at least the threshold. What came and went before is no part of it: orders of
 * others in the same row, earlier portions of an iceberg, a size that the wall has long lost. From
 * there on the largest sum of resting and traded quantity is what the wall showed (a refill counts
 * once more); that less what is left has disappeared.
 *
 * Levels and trades come over different streams in any order, so both wait here until they can be
 * merged by their exchange times.
 */
export class WallAccount implements Wall {
  readonly side: Side;
  readonly row: number;
  readonly born: number;
  /** The threshold at which it was born. */
  readonly bornThreshold: number;
  died: number | null = null;
  ended: WallEnd | null = null;
  peakLots: number;
  lots: number;
  tradedLots = 0;
  /** Old enough to count. */
  isWall = false;
  /** Trades are missing that may have hit it. */
  missesTrades = false;
  /** It rested when the book became unknown. */
  isLost = false;
  readonly #options: WallOptions;
  #levels: Entry[] = [];
  #trades: Entry[] = [];
  /** The merged state: what rests, since when, and its mean. */
  #restingLots: number;
  #restingTime: number;
  #usualLots: number;
  /** Since it was last of its usual size: what has traded, and the largest sum of both. */
  #endTradedLots = 0;
  #endShownLots: number;

  constructor(
    side: Side,
    row: number,
    born: number,
    lots: number,
    bornThreshold: number,
    options: WallOptions,
  ) {
    this.side = side;
    this.row = row;
    this.born = this.#restingTime = born;
    this.bornThreshold = bornThreshold;
    this.#options = options;
    this.lots = this.peakLots = lots;
    this.#restingLots = this.#usualLots = this.#endShownLots = lots;
  }

  /** The row's quantity since `time`; times do not go back. */
  addLevel(time: number, lots: number): void {
    this.lots = lots;
    this.peakLots = Math.max(this.peakLots, lots);
    this.#levels.push({ time, lots });
  }

  /** A trade against the row, in any order; returns whether it was the wall's. */
  addTrade(time: number, lots: number): boolean {
    if (time <= this.born || time > this.#lastTradeTime) return false;
    let at = this.#trades.length;
    while (at > 0 && this.#trades[at - 1].time > time) at--;
    this.#trades.splice(at, 0, { time, lots });
    this.tradedLots += lots;
    return true;
  }

  /** The wall ended at `time`: trades that came before their depth event are not its own. */
  die(time: number): void {
    this.died = time;
    for (const trade of this.#trades) {
      if (trade.time > this.#lastTradeTime) this.tradedLots -= trade.lots;
    }
    this.#trades = this.#trades.filter((trade) => trade.time <= this.#lastTradeTime);
  }

  /** Merges what lies before `time`, of which nothing more is expected. */
  merge(time: number): void {
    let [levels, trades] = [0, 0];
    for (;;) {
      const levelTime = this.#levels[levels]?.time ?? Infinity;
      // A trade counts late rather than early: resting quantity that has traded already and is
      // still told as resting would count twice.
      const tradeTime = (this.#trades[trades]?.time ?? Infinity) + this.#options.skewMs;
      if (Math.min(levelTime, tradeTime) >= time) break;
      if (levelTime <= tradeTime) this.#mergeLevel(this.#levels[levels++]);
      else this.#endTradedLots += this.#trades[trades++].lots;
      this.#weighEnd();
    }
    this.#levels.splice(0, levels);
    this.#trades.splice(0, trades);
  }

  /** Nothing more is expected of the dead wall: tells how it has ended. */
  decide(): void {
    this.merge(Infinity);
    this.ended = this.isLost ? "unknown" : this.#verdict();
  }

  #mergeLevel({ time, lots }: Entry): void {
    const passedMs = time - this.#restingTime;
    const weight = passedMs / (passedMs + this.#options.memoryMs);
    this.#usualLots += (this.#restingLots - this.#usualLots) * weight;
    this.#restingLots = lots;
    this.#restingTime = time;
  }

  #weighEnd(): void {
    const fullLots = Math.max(this.#usualLots, this.bornThreshold);
    if (this.#restingLots >= fullLots) {
      this.#endTradedLots = 0;
      // More than usual is mostly what others rest in the same row for a moment.
      this.#endShownLots = fullLots;
      return;
    }
    this.#endShownLots = Math.max(this.#endShownLots, this.#restingLots + this.#endTradedLots);
  }

  #verdict(): WallEnd {
    const share = this.#endTradedLots / (this.#endShownLots - this.#restingLots);
    if (share >= this.#options.filledShare) return "filled";
    // What is missing can only make the share larger.
    if (this.missesTrades) return "unknown";
    return share <= this.#options.pulledShare ? "pulled" : "mixed";
  }

  get #lastTradeTime(): number {
    return this.died === null ? Infinity : this.died + this.#options.skewMs;
  }
}
