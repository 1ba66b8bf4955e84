import type { EventBatch, MarketEvent, TradesLostEvent } from "../bus/messages.ts";
import { IdRanges } from "../market/id_ranges.ts";

type Timer = ReturnType<typeof setTimeout>;

/** A batch leaves at the latest this long after its first event, or when it is full. */
export const MAX_BATCH_AGE_MS = 50;
export const MAX_BATCH_EVENTS = 200;
/** With so few waiting, archived trades may follow: those of the moment are not far behind. */
const ROOM_BELOW_EVENTS = 2000;

/** Few, and nothing tells them again. */
const MUST_ARRIVE: ReadonlySet<MarketEvent["type"]> = new Set(
  ["instrument", "bookLost", "tradesLost", "tradesVoid"],
);

/** Told of every loss: symbols whose books are doubtful now, and trades that never went on. */
export type OnDropped = (
  symbols: ReadonlySet<string>,
  trades: readonly TradesLostEvent[],
  events: number,
) => void;

export interface OutboxOptions {
  /** Batches sent but not yet acknowledged; more wait here. */
  readonly maxInFlight?: number;
  /** Events that wait; beyond it they are dropped and the loss is told. */
  readonly maxQueued?: number;
  readonly setTimer?: (run: () => void, ms: number) => Timer;
  readonly clearTimer?: (timer: Timer) => void;
}

/**
 * The bounded queue between collector and processor. When the processor falls too far behind, all
 * that waits is dropped at once and every loss is told: books are unknown, trade ids are named.
 */
export class Outbox {
  readonly #send: (batch: EventBatch) => void;
  readonly #onDropped: OnDropped;
  readonly #maxInFlight: number;
  readonly #maxQueued: number;
  readonly #setTimer: (run: () => void, ms: number) => Timer;
  readonly #clearTimer: (timer: Timer) => void;
  #queue: MarketEvent[] = [];
  #timer: Timer | null = null;
  #seq = 0;
  #acknowledged = 0;
  #droppedEvents = 0;
  /** Those that wait until the queue is short again. */
  #waiting: (() => void)[] = [];

  constructor(
    send: (batch: EventBatch) => void,
    onDropped: OnDropped,
    options: OutboxOptions = {},
  ) {
    this.#send = send;
    this.#onDropped = onDropped;
    this.#maxInFlight = options.maxInFlight ?? 64;
    this.#maxQueued = options.maxQueued ?? 200_000;
    this.#setTimer = options.setTimer ?? ((run, ms) => setTimeout(run, ms));
    this.#clearTimer = options.clearTimer ?? ((timer) => clearTimeout(timer));
  }

  get queued(): number {
    return this.#queue.length;
  }

  get droppedEvents(): number {
    return this.#droppedEvents;
  }

  push(event: MarketEvent): void {
    this.#queue.push(event);
    if (this.#queue.length > this.#maxQueued) return this.#dropQueue();
    if (this.#queue.length >= MAX_BATCH_EVENTS) return this.flush();
    this.#timer ??= this.#setTimer(() => {
      this.#timer = null;
      this.flush();
    }, MAX_BATCH_AGE_MS);
  }

  /** Resolves when the queue is short: whoever has much to send waits for it now and then. */
  room(): Promise<void> {
    if (this.#queue.length <= ROOM_BELOW_EVENTS) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Sends what waits, as far as the processor keeps up. */
  flush(): void {
    while (this.#queue.length > 0 && this.#seq - this.#acknowledged < this.#maxInFlight) {
      const events = this.#queue.splice(0, MAX_BATCH_EVENTS);
      this.#send({ type: "events", seq: ++this.#seq, events });
    }
    this.#wake();
  }

  acknowledge(seq: number): void {
    this.#acknowledged = Math.max(this.#acknowledged, seq);
    this.flush();
  }

  close(): void {
    if (this.#timer !== null) this.#clearTimer(this.#timer);
    this.#timer = null;
    this.#queue = [];
    this.#wake();
  }

  #wake(): void {
    if (this.#queue.length > ROOM_BELOW_EVENTS) return;
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  #dropQueue(): void {
    const dropped = this.#queue;
    this.#droppedEvents += dropped.length;
    this.#queue = [];
    const symbols = new Set<string>();
    for (const event of dropped) {
      // Words about the feed are few and must arrive.
      if (MUST_ARRIVE.has(event.type)) {
        this.#queue.push(event);
      } else if ("symbol" in event && event.symbol !== null) symbols.add(event.symbol);
    }
    const trades = lostTrades(dropped);
    this.#queue.push(...trades);
    this.#onDropped(symbols, trades, dropped.length);
  }
}

/** The aggTrade ids in dropped events, a loss for each run of them: all between may have arrived. */
function lostTrades(dropped: readonly MarketEvent[]): TradesLostEvent[] {
  const lost = new Map<string, IdRanges>();
  for (const event of dropped) {
    if (event.type !== "trade") continue;
    const ids = lost.get(event.symbol) ?? new IdRanges();
    ids.add(event.trade.id);
    lost.set(event.symbol, ids);
  }
  const common = {
    type: "tradesLost",
    fromTime: null,
    toTime: null,
    reason: "the processor fell too far behind",
  } as const;
  return [...lost].flatMap(([symbol, { ranges }]) =>
    ranges.map(({ from, to }) => ({ ...common, symbol, fromId: from, toId: to }))
  );
}
