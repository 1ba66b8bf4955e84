import type { CandleSeries } from "../../market/candle_series.ts";
import { addLevels } from "../../market/footprint.ts";
import { type GroupedCandle, partOf, type Rows } from "../../market/higher_candle.ts";
import { baseGroupTicks, type Instrument } from "../../market/instrument.ts";
import { MINUTE_MS } from "../../market/interval.ts";
import type { RollupSeries, RollupSymbol } from "./rollup_symbols.ts";

/** Where minutes are written. */
export interface RollupStorage {
  open(series: RollupSeries, baseTicks: number): Promise<RollupSymbol>;
  write(
    symbol: RollupSymbol,
    minutes: readonly GroupedCandle[],
    closedBefore: number,
  ): Promise<void>;
}

/** What is recorded of a symbol. */
export interface RolledState {
  readonly symbol: string;
  readonly instrument: Instrument | null;
  /** Size of the rows on which liquidity is kept, or null. */
  readonly baseTicks: number | null;
  readonly candles: CandleSeries;
}

interface Written {
  readonly trades: number;
  readonly complete: boolean;
}

/** A history that was brought back is written little by little: others use the disk as well. */
const MINUTES_AT_ONCE = 60;
/** Looking through a day of minutes takes half a millisecond; a repaired one can wait. */
const LOOK_EVERY = 10;

/** Writes the minutes that have closed, and again those that were repaired. */
export class RollupRecorder {
  readonly #storage: RollupStorage;
  readonly #symbols = new Map<string, { id: RollupSymbol; written: Map<number, Written> }>();
  readonly #looked = new Map<string, { newest: number | null; calls: number }>();

  constructor(storage: RollupStorage) {
    this.#storage = storage;
  }

  /**
   * Called about once a second.
   *
   * @param all writes everything there is to write: at the end
   */
  async record(state: RolledState, all = false): Promise<void> {
    const { symbol, candles } = state;
    const looked = this.#looked.get(symbol) ?? { newest: null, calls: 0 };
    const isDue = all || looked.newest !== candles.lastTime || looked.calls >= LOOK_EVERY - 1;
    this.#looked.set(symbol, { newest: looked.newest, calls: looked.calls + 1 });
    if (!isDue) return;
    while (await this.#write(state) && all);
  }

  /** Returns whether more is to be written. */
  async #write({ symbol, instrument, baseTicks, candles }: RolledState): Promise<boolean> {
    const newest = candles.lastTime;
    if (instrument === null || newest === null) return false;
    const close = candles.at(newest)?.footprint.close ?? 1;
    let known = this.#symbols.get(symbol);
    if (known === undefined) {
      const id = await this.#storage.open(instrument, baseTicks ?? baseGroupTicks(close));
      this.#symbols.set(symbol, known = { id, written: new Map() });
    }
    const { id, written } = known;
    const due = candles.between(-Infinity, newest).filter(({ footprint, complete }) => {
      const before = written.get(footprint.openTime);
      return before?.trades !== footprint.trades || before.complete !== complete;
    });
    const now = due.slice(0, MINUTES_AT_ONCE).map((candle) => {
      const rows: Rows = new Map();
      addLevels(rows, candle.footprint.levels, id.baseTicks);
      return { ...partOf(candles, candle), rows };
    });
    const rest = due.at(MINUTES_AT_ONCE)?.footprint.openTime;
    // An hour of which minutes are still to be written would be built in vain.
    if (now.length > 0) await this.#storage.write(id, now, rest ?? newest);
    for (const { head, complete } of now) {
      written.set(head.openTime, { trades: head.trades, complete });
    }
    const oldest = (candles.firstTime ?? 0) - MINUTE_MS;
    for (const time of written.keys()) if (time < oldest) written.delete(time);
    if (rest === undefined) this.#looked.set(symbol, { newest, calls: 0 });
    return rest !== undefined;
  }
}
