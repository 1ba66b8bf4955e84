import { errorText } from "../bus/error_text.ts";
import type { Instrument } from "../market/instrument.ts";
import { BinanceRestError } from "./binance_rest.ts";
import { delay } from "./delay.ts";
import type { ExchangeAdapter } from "./exchange_adapter.ts";
import { retryMs } from "./retry_ms.ts";

export interface LoadInstrumentOptions {
  readonly exchange: ExchangeAdapter;
  readonly exchangeName: string;
  /** The exchange does not answer; it is asked again. */
  readonly waiting: (message: string) => void;
  readonly signal: AbortSignal;
}

/** The instrument, or the sentence that says why this symbol cannot be recorded. */
export async function loadInstrument(
  symbol: string,
  { exchange, exchangeName, waiting, signal }: LoadInstrumentOptions,
): Promise<Instrument | string> {
  for (let failures = 1; !signal.aborted; failures++) {
    try {
      const instrument = await exchange.rest.instrument(symbol, signal);
      return instrument ?? `${exchangeName} does not list the symbol "${symbol}"`;
    } catch (error) {
      if (signal.aborted) break;
      const isRestError = error instanceof BinanceRestError;
      // Only this symbol is refused: the others must not wait for it.
      if (!isRestError || error.isFinal) {
        return `${exchangeName} refuses the symbol "${symbol}": ${errorText(error)}`;
      }
      const waitMs = retryMs(error, failures);
      const seconds = (waitMs / 1000).toFixed(1);
      waiting(`${exchangeName} does not answer: ${errorText(error)}; next try in ${seconds} s`);
      await delay(waitMs, signal).catch(() => {});
    }
  }
  return "stopped";
}
