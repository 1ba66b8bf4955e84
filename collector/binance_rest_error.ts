import { isRecord } from "./binance_map.ts";

const MINUTE_MS = 60_000;
/**
 * How long to leave the exchange alone when it says so without a time: it counts weight by minutes
 * (429), and its shortest ban lasts two (418).
 */
const DEFAULT_HOLD_MS: Readonly<Record<number, number>> = {
  429: MINUTE_MS,
  418: 2 * MINUTE_MS,
};
/** Nothing is asked again at once, whatever an answer says: that would be knocking. */
const SHORTEST_HOLD_MS = 1000;
/** Binance's longest ban; a timer of weeks would also overflow and end at once. */
const LONGEST_HOLD_MS = 3 * 24 * 60 * MINUTE_MS;

/** A request that Binance refused, or that did not reach it. */
export class BinanceRestError extends Error {
  override readonly name = "BinanceRestError";
  /** HTTP status, or 0 when there was no answer. */
  readonly status: number;
  /** Binance's own code, e.g. -1121 for an invalid symbol. */
  readonly code: number | null;
  /** How long Binance wants to be left alone, or null when it does not. */
  readonly retryAfterMs: number | null;

  /** The request itself is wrong: asking again would be refused again. */
  get isFinal(): boolean {
    return this.status >= 400 && this.status < 500 && ![403, 408, 418, 429].includes(this.status);
  }

  /** The exchange wants to be left alone by everything of this address. */
  get isBusy(): boolean {
    return this.status === 429 || this.status === 418;
  }

  constructor(
    message: string,
    status: number,
    code: number | null = null,
    retryAfterMs: number | null = null,
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.retryAfterMs = retryAfterMs;
  }
}

/** What an answer with an error status says. */
export function refusalOf(url: URL, response: Response, text: string): BinanceRestError {
  const { status } = response;
  let code: number | null = null;
  let reason = text.slice(0, 120);
  try {
    const body: unknown = JSON.parse(text);
    if (isRecord(body)) {
      if (typeof body.code === "number") code = body.code;
      if (typeof body.msg === "string") reason = body.msg;
    }
  } catch {
    // An error page of a proxy is no JSON; its beginning is all there is to tell.
  }
  return new BinanceRestError(
    `${url.pathname}${url.search} was refused with status ${status}: ${reason}`,
    status,
    code,
    holdMs(response.headers.get("Retry-After")) ?? DEFAULT_HOLD_MS[status] ?? null,
  );
}

/** Binance tells whole seconds; a date, as a proxy may send it, is not read. */
function holdMs(retryAfter: string | null): number | null {
  if (retryAfter === null || !/^\d+$/.test(retryAfter)) return null;
  return Math.min(Math.max(Number(retryAfter) * 1000, SHORTEST_HOLD_MS), LONGEST_HOLD_MS);
}
