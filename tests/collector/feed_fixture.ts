import type { Link } from "../../bus/link.ts";
import type {
  EventBatch,
  MarketEvent,
  ProcessorToCollector,
  ProcessorToWeb,
  WebToProcessor,
} from "../../bus/messages.ts";
import type { BookAnswer, CandlesAnswer, GapsAnswer, SymbolHealth } from "../../bus/queries.ts";
import { ArchiveClient } from "../../collector/archive_client.ts";
import type { FromArchive, ToArchive } from "../../collector/archive/messages.ts";
import type { ExchangeRest } from "../../collector/exchange_adapter.ts";
import { SymbolFeed } from "../../collector/symbol_feed.ts";
import type { Instrument } from "../../market/instrument.ts";
import { parseScale } from "../../market/scale.ts";
import type { DepthSnapshot, MarketKind } from "../../market/types.ts";
import { Processor } from "../../processor/processor.ts";
import { TrueMarket } from "./true_market.ts";

const SYMBOL = "BTCUSDT";
const ALWAYS = { symbol: SYMBOL, from: 0, to: 1e15 };
/** Trades an answer of REST holds. */
const PAGE = 3;

export interface FeedSetup {
  readonly market: MarketKind;
  /** Levels a side of each snapshot; prices beyond are unknown. */
  readonly levels: number;
  /** Earlier trades are fetched as well. */
  readonly backfills: boolean;
  /** REST leaves every fifth trade out, whatever is asked. */
  readonly withholds: boolean;
  /** Ids that REST declares to be no trades; the stream leaves them out. */
  readonly isVoid?: (id: number) => boolean;
}

/** Ids that REST never tells; never two in a row, so that what follows one is always to be had. */
export function isWithheld(id: number): boolean {
  return id % 5 === 2;
}

/** A feed and a processor in this thread; snapshots come when the test lets them. */
export function feedInto(
  { market, levels, backfills, withholds, isVoid = () => false }: FeedSetup,
) {
  const truth = new TrueMarket(market);
  const instrument: Instrument = {
    symbol: SYMBOL,
    market,
    priceScale: parseScale("1"),
    qtyScale: parseScale("1"),
    stepSize: 1,
    baseAsset: "BTC",
    quoteAsset: "USDT",
  };
  let asked: PromiseWithResolvers<DepthSnapshot> | null = null;
  const rest: ExchangeRest = {
    onDepthBody: null,
    time: () => Promise.resolve(truth.time),
    instrument: () => Promise.resolve(instrument),
    newestAggTrade: () => Promise.resolve(null),
    firstAggTradeId: () => Promise.resolve(1),
    aggTradesFrom: (_, fromId) => {
      const told = truth.trades.filter(({ id }) => id >= fromId && !(withholds && isWithheld(id)));
      const records = told.map((trade) => ({
        id: trade.id,
        trade: isVoid(trade.id) ? null : trade,
      }));
      return Promise.resolve(records.slice(0, PAGE));
    },
    depth: () => {
      asked = Promise.withResolvers<DepthSnapshot>();
      return asked.promise;
    },
  };
  const emitted: number[] = [];
  /** What was wrong with the book after an event; an error thrown there might be swallowed. */
  const faults: string[] = [];
  let take = (_batch: EventBatch) => {};
  let answer = (_question: unknown): unknown => null;
  const none = { request: () => Promise.resolve(null), close: () => {} };
  const collectorLink: Link<EventBatch, ProcessorToCollector> = {
    ...none,
    onMessage: (handler) => void (take = handler),
    onRequest: () => {},
    send: (message) => {
      if (message.type !== "resync") return;
      // It looks again for safety; what the collector lets through should stand that.
      faults.push(`the processor refuses the book: ${message.reason}`);
      feed.streamLost(message.reason);
    },
  };
  const webLink: Link<WebToProcessor, ProcessorToWeb> = {
    ...none,
    onMessage: () => {},
    onRequest: (handler) => void (answer = handler),
    send: () => {},
  };
  const archive = emptyArchive();
  const processor = new Processor([SYMBOL], collectorLink);
  processor.serve(webLink);
  const ask = <Answer>(question: unknown) => answer(question) as Answer;
  const book = () => ask<BookAnswer>({ type: "book", symbol: SYMBOL, levels: 1000, group: null });

  let [seq, now] = [0, 0];
  const emit = (event: MarketEvent) => {
    take({ type: "events", seq: ++seq, events: [event] });
    if (event.type === "trade") emitted.push(event.trade.id);
    const fault = faultOf(book(), truth);
    if (fault !== null) faults.push(`after ${event.type}: ${fault}`);
  };
  emit({ type: "instrument", instrument });
  const stop = new AbortController();
  const feed = new SymbolFeed({
    instrument,
    rest,
    emit,
    notice: () => {},
    backfillMs: backfills ? 1e12 : 0,
    archive: archive.client,
    archivedUntil: null,
    room: () => Promise.resolve(),
    signal: stop.signal,
    // So late that no snapshot is ever too soon after another one, and every third may be wider.
    now: () => now += 20_000,
  });
  return {
    truth,
    feed,
    emitted,
    faults,
    book,
    gaps: () => ask<GapsAnswer>({ type: "gaps", ...ALWAYS }).gaps,
    candles: async () => {
      const query = { type: "candles", interval: "1m", group: null, cvd: "day", ...ALWAYS };
      return (await ask<Promise<CandlesAnswer>>(query)).candles;
    },
    health: () => ask<{ symbols: SymbolHealth[] }>({ type: "health" }).symbols[0],
    /** Answers the snapshot that was asked for, if one was, as the book was so many updates ago. */
    async answerDepth(updatesAgo: number): Promise<void> {
      asked?.resolve(truth.snapshot(updatesAgo, levels));
      asked = null;
      await settled();
    },
    /** What the archive was given, and what it was told to be missing; ends everything. */
    stop() {
      stop.abort();
      archive.client.flush();
      return archive;
    },
  };
}

/** The collector's end of an archive that holds nothing yet. */
function emptyArchive() {
  const ids: number[] = [];
  const missing: { readonly fromId: number; readonly toId: number; readonly reason: string }[] = [];
  const link: Link<FromArchive, ToArchive> = {
    send: (message) => {
      if (message.type === "gap") missing.push(message.note);
      if (message.type === "trades") ids.push(...message.trades.map(({ id }) => id));
    },
    request: () => Promise.resolve(null),
    onMessage: () => {},
    onRequest: () => {},
    close: () => {},
  };
  const client = new ArchiveClient(link, { onLost: () => {}, onMessage: () => {} });
  return { client, ids, missing };
}

/** How a book that is claimed to be known differs from the true one, or null. */
function faultOf(book: BookAnswer, truth: TrueMarket): string | null {
  if (book.knownRange === null) return null;
  const { lastUpdateId } = book;
  const [low, high] = book.knownRange;
  const expected = truth.bookAt(lastUpdateId);
  if (expected === undefined) return `there never was a book at update ${lastUpdateId}`;
  for (const side of ["bids", "asks"] as const) {
    const held = new Map(book[side]);
    // Beyond the known range levels may lack, but none may be wrong.
    for (const [price, lots] of held) {
      if (expected[side].get(price) === lots) continue;
      return `${side} at ${lastUpdateId} hold ${lots} at ${price}, not ${
        expected[side].get(price)
      }`;
    }
    for (const [price, lots] of expected[side]) {
      if (price < low || price > high || held.has(price)) continue;
      return `${side} at ${lastUpdateId} lack ${lots} at ${price} in ${low} to ${high}`;
    }
  }
  return null;
}

/** What promises of the feed have to do is done. */
export async function settled(): Promise<void> {
  for (let i = 0; i < 30; i++) await Promise.resolve();
}
