import { errorText } from "../bus/error_text.ts";
import type { Link } from "../bus/link.ts";
import type {
  EventBatch,
  FeedNoticeEvent,
  FeedState,
  MarketEvent,
  ProcessorToCollector,
  ProcessorToWeb,
  Topic,
  TopicKind,
  WebToProcessor,
} from "../bus/messages.ts";
import type {
  GapsAnswer,
  GapsQuery,
  HistoryHealth,
  Query,
  WallsAnswer,
  WallsQuery,
} from "../bus/queries.ts";
import { answerHeatmap } from "./heatmap_answer.ts";
import { History } from "./history.ts";
import type { HistoryStorage } from "./history_storage.ts";
import { QueryError } from "../bus/query_error.ts";
import type { Instrument } from "../market/instrument.ts";
import type { WallOptions } from "../market/wall.ts";
import { answerCandles } from "./candles_answer.ts";
import { answerProfile } from "./profile_answer.ts";
import { answerBook, answerGaps, answerHealth, answerSymbol, instrumentOf } from "./query.ts";
import type { OpenHistoryOptions } from "./store/open_history.ts";
import { SymbolState } from "./symbol_state.ts";
import { SymbolTopics } from "./symbol_topics.ts";
import type { FeedContext } from "./topics/topic.ts";
import { MAX_WALLS_AN_ANSWER, wallsAnswer } from "./walls_answer.ts";

/** Notices kept for people who open the page later. */
const MAX_NOTICES = 50;

export interface ProcessorOptions {
  readonly walls?: Partial<WallOptions>;
  /** Size of the rows on which a symbol's liquidity is kept, as decimal text. */
  readonly rows?: Readonly<Record<string, string>>;
}

/** Opens the history in a data folder. */
export type OpenStorage = (options: OpenHistoryOptions) => Promise<HistoryStorage>;

type RecordMessage = Extract<WebToProcessor, { readonly type: "record" }>;

const NO_HISTORY: HistoryHealth = { state: "off", message: "Nothing is recorded", storage: null };

interface SymbolEntry {
  readonly state: SymbolState;
  readonly topics: SymbolTopics;
}

/** Order books, candles and live liquidity of all symbols; answers questions about them. */
export class Processor {
  readonly #symbols = new Map<string, SymbolEntry>();
  readonly #notices: FeedNoticeEvent[] = [];
  readonly #collector: Link<EventBatch, ProcessorToCollector>;
  #feed: FeedState = { kind: "waiting", message: "Starting", simulated: false };
  readonly #openStorage: OpenStorage | null;
  readonly #options: ProcessorOptions;
  #history: History | null = null;
  #watched = new Set<Topic>();
  #lastSeq = 0;

  /**
   * @param openStorage where a feed's history is kept; without it there is none
   * @param options how the symbols are looked at, where it is not the usual
   */
  constructor(
    symbols: readonly string[],
    collector: Link<EventBatch, ProcessorToCollector>,
    openStorage: OpenStorage | null = null,
    options: ProcessorOptions = {},
  ) {
    this.#options = options;
    this.#collector = collector;
    this.#openStorage = openStorage;
    for (const symbol of symbols) this.#addSymbol(symbol);
    collector.onMessage((batch) => this.#takeBatch(batch));
  }

  /** Connects a web part: it gets frames of what it watches, and answers. */
  serve(web: Link<WebToProcessor, ProcessorToWeb>): void {
    web.onMessage((message) => {
      switch (message.type) {
        case "watch":
          this.#watched = new Set(message.topics);
          return;
        case "feed":
          this.#feed = message.feed;
          for (const { topics } of this.#symbols.values()) topics.statusChanged();
          return;
        case "record":
          return this.#record(message);
        default:
          message satisfies never;
      }
    });
    web.onRequest((question) => this.#answer(question as Query));
  }

  #record({ folder, market, retention }: RecordMessage): void {
    const openStorage = this.#openStorage;
    if (openStorage === null) return;
    const notice = (level: FeedNoticeEvent["level"], message: string) =>
      this.#takeNotice({ type: "feedNotice", level, symbol: null, message, time: Date.now() });
    this.#history = new History({
      retention,
      open: () =>
        openStorage({
          folder,
          market,
          dropTrades: (before) => this.#collector.send({ type: "dropTrades", before }),
          onMessage: (message) => notice("warning", message),
          onLost: (symbol, ...lost) => this.#symbols.get(symbol)?.state.loseHistory(...lost),
        }),
      states: () => [...this.#symbols.values()].map(({ state }) => state),
      notice,
    });
  }

  /** Frames of the watched topics that changed since the last call. */
  takeFrames(): ProcessorToWeb[] {
    const frames: ProcessorToWeb[] = [];
    for (const { state, topics } of this.#symbols.values()) {
      const isWatched = (kind: TopicKind) => this.#watched.has(`${kind}/${state.symbol}`);
      frames.push(...topics.takeFrames(state, this.#context(), isWatched));
    }
    return frames;
  }

  #context(): FeedContext {
    return { feed: this.#feed, notices: this.#notices };
  }

  #takeBatch(batch: EventBatch): void {
    if (batch.seq > this.#lastSeq + 1 && this.#lastSeq > 0) {
      // The collector tells the losses themselves; the jump alone makes every book doubtful.
      for (const { state } of this.#symbols.values()) {
        if (state.book.known !== null) {
          this.#resync(state, `batches ${this.#lastSeq + 1} to ${batch.seq - 1} were dropped`);
        }
      }
    }
    this.#lastSeq = batch.seq;
    for (const event of batch.events) this.#takeEvent(event);
    this.#collector.send({ type: "ack", seq: batch.seq });
  }

  #takeEvent(event: MarketEvent): void {
    if (event.type === "feedNotice") return this.#takeNotice(event);
    const symbol = event.type === "instrument" ? event.instrument.symbol : event.symbol;
    const { state } = this.#symbols.get(symbol) ?? this.#addSymbol(symbol);
    switch (event.type) {
      case "instrument":
        return this.#setInstrument(state, event.instrument);
      case "trade":
        return state.addTrade(event.trade);
      case "depthSnapshot":
        return state.applySnapshot(event);
      case "depthDiff":
        return this.#trying(state, () => state.applyDiff(event));
      case "depthWidened":
        return this.#trying(state, () => state.widenBook(event));
      case "bookLost":
        // Diffs that never came here were not applied: the book was right only until its own time.
        return state.loseBook(Math.min(event.eventTime, state.book.eventTime), event.reason);
      case "tradesLost":
        return state.loseTrades(event);
      case "tradesVoid":
        return state.voidTrades(event);
      case "symbolStatus":
        return state.setStatus(event);
      default:
        event satisfies never;
    }
  }

  #setInstrument(state: SymbolState, instrument: Instrument): void {
    try {
      state.setInstrument(instrument);
    } catch (error) {
      const message = `Rows of the heatmap are chosen by the price, not as asked: ${
        errorText(error)
      }`;
      const { symbol } = state;
      this.#takeNotice({ type: "feedNotice", level: "warning", symbol, message, time: Date.now() });
    }
  }

  #takeNotice(notice: FeedNoticeEvent): void {
    this.#notices.push(notice);
    if (this.#notices.length > MAX_NOTICES) this.#notices.shift();
    for (const { topics } of this.#symbols.values()) topics.statusChanged();
  }

  /** A change that shows the book to be wrong begins it anew. */
  #trying(state: SymbolState, change: () => void): void {
    try {
      change();
    } catch (error) {
      this.#resync(state, errorText(error));
    }
  }

  #resync(state: SymbolState, reason: string): void {
    state.loseBook(state.book.eventTime, reason);
    this.#collector.send({ type: "resync", symbol: state.symbol, reason });
  }

  #answer(query: Query): unknown {
    switch (query.type) {
      case "candles":
        return this.#held(answerCandles(this.#entry(query.symbol).state, query, this.#history));
      case "book":
        return answerBook(this.#entry(query.symbol).state, query);
      case "heatmap":
        return this.#held(answerHeatmap(this.#entry(query.symbol).state, query, this.#history));
      case "gaps":
        return this.#gaps(query);
      case "health": {
        const symbols = [...this.#symbols.values()].map(({ state }) => answerHealth(state));
        const history = this.#history?.health ?? NO_HISTORY;
        return { feed: this.#feed, history, symbols };
      }
      case "symbols":
        return [...this.#symbols.values()].map(({ state }) => answerSymbol(state))
          .filter((answer) => answer !== null);
      case "topic":
        return this.#fullFrame(query.topic);
      case "profile":
        return this.#held(answerProfile(this.#entry(query.symbol).state, query, this.#history));
      case "walls":
        return this.#held(this.#walls(query));
      case "finish":
        return this.#history?.close() ?? null;
      default:
        query satisfies never;
        throw new QueryError("bad_request", `No such question: ${JSON.stringify(query)}`);
    }
  }

  #held<T>(answer: Promise<T>): Promise<T> {
    return this.#history?.hold(answer) ?? answer;
  }

  #gaps(query: GapsQuery): GapsAnswer | Promise<GapsAnswer> {
    const answer = () => answerGaps(this.#entry(query.symbol).state, query);
    return this.#history === null ? answer() : this.#history.recorded().then(answer);
  }

  async #walls({ symbol, from, to }: WallsQuery): Promise<WallsAnswer> {
    const { state } = this.#entry(symbol);
    const instrument = instrumentOf(state);
    const limit = MAX_WALLS_AN_ANSWER + 1;
    const recorded = await this.#history?.recorded();
    const older = await recorded?.walls.read(symbol, from, to, limit) ?? [];
    return wallsAnswer(instrument, older, state.walls.between(from, to));
  }

  #fullFrame(topic: string): ProcessorToWeb {
    const [kind, symbol] = topic.split("/");
    const { state, topics } = this.#entry(symbol);
    return topics.fullFrame(kind as TopicKind, state, this.#context());
  }

  #entry(symbol: string): SymbolEntry {
    const entry = this.#symbols.get(symbol);
    if (entry !== undefined) return entry;
    const recorded = [...this.#symbols.keys()].join(", ");
    throw new QueryError("not_found", `symbol "${symbol}" is not recorded, only ${recorded}`);
  }

  #addSymbol(symbol: string): SymbolEntry {
    const topics = new SymbolTopics();
    const { walls, rows = {} } = this.#options;
    const state = new SymbolState(symbol, topics, { walls, rows: rows[symbol] });
    const entry = { state, topics };
    this.#symbols.set(symbol, entry);
    return entry;
  }
}
