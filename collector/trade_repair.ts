import { errorText } from "../bus/error_text.ts";
import type { Instrument } from "../market/instrument.ts";
import { IdRanges } from "../market/id_ranges.ts";
import type { Trade } from "../market/types.ts";
import { backoffMs } from "./backoff.ts";
import { BinanceRestError } from "./binance_rest.ts";
import { delay } from "./delay.ts";
import type { ExchangeRest } from "./exchange_adapter.ts";
import { retryMs } from "./retry_ms.ts";

export interface TradeRepairOptions {
  readonly instrument: Instrument;
  readonly rest: ExchangeRest;
  readonly take: (trade: Trade) => void;
  /** Ids that the exchange declares to be no trades. */
  readonly takeVoid: (fromId: number, toId: number) => void;
  readonly notice: (level: "info" | "warning", message: string) => void;
  /** Ids that are being fetched from now on, or that are not to be had. */
  readonly missing: (fromId: number, toId: number, reason: string) => void;
  readonly signal: AbortSignal;
}

/** A run of missing ids; `fromId` is not known yet when the run begins at a time. */
interface MissingRun {
  fromId: number | null;
  readonly sinceTime: number;
  /** Ids before this one are not wanted, whatever their time is. */
  readonly minId: number;
  readonly toId: number;
}

/** A run of so many ids is worth a word in the log when it is done. */
const MANY = 1000;
/** How often a long run says in the log how far it has come. */
const TELL_EVERY_MS = 10_000;

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
    this.#enqueue({ fromId, sinceTime: 0, minId: fromId, toId });
  }

  /** Ids from the first trade at or after a time, but not before `minId`, up to `toId` are wanted. */
  addSince(sinceTime: number, toId: number, minId = 0): void {
    this.#enqueue({ fromId: null, sinceTime, minId, toId });
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
          const { fromId, toId } = run;
          const reason = `the exchange refuses them: ${errorText(error)}`;
          if (fromId === null) notice("warning", `Earlier trades given up: ${reason}`);
          else this.#options.missing(fromId, toId, reason);
          this.#runs.splice(this.#runs.indexOf(run), 1);
          continue;
        }
        const waitMs = retryMs(error, failures);
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
    const { instrument, rest, signal, take, takeVoid, missing, notice } = this.#options;
    run.fromId ??= await this.#firstIdOf(run);
    if (run.fromId === null || run.fromId > run.toId) return true;
    const firstId = run.fromId;
    const count = run.toId - firstId + 1;
    let empty = 0;
    let toldAt = performance.now();
    while (run.fromId <= run.toId) {
      if (this.#runs.at(-1) !== run) return false;
      if (performance.now() - toldAt > TELL_EVERY_MS) {
        toldAt = performance.now();
        this.#tellProgress();
      }
      this.#progress = { done: run.fromId - firstId, of: count };
      const records = await rest.aggTradesFrom(instrument, run.fromId, signal);
      const wanted = records.filter(({ id }) => id <= run.toId);
      const voidIds = new IdRanges();
      let expectedId = run.fromId;
      for (const { id, trade } of wanted) {
        if (id > expectedId) missing(expectedId, id - 1, "the exchange leaves them out");
        if (trade === null) voidIds.add(id);
        else take(trade);
        expectedId = id + 1;
      }
      for (const { from, to } of voidIds.ranges) takeVoid(from, to);
      const last = records.at(-1);
      if (last !== undefined && last.id > run.toId) {
        if (expectedId <= run.toId) missing(expectedId, run.toId, "the exchange leaves them out");
        break;
      }
      if (wanted.length === 0 && ++empty >= MAX_EMPTY_ANSWERS) {
        missing(run.fromId, run.toId, "the exchange does not have them");
        return true;
      }
      // REST may be a moment behind the stream.
      if (wanted.length === 0) await delay(backoffMs(empty), signal);
      else empty = 0;
      if (last !== undefined) run.fromId = last.id + 1;
    }
    if (count >= MANY) notice("info", `Earlier trades: all ${count} ids fetched`);
    return true;
  }

  /** Where a run that began at a time begins; null when there is nothing to fetch. */
  async #firstIdOf({ sinceTime, minId, toId }: MissingRun): Promise<number | null> {
    const { instrument, rest, signal, missing } = this.#options;
    const firstId = await rest.firstAggTradeId(instrument, sinceTime, signal);
    if (firstId === null || firstId > toId) return null;
    if (minId > 0 && firstId > minId) {
      missing(minId, firstId - 1, "longer ago than trades are fetched back");
    }
    const fromId = Math.max(firstId, minId);
    missing(fromId, toId, "not fetched yet");
    return fromId;
  }

  #tellProgress(): void {
    if (this.#progress === null) return;
    const { done, of } = this.#progress;
    const percent = Math.floor(100 * done / of);
    this.#options.notice("info", `Earlier trades: ${done} of ${of} ids fetched (${percent} %)`);
  }
}

/** A refusal of the request itself, or an answer that cannot be read. */
function isFinal(error: unknown): boolean {
  return error instanceof RangeError || (error instanceof BinanceRestError && error.isFinal);
}
