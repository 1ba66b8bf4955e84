import { FairPrice } from "./fair_price.ts";
import { firstIds } from "./first_ids.ts";
import type { Instrument } from "./instrument.ts";
import {
  LARGE_ORDERS,
  type LargeOrderCounts,
  type LargeOrderEnd,
  LargeOrders,
} from "./large_orders.ts";
import { LAYERED_ORDERS, LayeredOrders } from "./layered_orders.ts";
import type { Side } from "./level_changes.ts";
import { OrderBook } from "./order_book.ts";
import { Random } from "./random.ts";
import { CROWDS, RestingOrders } from "./resting_orders.ts";
import { type Scene, STEP_MS } from "./scene.ts";
import { Takers } from "./takers.ts";
import { TOUCH_ORDERS, TouchQuotes } from "./touch_quotes.ts";

/** Called for each price that an aggressor takes; `side` is the aggressor's. */
export type OnTrade = (
  side: Side,
  tick: number,
  steps: number,
  fills: number,
  time: number,
) => void;

/** Called after every aggressive order and at the end of every step. */
export type OnMoment = (time: number) => void;

/** Crowds that are quick enough to get out of the way of a move. */
const QUICK_CROWDS = 2;
const RECENTRE_MS = 1000;

/** One market: participants that act on a book in turn, step by step. */
export class SymbolMarket {
  readonly book: OrderBook;
  readonly #scene: Scene;
  readonly #crowds: RestingOrders[] = [];
  readonly #touch: TouchQuotes;
  readonly #large: LargeOrders;
  readonly #layers: LayeredOrders;
  readonly #takers: Takers;
  readonly #onTrade: OnTrade;
  readonly #onMoment: OnMoment;
  /** Time of the newest aggressive order: times of trades never go back. */
  #tradeTime: number;

  constructor(
    instrument: Instrument,
    seed: number,
    startTime: number,
    onTrade: OnTrade,
    onMoment: OnMoment,
  ) {
    this.#onTrade = onTrade;
    this.#onMoment = onMoment;
    this.#tradeTime = startTime;
    const random = new Random(seed, instrument.info.symbol);
    const fair = new FairPrice(instrument, random, startTime);
    const crowdOrders = CROWDS.reduce((sum, { orders }) => sum + 2 * orders, 0);
    const orders = crowdOrders + TOUCH_ORDERS + LARGE_ORDERS + LAYERED_ORDERS;
    const book = new OrderBook(orders, Math.round(fair.ticks), firstIds(startTime).update);
    this.book = book;
    this.#scene = { instrument, random, book, fair, time: startTime };
    let next = 0;
    for (const crowd of CROWDS) {
      this.#crowds.push(new RestingOrders(this.#scene, crowd, next));
      next += 2 * crowd.orders;
    }
    this.#touch = new TouchQuotes(next);
    this.#large = new LargeOrders(next + TOUCH_ORDERS);
    this.#layers = new LayeredOrders(next + TOUCH_ORDERS + LARGE_ORDERS);
    this.#takers = new Takers((side, steps, limitTick) => this.#take(side, steps, limitTick));
  }

  /** Exchange time up to which everything has happened. */
  get time(): number {
    return this.#scene.time;
  }

  get largeOrders(): LargeOrderCounts {
    return this.#large.counts;
  }

  /** Tells what becomes of each large order, for who compares that with what is seen outside. */
  watchLargeOrders(onEnd: (end: LargeOrderEnd) => void): void {
    this.#large.onEnd = onEnd;
  }

  step(): void {
    const scene = this.#scene;
    const { fair, book } = scene;
    fair.step(scene.time, STEP_MS, book.middle);
    this.#takers.step(scene);
    this.#large.step(scene);
    this.#layers.step(scene);
    const haste = Math.min(3, 0.7 + 0.3 * fair.haste);
    for (let i = 0; i < this.#crowds.length; i++) {
      this.#crowds[i].step(scene, i < QUICK_CROWDS ? haste : 1);
    }
    const gaveWay = this.#touch.step(scene, this.#crowds.slice(0, QUICK_CROWDS));
    if (gaveWay !== 0) this.#takers.sweep(scene, gaveWay);
    scene.time += STEP_MS;
    if (scene.time % RECENTRE_MS === 0) book.recentre();
    this.#onMoment(scene.time);
  }

  #take(side: Side, steps: number, limitTick: number): number {
    const { book, random, time } = this.#scene;
    const at = Math.max(this.#tradeTime, time + random.below(STEP_MS));
    this.#tradeTime = at;
    const left = book.take(side, steps, limitTick, (tick, taken, fills) => {
      this.#onTrade(side, tick, taken, fills, at);
    });
    if (left < steps) this.#onMoment(at);
    return left;
  }
}
