import { MarketModel, STEP_MS } from "./model/market_model.ts";
import { type MarketParameters, parametersOf } from "./model/parameters.ts";
import type { LargeOrderCounts } from "./model/large_orders.ts";
import type { RestDepth, SymbolInfo, TextLevels } from "./source.ts";
import { TradeLog, wireText } from "./trade_log.ts";

/** An event for a stream, as text. */
export type Emit = (stream: string, data: string) => void;

/** Trades kept for REST: more than a busy day has. */
const MAX_TRADES = 2_000_000;
const DIFF_EVERY_MS = 100;
const SLOW_DIFF_EVERY_MS = 1000;

/** One symbol of the simulated market in the words of the exchange. */
export class SimulatedSymbol {
  readonly info: SymbolInfo;
  readonly trades = new TradeLog(MAX_TRADES);
  readonly #parameters: MarketParameters;
  readonly #model: MarketModel;
  readonly #stream: string;
  #emit: Emit | null = null;
  #time: number;
  #aggId = 1_000_000;
  #tradeId = 5_000_000;
  /** Last update ids that the two depth streams have told. */
  #told = { fast: 0, slow: 0 };
  #slowTicks = new Set<number>();
  #touch = "";

  /** @param startTime exchange time at which the market begins: a multiple of the step */
  constructor(symbol: string, seed: number, startTime: number) {
    this.#parameters = parametersOf(symbol);
    this.info = this.#parameters.info;
    this.#stream = symbol.toLowerCase();
    this.#time = startTime;
    this.#model = new MarketModel(this.#parameters, seed, (...trade) => this.#addTrade(...trade));
    this.#model.ladder.takeChanges();
    this.#told = { fast: this.#model.ladder.updateId, slow: this.#model.ladder.updateId };
  }

  get time(): number {
    return this.#time;
  }

  get largeOrders(): LargeOrderCounts {
    return this.#model.large.counts;
  }

  /** Moves on by one step of the grid; events go to `emit`, or nowhere. */
  step(emit: Emit | null): void {
    this.#emit = emit;
    this.#model.step(this.#time);
    this.#time += STEP_MS;
    if (emit !== null) this.#tellTouch(emit);
    if (this.#time % DIFF_EVERY_MS === 0) this.#tellDepth(emit);
  }

  depth(limit: number): RestDepth {
    const { ladder } = this.#model;
    const side = (direction: 1 | -1): TextLevels =>
      ladder.levels(direction, limit).map((tick) => this.#level(tick));
    return { lastUpdateId: ladder.updateId, bids: side(1), asks: side(-1) };
  }

  #addTrade(tick: number, steps: number, isBuyerMaker: boolean, time: number, fills: number): void {
    const id = this.#aggId++;
    const first = this.#tradeId;
    this.#tradeId += fills;
    const last = this.#tradeId - 1;
    const { tickUnits, stepUnits } = this.#parameters;
    const [price, quantity] = [tick * tickUnits, steps * stepUnits];
    this.trades.add(id, price, quantity, first, last, time, isBuyerMaker);
    this.#emit?.(
      `${this.#stream}@aggTrade`,
      `{"e":"aggTrade","E":${time + 1},"s":"${this.info.symbol}","a":${id},"p":"${
        wireText(price)
      }","q":"${
        wireText(quantity)
      }","f":${first},"l":${last},"T":${time},"m":${isBuyerMaker},"M":true}`,
    );
  }

  #tellTouch(emit: Emit): void {
    const { bestBid, bestAsk, updateId } = this.#model.ladder;
    const [bid, bidQuantity] = this.#level(bestBid);
    const [ask, askQuantity] = this.#level(bestAsk);
    const touch = `"b":"${bid}","B":"${bidQuantity}","a":"${ask}","A":"${askQuantity}"`;
    if (touch === this.#touch) return;
    this.#touch = touch;
    emit(`${this.#stream}@bookTicker`, `{"u":${updateId},"s":"${this.info.symbol}",${touch}}`);
  }

  #tellDepth(emit: Emit | null): void {
    const changes = this.#model.ladder.takeChanges();
    const { updateId } = this.#model.ladder;
    for (const tick of changes) this.#slowTicks.add(tick);
    if (emit !== null && updateId > this.#told.fast) {
      emit(`${this.#stream}@depth@100ms`, this.#diff(this.#told.fast, changes));
    }
    this.#told.fast = updateId;
    if (this.#time % SLOW_DIFF_EVERY_MS !== 0) return;
    if (emit !== null && updateId > this.#told.slow) {
      emit(`${this.#stream}@depth`, this.#diff(this.#told.slow, [...this.#slowTicks]));
    }
    this.#told.slow = updateId;
    this.#slowTicks.clear();
  }

  /** Absolute quantities of ticks that changed; an emptied one is told on the side it left. */
  #diff(afterId: number, ticks: readonly number[]): string {
    const { ladder } = this.#model;
    const bids: string[] = [];
    const asks: string[] = [];
    for (const tick of ticks) {
      const [price, quantity] = this.#level(tick);
      const text = `["${price}","${quantity}"]`;
      const steps = ladder.at(tick);
      // A tick may have changed sides since it was last told: the other side loses it.
      const gone = `["${price}","0.00000000"]`;
      if (steps >= 0) bids.push(text);
      if (steps <= 0) asks.push(text);
      if (steps > 0) asks.push(gone);
      if (steps < 0) bids.push(gone);
    }
    return `{"e":"depthUpdate","E":${this.#time},"s":"${this.info.symbol}","U":${
      afterId + 1
    },"u":${ladder.updateId},"b":[${bids.join(",")}],"a":[${asks.join(",")}]}`;
  }

  #level(tick: number): readonly [price: string, quantity: string] {
    const { tickUnits, stepUnits } = this.#parameters;
    const steps = Math.abs(this.#model.ladder.at(tick));
    return [wireText(tick * tickUnits), wireText(steps * stepUnits)];
  }
}
