import type { Link } from "../bus/link.ts";
import type { RecordingState } from "../bus/messages.ts";
import { type IdRange, IdRanges } from "../market/id_ranges.ts";
import type { Trade } from "../market/types.ts";
import type { GapNote } from "./archive/gap_notes.ts";
import type { ArchivedUntil, FromArchive, ToArchive } from "./archive/messages.ts";
import type { TradeSeries } from "./archive/trade_series.ts";

export interface ArchiveClientOptions {
  /** Trades that never got to the disk: they must be fetched again. */
  readonly onLost: (symbol: string, lost: readonly IdRange[]) => void;
  readonly onMessage: (message: string) => void;
  /** Trades handed over but not yet taken; beyond it they are let go and fetched again. */
  readonly maxInFlight?: number;
}

/** The collector's end of the archive, which works in a thread of its own. */
export class ArchiveClient {
  readonly #link: Link<FromArchive, ToArchive>;
  readonly #maxInFlight: number;
  readonly #batches = new Map<string, Trade[]>();
  readonly #inFlight = new Map<number, number>();
  readonly #lost = new Map<string, IdRanges>();
  #inFlightTrades = 0;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #seq = 0;
  #recording: RecordingState | null = null;

  constructor(link: Link<FromArchive, ToArchive>, options: ArchiveClientOptions) {
    this.#link = link;
    this.#maxInFlight = options.maxInFlight ?? 100_000;
    link.onMessage((message) => {
      switch (message.type) {
        case "taken":
          return this.#taken(message.seq, options.onLost);
        case "lost":
          return options.onLost(message.symbol, message.ranges);
        case "state":
          this.#recording = message.recording;
          return;
        case "message":
          return options.onMessage(message.message);
        default:
          message satisfies never;
      }
    });
  }

  /** Null before the first word of it. */
  get recording(): RecordingState | null {
    return this.#recording;
  }

  /** Begins to record a symbol; returns what is archived of it, or null. */
  async open(series: TradeSeries): Promise<ArchivedUntil | null> {
    return await this.#link.request({ type: "open", series }) as ArchivedUntil | null;
  }

  /** Archived trades at or after a time, ascending by id. */
  async *read(symbol: string, fromTime: number): AsyncGenerator<Trade[]> {
    const reading = await this.#link.request({ type: "read", symbol, fromTime });
    while (true) {
      const trades = await this.#link.request({ type: "next", reading }) as Trade[] | null;
      if (trades === null) return;
      yield trades;
    }
  }

  take(symbol: string, trade: Trade): void {
    const batch = this.#batches.get(symbol);
    if (batch === undefined) this.#batches.set(symbol, [trade]);
    else batch.push(trade);
    this.#timer ??= setTimeout(() => this.flush(), HAND_OVER_MS);
  }

  note(symbol: string, note: GapNote): void {
    this.#link.send({ type: "gap", symbol, note });
  }

  /** Has archived trades of the UTC days that end at or before a time removed. */
  drop(before: number): void {
    this.#link.send({ type: "drop", before });
  }

  /** Hands over what was taken. */
  flush(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    for (const [symbol, trades] of this.#batches) {
      if (this.#inFlightTrades + trades.length > this.#maxInFlight) this.#letGo(symbol, trades);
      else {
        this.#inFlight.set(++this.#seq, trades.length);
        this.#inFlightTrades += trades.length;
        this.#link.send({ type: "trades", symbol, trades, seq: this.#seq });
      }
    }
    this.#batches.clear();
  }

  #letGo(symbol: string, trades: readonly Trade[]): void {
    const lost = this.#lost.get(symbol) ?? new IdRanges();
    for (const { id } of trades) lost.add(id);
    this.#lost.set(symbol, lost);
  }

  #taken(seq: number, onLost: ArchiveClientOptions["onLost"]): void {
    this.#inFlightTrades -= this.#inFlight.get(seq) ?? 0;
    this.#inFlight.delete(seq);
    // Only once the archive keeps up again: else the same would be let go again and again.
    if (this.#inFlightTrades > 0) return;
    for (const [symbol, lost] of this.#lost) onLost(symbol, lost.ranges);
    this.#lost.clear();
  }
}

/** Trades leave together: a message for each would cost more than the trade. */
const HAND_OVER_MS = 100;
