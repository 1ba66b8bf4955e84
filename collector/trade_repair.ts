import { errorText } from "../bus/error_text.ts";
import type { Instrument } from "../market/instrument.ts";
import type { Trade } from "../market/types.ts";
import { backoffMs } from "./backoff.ts";
import { BinanceRestError } from "./binance_rest.ts";
import { delay } from "./delay.ts";
import type { ExchangeRest } from "./exchange_adapter.ts";

export interface TradeRepairOptions {
  readonly instrument: Instrument;
  readonly rest: ExchangeRest;
  readonly take: (trade: Trade) => void;
  readonly notice: (level: "info" | "warning", message: string) => void;
  readonly signal: AbortSignal;
}

/** A run of missing ids; `fromId` is not known yet when the run begins at a time. */
interface MissingRun {
  fromId: number | null;
  readonly sinceTime: number;
  readonly toId: number;
}

/** After so many answers in a row without a new trade, about five minutes, the run is given up. */
const MAX_EMPTY_ANSWERS = 16;

/** Fetches missing aggTrades by `fromId`, one request at a time, the newest hole first. */
export class TradeRepair {
  readonly #options: TradeRepairOptions;
  readonly #runs: MissingRun[] = [];
  #working = false;
  #progress: { done: number; of: number } | null = null;

  constructor(options: TradeRepairOptions) {
    this.#options = options;
  }

  /** How far the run that is being fetched has come, or null when nothing is missing. */
  get progress(): { readonly done: number; readonly of: number } | null {
    return this.#progress;
  }

  /** Ids `fromId`..`toId` are missing. */
  add(fromId: number, toId: number): void {
    this.#enqueue({ fromId, sinceTime: 0, toId });
  }

  /** Ids from the first trade at or after a time up to `toId` are wanted. */
  addSince(sinceTime: number, toId: number): void {
    this.#enqueue({ fromId: null, sinceTime, toId });
  }

  #enqueue(run: MissingRun): void {
    this.#runs.push(run);
    if (!this.#working) void this.#work();
  }

  async #work(): Promise<void> {
    const { signal, notice } = this.#options;
    this.#working = true;
    let failures = 0;
    while (!signal.aborted) {
      const run = this.#runs.at(-1);
      if (run === undefined) break;
      try {
        const isDone = await this.#fetchRun(run);
        failures = 0;
        if (isDone) this.#runs.splice(this.#runs.indexOf(run), 1);
      } catch (error) {
        if (signal.aborted) break;
        failures++;
        if (isFinal(error)) {
          // Asking the same again would give the same, and keep all other runs waiting.
          notice("warning", `Missing trades given up: ${errorText(error)}`);
          this.#runs.splice(this.#runs.indexOf(run), 1);
          continue;
        }
        const asked = error instanceof BinanceRestError ? error.retryAfterMs : null;
        const waitMs = asked ?? backoffMs(failures);
        const reason = errorText(error);
        notice("warning", `Missing trades not fetched: ${reason}; next try in ${waitMs / 1000} s`);
        await delay(waitMs, signal).catch(() => {});
      }
    }
    this.#working = false;
    this.#progress = null;
  }

  /** Fetches a run to its end; false when a newer hole came up meanwhile. */
  async #fetchRun(run: MissingRun): Promise<boolean> {
    const { instrument, rest, signal, take, notice } = this.#options;
    run.fromId ??= await rest.firstAggTradeId(instrument, run.sinceTime, signal);
    if (run.fromId === null) return true;
    const firstId = run.fromId;
    let empty = 0;
    while (run.fromId <= run.toId) {
      if (this.#runs.at(-1) !== run) return false;
      this.#progress = { done: run.fromId - firstId, of: run.toId - firstId + 1 };
      const trades = await rest.aggTradesFrom(instrument, run.fromId, signal);
      const wanted = trades.filter(({ id }) => id <= run.toId);
      for (const trade of wanted) take(trade);
      const last = trades.at(-1);
      if (last !== undefined && last.id > run.toId) return true;
      if (wanted.length === 0 && ++empty >= MAX_EMPTY_ANSWERS) {
        notice("warning", `aggTrades ${run.fromId} to ${run.toId} are not to be had`);
        return true;
      }
      // REST may be a moment behind the stream.
      if (wanted.length === 0) await delay(backoffMs(empty), signal);
      else empty = 0;
      if (last !== undefined) run.fromId = last.id + 1;
    }
    return true;
  }
}

/** A refusal of the request itself, or an answer that cannot be read. */
function isFinal(error: unknown): boolean {
  return error instanceof RangeError || (error instanceof BinanceRestError && error.isFinal);
}
