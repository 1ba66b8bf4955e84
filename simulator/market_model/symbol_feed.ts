import type { RestDepth, SymbolInfo, TextLevels } from "../source.ts";
import { TradeLog, wireText } from "../trade_log.ts";
import { firstIds } from "./first_ids.ts";
import { type Instrument, instrumentOf } from "./instrument.ts";
import type { LargeOrderCounts } from "./large_orders.ts";
import { LevelChanges, type Side } from "./level_changes.ts";
import { SymbolMarket } from "./symbol_market.ts";

/** An event as text, for a stream. */
export type Emit = (stream: string, data: string) => void;

/** 26 hours of a busy day; the log's memory then is full at 2 ** 21 rows. */
const MAX_TRADES = 2 ** 21;
const DEPTH_STREAMS = [
  { name: "@depth@100ms", everyMs: 100 },
  { name: "@depth", everyMs: 1000 },
];

/** What has become of the orders that make a market look like one. */
export interface MarketCounts extends LargeOrderCounts {
  icebergRefills: number;
}

/** One simulated market in the words of the exchange. */
export class SymbolFeed {
  readonly trades = new TradeLog(MAX_TRADES);
  readonly #instrument: Instrument;
  readonly #market: SymbolMarket;
  readonly #stream: string;
  #aggId: number;
  #tradeId: number;
  #emit: Emit | null = null;
  #depthStreams: { name: string; everyMs: number; changes: LevelChanges }[] = [];
  /** Best prices and quantities as told last. */
  #told = { bid: 0, bidSteps: 0, ask: 0, askSteps: 0 };

  constructor(symbol: string, seed: number, startTime: number) {
    this.#instrument = instrumentOf(symbol);
    this.#stream = symbol.toLowerCase();
    const ids = firstIds(startTime);
    this.#aggId = ids.aggTrade;
    this.#tradeId = ids.trade;
    this.#market = new SymbolMarket(
      this.#instrument,
      seed,
      startTime,
      (side, tick, steps, fills, time) => this.#addTrade(side, tick, steps, fills, time),
      () => this.#tellTouch(),
    );
  }

  get info(): SymbolInfo {
    return this.#instrument.info;
  }

  get time(): number {
    return this.#market.time;
  }

  get counts(): MarketCounts {
    return { ...this.#market.largeOrders, icebergRefills: this.#market.book.refills };
  }

  /** From now on events are told; what was before is history. */
  listen(emit: Emit): void {
    const { book } = this.#market;
    this.#emit = emit;
    this.#depthStreams = DEPTH_STREAMS.map((stream) => ({
      ...stream,
      changes: new LevelChanges(book.updateId),
    }));
    book.watchers.splice(0, Infinity, ...this.#depthStreams.map(({ changes }) => changes));
  }

  step(): void {
    this.#market.step();
    for (const { name, everyMs, changes } of this.#depthStreams) {
      if (this.time % everyMs === 0) this.#tellDepth(name, changes);
    }
  }

  depth(limit: number): RestDepth {
    const { book } = this.#market;
    const side = (side: Side): TextLevels =>
      book.levels(side, limit).map((tick) => [this.#price(tick), this.#rest(side, tick)]);
    return { lastUpdateId: book.updateId, bids: side(1), asks: side(-1) };
  }

  #addTrade(side: Side, tick: number, steps: number, fills: number, time: number): void {
    const { tickUnits, stepUnits, info } = this.#instrument;
    const id = this.#aggId++;
    const first = this.#tradeId;
    this.#tradeId += fills;
    const last = this.#tradeId - 1;
    const isBuyerMaker = side === -1;
    this.trades.add(id, tick * tickUnits, steps * stepUnits, first, last, time, isBuyerMaker);
    this.#emit?.(
      `${this.#stream}@aggTrade`,
      `{"e":"aggTrade","E":${time},"s":"${info.symbol}","a":${id},"p":"${this.#price(tick)}",` +
        `"q":"${wireText(steps * stepUnits)}","f":${first},"l":${last},"T":${time},` +
        `"m":${isBuyerMaker},"M":true}`,
    );
  }

  #tellTouch(): void {
    if (this.#emit === null) return;
    const { book } = this.#market;
    const { bestBid: bid, bestAsk: ask } = book;
    const bidSteps = book.stepsAt(1, bid);
    const askSteps = book.stepsAt(-1, ask);
    const told = this.#told;
    if (bid === told.bid && ask === told.ask) {
      if (bidSteps === told.bidSteps && askSteps === told.askSteps) return;
    }
    this.#told = { bid, bidSteps, ask, askSteps };
    this.#emit(
      `${this.#stream}@bookTicker`,
      `{"u":${book.updateId},"s":"${this.info.symbol}","b":"${this.#price(bid)}",` +
        `"B":"${this.#rest(1, bid)}","a":"${this.#price(ask)}","A":"${this.#rest(-1, ask)}"}`,
    );
  }

  #tellDepth(name: string, changes: LevelChanges): void {
    const { book } = this.#market;
    const taken = changes.take(book.updateId);
    if (taken === null) return;
    const texts = (side: Side, ticks: readonly number[]) =>
      ticks.map((tick) => `["${this.#price(tick)}","${this.#rest(side, tick)}"]`).join(",");
    this.#emit?.(
      `${this.#stream}${name}`,
      `{"e":"depthUpdate","E":${this.time},"s":"${this.info.symbol}","U":${taken.firstId},` +
        `"u":${book.updateId},"b":[${texts(1, taken.bids)}],"a":[${texts(-1, taken.asks)}]}`,
    );
  }

  #price(tick: number): string {
    return wireText(tick * this.#instrument.tickUnits);
  }

  #rest(side: Side, tick: number): string {
    return wireText(this.#market.book.stepsAt(side, tick) * this.#instrument.stepUnits);
  }
}
