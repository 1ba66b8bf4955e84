import type { FootprintLevel } from "../market/footprint.ts";
import type { Instrument } from "../market/instrument.ts";
import { type Interval, INTERVALS } from "../market/interval.ts";
import { fromUnits, nearestUnits, unitsText } from "../market/scale.ts";
import type { ApiCandle, ApiCandles, ApiGet } from "./api.ts";
import type { CandleStore, StoredCandle } from "./candle_store.ts";
import { RequestQueue } from "./request_queue.ts";

/** So many candles come at once: an hour of minutes. */
const CHUNK_CANDLES = 60;
const RETRY_MS = 5_000;

interface Chunk {
  /** Finest row size asked for. */
  group: number;
  /** Not again before this moment (performance.now()). */
  notBefore: number;
}

/** Fetches candles where they are missing, each chunk of time once per row size. */
export class CandleHistory {
  readonly #series: { readonly symbol: string; readonly interval: Interval };
  readonly #chunkMs: number;
  readonly #store: CandleStore;
  readonly #get: ApiGet;
  readonly #changed: () => void;
  readonly #signal: AbortSignal;
  readonly #chunks = new Map<number, Chunk>();
  readonly #queue = new RequestQueue(2, 16);

  constructor(
    series: { readonly symbol: string; readonly interval: Interval },
    store: CandleStore,
    get: ApiGet,
    changed: () => void,
    signal: AbortSignal,
  ) {
    this.#series = series;
    this.#chunkMs = CHUNK_CANDLES * INTERVALS[series.interval];
    this.#store = store;
    this.#get = get;
    this.#changed = changed;
    this.#signal = signal;
  }

  /** @param group row size in ticks, a power of ten */
  want(instrument: Instrument, from: number, to: number, group: number, nowMs: number): void {
    const first = Math.max(0, Math.floor(from / this.#chunkMs));
    for (let index = first; index * this.#chunkMs < to; index++) {
      const held = this.#chunks.get(index);
      if (held !== undefined && (held.group <= group || held.notBefore > nowMs)) continue;
      this.#chunks.set(index, { group, notBefore: nowMs + RETRY_MS });
      this.#queue.add(
        () => this.#fetch(instrument, index, group),
        () => this.#chunks.delete(index),
      );
    }
  }

  /** Candles of [from, to] may have been missed: they are fetched again when they are wanted. */
  forget(from: number, to: number): void {
    const last = Math.floor(to / this.#chunkMs);
    for (let index = Math.floor(from / this.#chunkMs); index <= last; index++) {
      this.#chunks.delete(index);
    }
  }

  /** Everything may have changed while frames were missed. */
  forgetAll(): void {
    this.#chunks.clear();
  }

  async #fetch(instrument: Instrument, index: number, group: number): Promise<void> {
    const { revision } = this.#store;
    try {
      const answer = await this.#get<ApiCandles>("/api/candles", {
        ...this.#series,
        from: index * this.#chunkMs,
        to: (index + 1) * this.#chunkMs,
        group: unitsText(instrument.priceScale, group),
      }, this.#signal);
      const rowTicks = nearestUnits(instrument.priceScale, answer.group);
      const candles = answer.candles.map((candle) => storedCandle(instrument, candle, rowTicks));
      for (const time of this.#store.addHistory(candles, revision)) this.forget(time, time);
      this.#changed();
    } catch (error) {
      if (this.#signal.aborted) return;
      console.warn(`candles of ${this.#series.symbol} could not be fetched:`, error);
      // Kept as "asked for nothing": the next wish after a pause tries again.
      this.#chunks.set(index, { group: Infinity, notBefore: performance.now() + RETRY_MS });
    }
  }
}

/** Decimals of the answer -> integers, which the answer's numbers stand for exactly. */
export function storedCandle(
  { priceScale, qtyScale }: Instrument,
  candle: ApiCandle,
  group: number,
): Omit<StoredCandle, "revision" | "stale"> {
  const ticks = (price: number) => nearestUnits(priceScale, price);
  const lots = (quantity: number) => nearestUnits(qtyScale, quantity);
  const levels = new Map<number, FootprintLevel>();
  for (const [price, sell, buy, trades] of candle.levels) {
    levels.set(ticks(price), { sellLots: lots(sell), buyLots: lots(buy), trades });
  }
  return {
    time: candle.time,
    open: ticks(candle.open),
    high: ticks(candle.high),
    low: ticks(candle.low),
    close: ticks(candle.close),
    buyLots: lots(candle.buyVolume),
    sellLots: lots(candle.sellVolume),
    minDelta: lots(candle.minDelta),
    maxDelta: lots(candle.maxDelta),
    trades: candle.trades,
    complete: candle.complete,
    gap: candle.gap,
    group,
    levels,
  };
}

/** Text of a price bound for a query. */
export function boundText(instrument: Instrument, ticks: number): string {
  return fromUnits(instrument.priceScale, ticks).toFixed(instrument.priceScale.decimals);
}
