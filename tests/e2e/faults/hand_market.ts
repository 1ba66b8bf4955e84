import type { MarketSource, Publish, RestDepth } from "../../../simulator/source.ts";
import { TextBook } from "../../../simulator/text_book.ts";
import { TradeLog, wireText, wireUnits } from "../../../simulator/trade_log.ts";

export const DEPTH = "btcusdt@depth@100ms";
export const TRADES = "btcusdt@aggTrade";

/** One second before a full minute, so that the trades of a test fill more than one candle. */
const START = 1_700_000_039_000;
const STEP_MS = 100;

/** A market whose every event the test publishes itself, to all exchanges that stand before it. */
export class HandMarket implements MarketSource {
  readonly symbols = [{
    symbol: "BTCUSDT",
    baseAsset: "BTC",
    quoteAsset: "USDT",
    tickSize: "0.01000000",
    stepSize: "0.00001000",
  }];
  /** Exchange time of the newest event. */
  time = START;
  /** `u` of the newest diff. */
  updateId = 100;
  /** Id of the newest aggTrade. */
  tradeId = 1000;
  /** Given once each by /depth, before the book of the moment is given again. */
  readonly oldDepths: RestDepth[] = [];
  /** A diff follows every snapshot, as in a market that goes on: without one no book begins. */
  goesOn = true;
  readonly #log = new TradeLog(100_000);
  readonly #unlogged: Parameters<TradeLog["add"]>[] = [];
  readonly #book = new TextBook();
  readonly #publishers: Publish[] = [];
  #given = 0;
  #nextGiven = Promise.withResolvers<void>();

  constructor() {
    // The outermost levels never change: every snapshot covers the same prices.
    this.#book.applySnapshot({
      lastUpdateId: this.updateId,
      bids: [["59000.00000000", "9.00000000"]],
      asks: [["61000.00000000", "9.00000000"]],
    });
  }

  now(): number {
    return this.time;
  }

  depth(_symbol = "BTCUSDT", limit = 5000): Promise<RestDepth> {
    const depth = this.oldDepths.shift() ?? this.snapshot(limit);
    if (this.goesOn) void this.diff();
    this.#given++;
    this.#nextGiven.resolve();
    this.#nextGiven = Promise.withResolvers();
    return Promise.resolve(depth);
  }

  /** Resolves when so many snapshots have been given in all. */
  async given(count: number): Promise<void> {
    while (this.#given < count) await this.#nextGiven.promise;
  }

  /** The book of this moment. */
  snapshot(limit = 5000): RestDepth {
    return this.#book.depth(limit);
  }

  trades(): TradeLog {
    return this.#log;
  }

  run(publish: Publish): Promise<void> {
    this.#publishers.push(publish);
    return new Promise(() => {});
  }

  /** The next diff: a bid, and an ask that every third diff takes away. @returns its time */
  async diff(): Promise<number> {
    this.time += STEP_MS;
    const [U, u] = [this.updateId + 1, this.updateId + 2];
    this.updateId = u;
    const b = [[wireText(wireUnits("59900") + u % 50 * 1e8), `${u % 9 + 1}.00000000`]] as const;
    const left = u % 3 === 0 ? "0.00000000" : `${u % 7 + 1}.00000000`;
    const a = [[wireText(wireUnits("60050") + u % 40 * 1e8), left]] as const;
    this.#book.applyDiff(u, b, a);
    await this.#publish(DEPTH, { e: "depthUpdate", E: this.time, s: "BTCUSDT", U, u, b, a });
    return this.time;
  }

  /** The next aggTrade. @param inRest false: REST does not have it (yet) @returns its time */
  async trade({ inRest = true } = {}): Promise<number> {
    this.time += STEP_MS;
    const a = ++this.tradeId;
    const price = wireUnits("60000") + a * 13 % 20 * 1e6;
    const quantity = (a % 5 + 1) * 1e8;
    const isBuyerMaker = a % 3 === 0;
    const record: Parameters<TradeLog["add"]> = [
      ...[a, price, quantity, a, a, this.time] as const,
      isBuyerMaker,
    ];
    if (inRest) this.#log.add(...record);
    else this.#unlogged.push(record);
    await this.#publish(TRADES, {
      ...{ e: "aggTrade", E: this.time + 1, s: "BTCUSDT", a, f: a, l: a, T: this.time },
      ...{ p: wireText(price), q: wireText(quantity), m: isBuyerMaker, M: true },
    });
    return this.time;
  }

  /** REST has the trades that it did not have. */
  logLate(): void {
    for (const record of this.#unlogged.splice(0)) this.#log.add(...record);
  }

  /** So many diffs and trades in turn. */
  async both(count: number): Promise<void> {
    for (let i = 0; i < count; i++) {
      await this.diff();
      await this.trade();
    }
  }

  async #publish(stream: string, event: unknown): Promise<void> {
    const text = JSON.stringify(event);
    for (const publish of this.#publishers) await publish(stream, text);
  }
}
