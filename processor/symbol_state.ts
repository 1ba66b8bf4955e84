import type {
  DepthDiffEvent,
  DepthSnapshotEvent,
  DepthWidenedEvent,
  SymbolStatusEvent,
  TradesLostEvent,
  TradesVoidEvent,
} from "../bus/messages.ts";
import { errorText } from "../bus/error_text.ts";
import { CandleSeries } from "../market/candle_series.ts";
import { baseGroupTicks, type Instrument } from "../market/instrument.ts";
import { MINUTE_MS } from "../market/interval.ts";
import { type LiquidityBin, LiquidityBinner } from "../market/liquidity.ts";
import { type LevelChange, OrderBook } from "../market/order_book.ts";
import { toUnits } from "../market/scale.ts";
import type { Side, Trade } from "../market/types.ts";
import type { WallOptions } from "../market/wall.ts";
import { type Gap, GapLedger } from "./gap_ledger.ts";
import { LiquidityMemory } from "./liquidity_memory.ts";
import { Walls } from "./walls.ts";

/** Length of a live liquidity column. */
export const LIVE_BIN_MS = 250;
const LIVE_HISTORY_MS = 2 * 3_600_000;
const KEYFRAME_EVERY_BINS = 240;
/** Closed candles held in memory: a day of minutes. */
const MAX_CANDLES = 1440;

const WALL_TRADES_MS = 60_000;

/** How a symbol is looked at, where it is not the usual. */
export interface SymbolOptions {
  readonly walls?: Partial<WallOptions>;
  /** Size of the rows on which liquidity is kept, as decimal text. */
  readonly rows?: string;
}

/** Told of what changes, so that live frames carry just that. */
export interface SymbolChanges {
  tradeAdded(openTime: number, trade: Trade): void;
  /** A candle has the same trades, but it may be complete now. */
  candleJudged(openTime: number): void;
  bookReset(): void;
  levelChanged(side: Side, priceTicks: number, lots: number): void;
  columnClosed(bin: LiquidityBin): void;
  statusChanged(): void;
}

/** Everything the processor holds of one symbol. */
export class SymbolState {
  readonly symbol: string;
  /** Null until the exchange has told its scales. */
  instrument: Instrument | null = null;
  readonly candles = new CandleSeries(MINUTE_MS, MAX_CANDLES);
  readonly book = new OrderBook();
  readonly gaps = new GapLedger();
  readonly walls: Walls;
  readonly liquidity = new LiquidityMemory(LIVE_BIN_MS, LIVE_HISTORY_MS / LIVE_BIN_MS);
  status: SymbolStatusEvent | null = null;
  lastEventTime: number | null = null;
  recordedSince: number | null = null;
  readonly #changes: SymbolChanges;
  readonly #rows: string | null;
  #rowTicks: number | null = null;
  #binner: LiquidityBinner | null = null;
  #binsSinceKeyframe = 0;
  #newestTradeTime = 0;

  constructor(symbol: string, changes: SymbolChanges, options: SymbolOptions = {}) {
    this.symbol = symbol;
    this.walls = new Walls(options.walls);
    this.#rows = options.rows ?? null;
    this.#changes = changes;
  }

  /** Size of the rows on which liquidity is kept, in ticks; null before the first snapshot. */
  get baseTicks(): number | null {
    return this.#binner?.groupTicks ?? null;
  }

  get bookState(): "synced" | "syncing" | "unknown" {
    if (this.book.known !== null) return "synced";
    return this.status?.connected ? "syncing" : "unknown";
  }

  /** @throws RangeError when its ticks cannot make up the rows that were asked for; others serve */
  setInstrument(instrument: Instrument): void {
    this.instrument = instrument;
    this.#rowTicks = null;
    this.#changes.statusChanged();
    if (this.#rows !== null) this.#rowTicks = toUnits(instrument.priceScale, this.#rows);
  }

  addTrade(trade: Trade): void {
    const openTime = this.candles.add(trade);
    if (openTime === null) return;
    this.recordedSince = Math.min(this.recordedSince ?? Infinity, trade.tradeTime);
    this.lastEventTime = Math.max(this.lastEventTime ?? 0, trade.tradeTime);
    const openBefore = this.gaps.open;
    if (openBefore > 0) {
      this.gaps.noteTrade(trade.id, trade.tradeTime, (from, to) => this.candles.holds(from, to));
      if (this.gaps.open !== openBefore) this.#changes.statusChanged();
    }
    this.#newestTradeTime = Math.max(this.#newestTradeTime, trade.tradeTime);
    // Trades that are fetched back hours later say nothing about walls of this moment.
    if (trade.tradeTime > this.#newestTradeTime - WALL_TRADES_MS) this.walls.addTrade(trade);
    this.#changes.tradeAdded(openTime, trade);
  }

  /** What an earlier run lacked, and until when it knew the book. */
  restoreGaps(older: readonly Gap[], bookUntil: number | null): void {
    this.gaps.restore(older, bookUntil, (from, to) => this.candles.holds(from, to));
    this.#changes.statusChanged();
  }

  /** Ids that the stream left out; they may be repaired later. */
  loseTrades(event: TradesLostEvent): void {
    this.gaps.addTrades(event, this.#newestTradeTime);
    this.walls.loseTrades(event);
    this.#changes.statusChanged();
  }

  /** Ids that are no trades: a candle that lacked nothing else is complete. */
  voidTrades({ fromId, toId }: TradesVoidEvent): void {
    for (const openTime of this.candles.addVoid(fromId, toId)) this.#changes.candleJudged(openTime);
    this.gaps.noteVoid((from, to) => this.candles.holds(from, to));
    this.#changes.statusChanged();
  }

  applySnapshot({ snapshot, eventTime }: DepthSnapshotEvent): void {
    if (this.book.known !== null) this.loseBook(this.book.eventTime, "a new snapshot replaced it");
    this.book.applySnapshot(snapshot, eventTime);
    if (this.book.known === null) return;
    this.gaps.endBook(eventTime);
    this.#binner ??= new LiquidityBinner(
      LIVE_BIN_MS,
      this.#rowTicks ?? baseGroupTicks(this.book.bids.bestTicks ?? this.book.known[0]),
      (bin) => this.#keepBin(bin),
    );
    this.#binner.begin(this.book, eventTime);
    this.walls.begin(this.book, eventTime, this.#binner.groupTicks);
    this.#changes.bookReset();
    this.#changes.statusChanged();
  }

  /** @throws RangeError when the diff shows that the book is wrong; the book is then unknown. */
  applyDiff({ diff }: DepthDiffEvent): void {
    // After a loss the collector sends a snapshot first; what comes before it is of no use.
    if (this.book.known === null) return;
    const lastTime = this.book.eventTime;
    const changes: Parameters<LevelChange>[] = [];
    try {
      this.book.applyDiff(diff, (...change) => changes.push(change));
      if (this.book.isCrossed) throw new RangeError(crossedMessage(this.book));
    } catch (error) {
      this.loseBook(lastTime, errorText(error));
      throw error;
    }
    // Only a diff that proves the book right proves the time up to it.
    this.#binner?.advance(diff.eventTime);
    for (const [side, ticks, before, after] of changes) {
      this.#binner?.change(side, ticks, after - before, diff.eventTime);
      this.#changes.levelChanged(side, ticks, after);
    }
    // A diff that was applied before changes nothing.
    if (diff.lastUpdateId === this.book.lastUpdateId) {
      this.walls.apply(this.book, diff.eventTime, changes);
    }
    this.lastEventTime = Math.max(this.lastEventTime ?? 0, diff.eventTime);
  }

  /** @throws RangeError when the wider snapshot contradicts the book, which is then unknown. */
  widenBook({ snapshot, range, eventTime }: DepthWidenedEvent): void {
    // Lost meanwhile, or not yet there: the next snapshot begins anew.
    if (this.book.known === null || snapshot.lastUpdateId !== this.book.lastUpdateId) return;
    this.#binner?.advance(eventTime);
    const changes: Parameters<LevelChange>[] = [];
    const contradiction = this.book.widen(snapshot, range, (side, ticks, before, after) => {
      changes.push([side, ticks, before, after]);
      this.#binner?.change(side, ticks, after - before, eventTime);
      this.#changes.levelChanged(side, ticks, after);
    });
    if (contradiction === null) {
      this.#binner?.widen(this.book.known);
      this.walls.apply(this.book, eventTime, changes);
      return;
    }
    const reason =
      `the book at update ${snapshot.lastUpdateId} contradicts a snapshot at ${contradiction} ticks`;
    this.loseBook(eventTime, reason);
    throw new RangeError(reason);
  }

  /** The book is unknown from `eventTime`, the last moment at which it was right. */
  loseBook(eventTime: number, reason: string): void {
    if (this.book.known === null) return;
    this.gaps.beginBook(eventTime, reason);
    this.#binner?.end(eventTime);
    this.walls.end(eventTime);
    this.book.drop();
    this.#changes.bookReset();
    this.#changes.statusChanged();
  }

  /** What the book held from one time to another was known, but could not be kept. */
  loseHistory(from: number, to: number, reason: string): void {
    this.gaps.loseBook(from, to, reason);
    this.#changes.statusChanged();
  }

  setStatus(status: SymbolStatusEvent): void {
    this.status = status;
    this.#changes.statusChanged();
  }

  #keepBin(bin: LiquidityBin): void {
    this.liquidity.add(bin);
    this.#changes.columnClosed(bin);
    this.#binsSinceKeyframe = bin.keyframe ? 0 : this.#binsSinceKeyframe + 1;
    if (this.#binsSinceKeyframe >= KEYFRAME_EVERY_BINS) this.#binner?.requestKeyframe();
  }
}

function crossedMessage(book: OrderBook): string {
  return `the book is crossed: best bid ${book.bids.bestTicks} is not below best ask ` +
    `${book.asks.bestTicks} (ticks) after update ${book.lastUpdateId}`;
}
