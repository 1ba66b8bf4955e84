import { BinanceRest } from "./collector/binance_rest.ts";
import type { ExchangeUrls } from "./collector/exchange_adapter.ts";
import type { MarketKind } from "./market/types.ts";
import { errorText } from "./bus/error_text.ts";

/** Whether the exchange answers both by REST and by websocket within the time; else why not. */
export async function whyUnreachable(
  { wsUrl, restUrl }: ExchangeUrls,
  market: MarketKind,
  limitMs: number,
  signal: AbortSignal,
): Promise<string | null> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(limitMs)]);
  try {
    await Promise.all([
      new BinanceRest(restUrl, market).time(limit),
      opens(`${wsUrl.replace(/\/+$/, "")}/ws`, limit),
    ]);
    return null;
  } catch (error) {
    signal.throwIfAborted();
    return limit.aborted ? `no answer within ${limitMs / 1000} s` : errorText(error);
  }
}

function opens(url: string, signal: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const socket = new WebSocket(url);
  const abort = () => reject(signal.reason);
  signal.addEventListener("abort", abort, { once: true });
  socket.onopen = () => resolve();
  socket.onerror = () => reject(new Error(`${url} could not be reached`));
  return promise.finally(() => {
    signal.removeEventListener("abort", abort);
    socket.onopen = socket.onerror = null;
    socket.close();
  });
}
