import assert from "node:assert/strict";
import type { MarketEvent } from "../../../bus/messages.ts";
import { STREAM_LIMITS, type StreamLimits } from "../../../collector/stream_keeper.ts";
import { type Exchange, startExchange } from "../../../simulator/exchange.ts";
import { HandMarket } from "./hand_market.ts";
import { type Recorder, type RecorderOptions, soon, startRecorder } from "./recorder.ts";

export const DEPTH_PATH = "/api/v3/depth";
export const AGG_TRADES_PATH = "/api/v3/aggTrades";

/** Renewal overlaps briefly; nothing else happens by itself. */
export const BRIEF_OVERLAP: StreamLimits = { ...STREAM_LIMITS, overlapMs: 50 };

/**
 * One market recorded twice at the same time: by `disturbed` over an exchange with the faults of
 * the test, and by `calm` over one without any.
 */
export class TwoRecordings {
  readonly market = new HandMarket();
  readonly exchange: Exchange = startExchange({ source: this.market });
  readonly #calmExchange: Exchange = startExchange({ source: this.market });
  readonly faults = this.exchange.faults;
  readonly disturbed: Recorder;
  readonly calm: Recorder;
  /** Both are connected, and nothing was published yet. */
  readonly connected: Promise<unknown>;

  constructor(options: RecorderOptions = {}) {
    const clients = [this.exchange.nextClient, this.#calmExchange.nextClient];
    this.connected = soon(Promise.all(clients), "nobody connected");
    this.disturbed = startRecorder(this.exchange, options);
    // The same start; but no limit, other clock or fault ever touches it.
    this.calm = startRecorder(this.#calmExchange, { backfillMs: options.backfillMs });
  }

  /** Publishes the first events, until both recorders hold the book of the market. */
  async begin(): Promise<void> {
    await this.connected;
    await this.market.diff();
    await this.bothHaveBook();
    await this.market.both(2);
    await this.bothHaveBook();
    await this.bothHaveTrade();
  }

  async bothHaveBook(): Promise<void> {
    for (const recorder of [this.disturbed, this.calm]) {
      await recorder.until(
        recorder.book,
        (book) => book.knownRange !== null && book.lastUpdateId === this.market.updateId,
      );
    }
  }

  async bothHaveTrade(): Promise<void> {
    await hasTrade(this.disturbed, this.market.tradeId);
    await hasTrade(this.calm, this.market.tradeId);
  }

  /** Frames are published no faster than they are taken by somebody who misses none. */
  async calmHasTrade(): Promise<void> {
    await hasTrade(this.calm, this.market.tradeId);
  }

  /** Waits until both hold the same book and the same candles; else shows what differs. */
  async becomeEqual(): Promise<void> {
    await this.bothHaveBook();
    await this.bothHaveTrade();
    // What the calm one holds is final, once it has the newest trade of the market.
    const held = this.market.trades().length;
    const candles = await this.calm.until(this.calm.candles, (all) => tradesIn(all) >= held);
    await this.disturbed.until(this.disturbed.candles, (all) => tradesIn(all) >= tradesIn(candles))
      .catch(() => {});
    assert.deepEqual(await this.disturbed.candles(), candles);
    let books = await this.#books();
    // A snapshot that was given meanwhile let the market go on by a diff.
    while (books[0].lastUpdateId !== books[1].lastUpdateId) {
      await this.bothHaveBook();
      books = await this.#books();
    }
    assert.deepEqual(books[0], books[1]);
    assert.deepEqual(await this.calm.gaps(), []);
    this.noIdTwice();
  }

  #books() {
    return Promise.all([this.disturbed.book(), this.calm.book()]);
  }

  /** No aggTrade went on more than once. */
  noIdTwice(): void {
    const ids = this.disturbed.events.flatMap((event) =>
      event.type === "trade" ? [event.trade.id] : []
    );
    assert.equal(ids.length, new Set(ids).size, `doubled among ${ids}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.disturbed, this.calm].map((one) => one[Symbol.asyncDispose]()));
    await Promise.all([this.exchange.close(), this.#calmExchange.close()]);
  }
}

async function hasTrade(recorder: Recorder, id: number): Promise<void> {
  await recorder.told((event) => event.type === "trade" && event.trade.id === id);
}

function tradesIn(candles: readonly { readonly trades: number }[]): number {
  return candles.reduce((sum, { trades }) => sum + trades, 0);
}

/** A gap in the book as /api/gaps tells it. */
export function bookGap(from: number, to: number | null, reason: string) {
  return { kind: "book", from, to, reason, repaired: false };
}

/** A gap in the trades between two ids, which was filled. */
export function repairedGap(from: number, to: number, beforeId: number, afterId: number) {
  return { ...openTradesGap(from, to, beforeId, afterId), repaired: true };
}

export function openTradesGap(from: number, to: number, beforeId: number, afterId: number) {
  return {
    ...{ kind: "trades", from, to, repaired: false },
    reason: `aggTrade ${afterId} does not follow ${beforeId}`,
    ...{ fromId: beforeId + 1, toId: afterId - 1 },
  };
}

export function notice(text: RegExp) {
  return (event: MarketEvent) => event.type === "feedNotice" && text.test(event.message);
}

export function status(text: RegExp) {
  return (event: MarketEvent) => event.type === "symbolStatus" && text.test(event.message);
}

/** Waits for the next client, which was asked for before the connection was lost. */
export function reconnected(next: Promise<void>): Promise<void> {
  return soon(next, "the connection was not made again");
}

/** Resolves when a REST path is called for the next time. */
export function restCalled({ faults }: Exchange, path: string): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  faults.onRestCall = (called) => {
    if (called !== path) return;
    faults.onRestCall = null;
    resolve();
  };
  return promise;
}
