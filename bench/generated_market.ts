import { MINUTE_MS } from "../market/interval.ts";
import type { LiquidityBin } from "../market/liquidity.ts";
import type { Trade } from "../market/types.ts";
import { MINUTES, SECONDS } from "../processor/store/liquidity_schema.ts";
import { LIVE_BIN_MS } from "../processor/symbol_state.ts";
import { Random } from "../simulator/market_model/random.ts";
import type { CapturedMarket, CapturedSecond } from "./captured_market.ts";
import { GeneratedBook, type Place, placeAt, placed } from "./generated_book.ts";

export interface GeneratedMarketOptions {
  readonly seed: number;
  readonly from: number;
  readonly tradesPerDay: number;
}

/** A time of the generated market, as the live path gives it. */
export interface GeneratedSecond {
  readonly time: number;
  readonly trades: readonly Trade[];
  /** Bins of the live path, or the minute that ends here. */
  readonly bins: readonly LiquidityBin[];
}

const DAY_MS = 86_400_000;
/** A snapshot of 5000 levels tells so much to both sides of the price; 1500 USD for BTC. */
const RANGE_ROWS = 1500;
/** How often the collector has a fresh one (collector/range_watch.ts). */
const SNAPSHOT_EVERY_MS = 30 * MINUTE_MS;
/** The market stays about so close to its first price, as a share: a month, not a crash. */
const STAY_SHARE = 0.05;

/**
 * Any length of a busy market, made of pieces of the captures. Each minute is 60 seconds of theirs
 * from a second drawn at random, moved to where the price is now, with all that happened in them:
 * the rows that changed in each bin of 250 ms, as far from the price as they were and with their
 * quantities, the trades, and the way of the price. So the distributions per second are the real
 * ones, and book, trades and price belong together. Every other minute is mirrored, bids for asks
 * and up for down: the price walks without a trend, and is drawn back gently when it has gone far.
 * The captures hold more trades than asked for: each is kept with the same probability. Quantities
 * that rested before the first change come from the captures' book, by distance from the price.
 *
 * Days that are kept by the minute alone have the same price and trades; their minutes of liquidity
 * are the captures' minutes, drawn at random.
 */
export class GeneratedMarket {
  readonly #market: CapturedMarket;
  readonly #random: Random;
  readonly #tradeShare: number;
  #time: number;
  #midTicks: number;
  #nextId = 1;

  constructor(market: CapturedMarket, { seed, from, tradesPerDay }: GeneratedMarketOptions) {
    this.#market = market;
    this.#random = new Random(seed, "generated market");
    const count = market.seconds.reduce((sum, { trades }) => sum + trades.length, 0);
    this.#tradeShare = tradesPerDay / (count / market.seconds.length * DAY_MS / SECONDS.binMs);
    this.#time = from;
    this.#midTicks = market.midTicks;
  }

  get midTicks(): number {
    return this.#midTicks;
  }

  /** Goes on to `until`, with liquidity as the live path tells it, or minutes alone. */
  *run(until: number, level: typeof SECONDS | typeof MINUTES): Generator<GeneratedSecond> {
    const { seconds, minutes, resting, baseTicks, midTicks } = this.#market;
    const isLive = level === SECONDS;
    const random = this.#random;
    const binMs = isLive ? LIVE_BIN_MS : level.binMs;
    const book = new GeneratedBook(midTicks * 3, {
      ...{ binMs, baseTicks, baseRows: level.baseRows, resting, random },
      keyframeBins: isLive ? MINUTE_MS / LIVE_BIN_MS : level.keyframeMs / level.binMs,
    });
    let [place, next]: [Place, number] = [{ isMirrored: false, ticks: 0 }, 0];
    let minuteTicks = this.#midTicks;
    for (; this.#time < until; this.#time += SECONDS.binMs) {
      const time = this.#time;
      if (time % MINUTE_MS === 0) {
        minuteTicks = this.#midTicks;
        next = random.below(seconds.length - MINUTE_MS / SECONDS.binMs);
        place = this.#placeOf(seconds[next].midTicks, this.#mirror(next), baseTicks);
      }
      if (time % DAY_MS === 0) book.drop();
      if (time % SNAPSHOT_EVERY_MS === 0) book.snapshot(this.#midTicks, RANGE_ROWS * baseTicks);
      const second = seconds[next++];
      const way = [this.#midTicks, placed(second.endTicks, place)] as const;
      this.#midTicks = way[1];
      const trades = this.#trades(second, place);
      let bins: LiquidityBin[] = [];
      if (isLive) {
        bins = second.bins.map((bin, i) =>
          book.bin(
            time + i * binMs,
            bin,
            place,
            i + 1 < second.bins.length ? [way[0], way[0]] : way,
          )
        );
      } else if ((time + SECONDS.binMs) % binMs === 0) {
        const { bin, midTicks } = minutes[random.below(minutes.length)];
        const minutePlace = this.#placeOf(midTicks, random.chance(0.5), baseTicks * level.baseRows);
        const start = time + SECONDS.binMs - binMs;
        bins = [book.bin(start, bin, minutePlace, [minuteTicks, this.#midTicks])];
      }
      yield { time, trades, bins };
    }
  }

  #placeOf(capturedTicks: number, isMirrored: boolean, rowTicks: number): Place {
    return placeAt(capturedTicks, this.#midTicks, rowTicks, isMirrored);
  }

  /** Whether the minute from a captured second on is mirrored. */
  #mirror(first: number): boolean {
    const { seconds, midTicks } = this.#market;
    const last = first + MINUTE_MS / SECONDS.binMs - 1;
    const away = (this.#midTicks - midTicks) / (midTicks * STAY_SHARE);
    const isAway = (seconds[last].endTicks - seconds[first].midTicks) * away > 0;
    // An even chance at the first price; the further away, the likelier a way back.
    return this.#random.chance(0.5 + (isAway ? 1 : -1) * Math.min(0.4, away ** 2 * 0.4));
  }

  #trades(second: CapturedSecond, place: Place): Trade[] {
    const trades: Trade[] = [];
    for (const { priceTicks, qtyLots, tradeTime, isBuyerMaker } of second.trades) {
      if (!this.#random.chance(this.#tradeShare)) continue;
      const id = this.#nextId++;
      trades.push({
        ...{ id, qtyLots, firstTradeId: id, lastTradeId: id },
        priceTicks: placed(priceTicks, place),
        tradeTime: this.#time + tradeTime % SECONDS.binMs,
        isBuyerMaker: isBuyerMaker !== place.isMirrored,
      });
    }
    return trades;
  }
}
