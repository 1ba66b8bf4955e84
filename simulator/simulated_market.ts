import { STEP_MS } from "./model/market_model.ts";
import { RestError } from "./rest_error.ts";
import { SimulatedSymbol } from "./simulated_symbol.ts";
import type { MarketSource, Publish, RestDepth } from "./source.ts";
import type { TradeLog } from "./trade_log.ts";
import { paused } from "./waiting.ts";

export interface SimulatedMarketOptions {
  readonly symbols: readonly string[];
  readonly seed: number;
  /** Pace against the wall clock; Infinity is as fast as clients read. */
  readonly speed?: number;
  /** Exchange time at which publishing begins, UTC ms. */
  readonly startTime?: number;
  /** Simulated silently before `startTime`, so that REST can answer for the past. */
  readonly historyMs?: number;
  /** The market stops there. */
  readonly endTime?: number;
  /** Local clock, which only sets the pace. */
  readonly now?: () => number;
}

export interface SimulatedMarket extends MarketSource {
  symbol(name: string): SimulatedSymbol;
}

const DEFAULT_HISTORY_MS = 2 * 3_600_000;
/** Real time between two rounds of publishing. */
const ROUND_MS = 20;
/** At full speed others get a turn after so many steps. */
const STEPS_A_ROUND = 200;

/** A seeded, deterministic market: the same options give the same events, byte for byte. */
export function simulatedMarket(options: SimulatedMarketOptions): SimulatedMarket {
  const { seed, speed = 1, historyMs = DEFAULT_HISTORY_MS, endTime = Infinity, now = Date.now } =
    options;
  const startTime = onGrid(options.startTime ?? now());
  const symbols = new Map(
    options.symbols.map((
      name,
    ) => [name, new SimulatedSymbol(name, seed, onGrid(startTime - historyMs))]),
  );
  advance(startTime, null);
  const startedAt = now();

  function advance(until: number, emit: ((stream: string, data: string) => void) | null): void {
    for (const symbol of symbols.values()) {
      while (symbol.time + STEP_MS <= until) symbol.step(emit);
    }
  }

  /** Where exchange time should be by now. */
  function targetTime(): number {
    return Math.min(endTime, startTime + (now() - startedAt) * speed);
  }

  function find(name: string): SimulatedSymbol {
    const symbol = symbols.get(name);
    if (symbol !== undefined) return symbol;
    throw new RestError(-1121, "Invalid symbol.");
  }

  function time(): number {
    for (const symbol of symbols.values()) return symbol.time;
    return startTime;
  }

  async function run(publish: Publish, signal: AbortSignal): Promise<void> {
    // What happened before anybody listened is history.
    if (speed !== Infinity) advance(targetTime(), null);
    let events: [stream: string, data: string][] = [];
    while (!signal.aborted && time() + STEP_MS <= endTime) {
      const until = speed === Infinity
        ? Math.min(endTime, time() + STEPS_A_ROUND * STEP_MS)
        : targetTime();
      advance(until, (stream, data) => events.push([stream, data]));
      for (const [stream, data] of events) {
        if (signal.aborted) return;
        await publish(stream, data);
      }
      events = [];
      await paused(speed === Infinity ? 0 : ROUND_MS, signal);
    }
  }

  return {
    symbols: [...symbols.values()].map(({ info }) => info),
    now: time,
    depth: (name, limit): Promise<RestDepth> => Promise.resolve(find(name).depth(limit)),
    trades: (name): TradeLog => find(name).trades,
    symbol: find,
    run,
  };
}

function onGrid(time: number): number {
  // Diffs are told on full tenths of a second: begin on one.
  return Math.floor(time / 1000) * 1000;
}
