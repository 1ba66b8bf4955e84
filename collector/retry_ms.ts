import { backoffMs } from "./backoff.ts";
import { BinanceRestError } from "./binance_rest_error.ts";

/**
 * How long to wait after a request that failed: what the exchange asks for, else ever longer.
 *
 * @param failures requests that failed in a row, from 1
 */
export function retryMs(error: unknown, failures: number): number {
  const asked = error instanceof BinanceRestError ? error.retryAfterMs : null;
  return asked ?? backoffMs(failures);
}
