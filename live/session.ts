import { batch, type Signal, signal } from "@preact/signals";
import {
  type CandlesFrame,
  candlesKindOf,
  type Frame,
  isCandlesFrame,
  type StatusFrame,
} from "../bus/messages.ts";
import { type Interval, INTERVALS } from "../market/interval.ts";
import type { Instrument } from "../market/instrument.ts";
import type { Trade } from "../market/types.ts";
import { type ApiGet, apiGet } from "./api.ts";
import { BookStore } from "./book_store.ts";
import { CandleHistory } from "./candle_history.ts";
import { CandleStore, type StoredCandle } from "./candle_store.ts";
import { ExchangeClock } from "./exchange_clock.ts";
import { Feed, type LinkState } from "./feed.ts";
import { GapList } from "./gap_list.ts";
import { HeatStore, type TileRequest } from "./heat_store.ts";
import { TapeStore } from "./tape_store.ts";
import { topicsOf } from "./topics.ts";
import { WallHistory } from "./wall_history.ts";
import { WallStore } from "./wall_store.ts";

export interface Link {
  readonly state: LinkState;
  readonly retryMs: number | null;
}

/** What the session needs of the browser, apart from its websocket. */
export interface SessionParts {
  readonly get?: ApiGet;
  /** Begins the page anew. */
  readonly reload?: () => void;
  readonly interval?: Interval;
}

export interface LastPrice {
  readonly ticks: number;
  readonly rising: boolean;
}

/** Everything the page holds of one symbol: plain data, and signals for what people read. */
export class Session {
  /** Rises whenever there is something new to draw. */
  readonly version: Signal<number> = signal(0);
  readonly status: Signal<StatusFrame | null> = signal(null);
  readonly link: Signal<Link> = signal({ state: "connecting", retryMs: null });
  readonly lastPrice: Signal<LastPrice | null> = signal(null);
  readonly problem: Signal<string | null> = signal(null);
  /** Length of the candles. */
  readonly interval: Signal<Interval>;
  /** What a row must hold to be a wall. */
  readonly wallThresholdLots: Signal<number | null> = signal(null);
  readonly book = new BookStore();
  readonly walls = new WallStore();
  readonly #symbol: string;
  readonly #get: ApiGet;
  #candles = new CandleStore();
  readonly #tape = new TapeStore();
  readonly #clock = new ExchangeClock();
  readonly #end = new AbortController();
  #history: CandleHistory;
  /** Ends what is asked for candles of one interval. */
  #intervalEnd = new AbortController();
  readonly #heat: HeatStore;
  readonly #wallHistory: WallHistory;
  readonly #gaps: GapList;
  readonly #feed: Feed;

  constructor(
    symbol: string,
    streamUrl: string,
    { get = apiGet, reload = () => location.reload(), interval = "1m" }: SessionParts = {},
  ) {
    this.#symbol = symbol;
    this.#get = get;
    this.interval = signal(interval);
    const changed = () => this.#changed();
    this.#history = this.#historyOf(this.#candles);
    this.#heat = new HeatStore(symbol, get, changed, this.#end.signal);
    this.#gaps = new GapList(symbol, get, changed, this.#end.signal);
    this.#wallHistory = new WallHistory(symbol, this.walls, get, changed, this.#end.signal);
    this.#feed = new Feed(streamUrl, topicsOf(symbol, interval), {
      frame: (frame) => batch(() => this.#apply(frame)),
      link: (state, retryMs) => this.#linked({ state, retryMs }),
      problem: (message) => this.problem.value = message,
      // The other run may record another feed: nothing held here is known to belong to it.
      restarted: reload,
    });
  }

  get instrument(): Instrument | null {
    return this.status.peek()?.instrument ?? null;
  }

  get intervalMs(): number {
    return INTERVALS[this.interval.peek()];
  }

  /** Shows candles of another length; the order book and the heatmap stay. */
  setInterval(interval: Interval): void {
    const before = this.interval.peek();
    if (interval === before) return;
    this.interval.value = interval;
    this.#intervalEnd.abort();
    this.#intervalEnd = new AbortController();
    const { baseGroup } = this.#candles;
    this.#candles = new CandleStore();
    this.#candles.baseGroup = baseGroup;
    this.#history = this.#historyOf(this.#candles);
    this.#feed.replaceTopic(
      `${candlesKindOf(before)}/${this.#symbol}`,
      `${candlesKindOf(interval)}/${this.#symbol}`,
    );
    this.#changed();
  }

  get baseGroup(): number | null {
    return this.#candles.baseGroup;
  }

  get candles(): readonly StoredCandle[] {
    return this.#candles.candles;
  }

  get tape(): readonly Trade[] {
    return this.#tape.trades;
  }

  get heatEnd(): number | null {
    return this.#heat.end;
  }

  now(): number | null {
    return this.#clock.now(performance.now());
  }

  heatTiles(request: TileRequest) {
    const { instrument } = this;
    return instrument === null ? [] : this.#heat.tiles(request, instrument);
  }

  wantCandles(from: number, to: number, groupTicks: number): void {
    const { instrument } = this;
    const now = this.now();
    if (instrument === null || now === null) return;
    this.#history.want(instrument, from, Math.min(to, now), groupTicks, performance.now());
  }

  get gaps() {
    return this.#gaps.gaps;
  }

  wantGaps(from: number, to: number): void {
    const status = this.status.peek();
    if (status === null) return;
    const { openGaps, repairedGaps, book } = status;
    this.#gaps.want(from, to, `${openGaps} ${repairedGaps} ${book}`, performance.now());
  }

  wantWalls(from: number, to: number): void {
    const { instrument } = this;
    const now = this.now();
    if (instrument === null || now === null) return;
    this.#wallHistory.want(instrument, from, Math.min(to, now), performance.now());
  }

  close(): void {
    this.#end.abort();
    this.#intervalEnd.abort();
    this.#feed.close();
  }

  #historyOf(candles: CandleStore): CandleHistory {
    const series = { symbol: this.#symbol, interval: this.interval.peek() };
    const { signal } = this.#intervalEnd;
    return new CandleHistory(series, candles, this.#get, () => this.#changed(), signal);
  }

  #apply(frame: Frame): void {
    if (isCandlesFrame(frame)) this.#applyCandles(frame);
    else this.#applyOther(frame);
    this.#changed();
  }

  #applyOther(frame: Exclude<Frame, CandlesFrame>): void {
    switch (frame.type) {
      case "status":
        this.status.value = frame;
        this.#candles.baseGroup = frame.baseGroup;
        if (frame.lastEventTime !== null) this.#observe(frame.lastEventTime);
        break;
      case "book":
        this.book.applyFrame(frame);
        this.#observe(frame.eventTime);
        break;
      case "liquidity":
        if (this.instrument !== null) this.#heat.applyFrame(frame, this.instrument);
        break;
      case "walls":
        if (frame.full && this.walls.version > 0) this.#wallHistory.forgetAll();
        this.walls.applyFrame(frame);
        this.wallThresholdLots.value = frame.thresholdLots;
        break;
      case "trades":
        this.#tape.applyFrame(frame);
        break;
      default:
        frame satisfies never;
    }
  }

  #applyCandles(frame: CandlesFrame): void {
    // One of the interval before may still be on its way.
    if (frame.type !== candlesKindOf(this.interval.peek())) return;
    if (frame.full && this.#candles.candles.length > 0) {
      this.#candles.markAllStale();
      this.#history.forgetAll();
    }
    for (const time of this.#candles.applyFrame(frame)) this.#history.forget(time, time);
    const newest = this.#candles.candles.at(-1);
    if (newest === undefined) return;
    const ticks = newest.close;
    const rising = ticks >= newest.open;
    const last = this.lastPrice.peek();
    if (last?.ticks === ticks && last.rising === rising) return;
    this.lastPrice.value = { ticks, rising };
  }

  #observe(eventTime: number): void {
    this.#clock.observe(eventTime, performance.now());
  }

  #linked(link: Link): void {
    const before = this.link.peek();
    if (before.state === link.state && before.retryMs === link.retryMs) return;
    this.link.value = link;
    if (link.state !== "lost") return;
    this.book.drop();
    this.#changed();
  }

  #changed(): void {
    this.version.value++;
  }
}
