import { type Exchange, type ExchangeOptions, startExchange } from "../../simulator/exchange.ts";
import type { MarketSource, Publish, RestDepth } from "../../simulator/source.ts";
import { TradeLog } from "../../simulator/trade_log.ts";

const UNIT = 100_000_000;

/** A source whose events the test publishes itself; ten trades, ids 101..110, a second apart. */
export class HandSource implements MarketSource {
  readonly symbols = [{
    symbol: "BTCUSDT",
    baseAsset: "BTC",
    quoteAsset: "USDT",
    tickSize: "0.01000000",
    stepSize: "0.00001000",
  }];
  readonly log = new TradeLog(1000);
  readonly started = Promise.withResolvers<void>();
  publish: Publish = () => {};
  time = 10_500;

  constructor() {
    for (let i = 1; i <= 10; i++) {
      this.log.add(100 + i, (60_000 + i) * UNIT, i * UNIT, 500 + i, 500 + i, i * 1000, i % 2 === 0);
    }
  }

  now(): number {
    return this.time;
  }

  depth(_symbol: string, limit: number): Promise<RestDepth> {
    const levels = Array.from(
      { length: limit },
      (_, i) => [`${limit - i}.00000000`, "1.00000000"] as const,
    );
    return Promise.resolve({ lastUpdateId: 7, bids: levels, asks: [] });
  }

  trades(): TradeLog {
    return this.log;
  }

  run(publish: Publish): Promise<void> {
    this.publish = publish;
    this.started.resolve();
    return new Promise(() => {});
  }
}

export function exchangeByHand(
  options: Omit<ExchangeOptions, "source"> = {},
): { source: HandSource; exchange: Exchange; [Symbol.asyncDispose](): Promise<void> } {
  const source = new HandSource();
  const exchange = startExchange({ source, ...options });
  return { source, exchange, [Symbol.asyncDispose]: () => exchange.close() };
}

/** A client that keeps what it receives. */
export async function connect(url: string) {
  const socket = new WebSocket(url);
  const opened = Promise.withResolvers<void>();
  const closed = Promise.withResolvers<CloseEvent>();
  const frames: string[] = [];
  let arrived = Promise.withResolvers<void>();
  socket.onopen = () => opened.resolve();
  socket.onerror = () => opened.reject(new Error(`${url} refused`));
  socket.onclose = (event) => closed.resolve(event);
  socket.onmessage = ({ data }) => {
    frames.push(data);
    arrived.resolve();
  };
  await opened.promise;
  return {
    socket,
    frames,
    closed: closed.promise,
    say: (message: unknown) =>
      socket.send(typeof message === "string" ? message : JSON.stringify(message)),
    /** The next frame, as it was received. */
    async next(): Promise<string> {
      while (frames.length === 0) {
        arrived = Promise.withResolvers<void>();
        await arrived.promise;
      }
      return frames.shift() ?? "";
    },
    async [Symbol.asyncDispose]() {
      socket.close();
      await closed.promise;
    },
  };
}
