import { readCapture } from "./capture_reader.ts";
import { parseFrame } from "./capture_frame.ts";
import type { SymbolInfo } from "./source.ts";

/** Quote assets by which a symbol's name is split, longest first. */
const QUOTES = ["FDUSD", "USDT", "USDC", "TUSD", "BUSD", "BTC", "ETH", "BNB", "EUR", "TRY"];
/** Enough trades to have seen the finest price and quantity. */
const ENOUGH_TRADES = 20_000;

/** What a first look at a capture tells. */
export interface CaptureScan {
  readonly symbols: readonly SymbolInfo[];
  /** Exchange time of the first event. */
  readonly firstEventTime: number;
}

/**
 * Symbols of a capture with tick and step size: the finest decimals of its trades.
 *
 * @throws Error when a file cannot be read or holds no trade.
 */
export async function scanCapture(files: readonly string[]): Promise<CaptureScan> {
  const decimals = new Map<string, { price: number; quantity: number }>();
  let firstEventTime = Infinity;
  let trades = 0;
  for await (const { frame } of readCapture(files, () => {})) {
    const event = parseFrame(frame);
    if (event.type === "broken" || event.type === "snapshot") continue;
    if (event.eventTime !== null) firstEventTime = Math.min(firstEventTime, event.eventTime);
    if (event.type !== "trade") continue;
    const { p, q } = event.trade;
    const seen = decimals.get(event.symbol) ?? { price: 0, quantity: 0 };
    seen.price = Math.max(seen.price, decimalsOf(p));
    seen.quantity = Math.max(seen.quantity, decimalsOf(q));
    decimals.set(event.symbol, seen);
    if (++trades >= ENOUGH_TRADES) break;
  }
  if (decimals.size === 0) throw new Error(`There is no trade in ${files.join(", ")}`);
  const symbols = [...decimals].map(([symbol, { price, quantity }]) => ({
    symbol,
    ...assetsOf(symbol),
    tickSize: unitOf(price),
    stepSize: unitOf(quantity),
  }));
  return { symbols, firstEventTime };
}

/** Base and quote asset by the usual endings of names. */
export function assetsOf(symbol: string): { baseAsset: string; quoteAsset: string } {
  const quoteAsset = QUOTES.find((quote) => symbol.endsWith(quote) && symbol !== quote) ?? "";
  return { baseAsset: symbol.slice(0, symbol.length - quoteAsset.length), quoteAsset };
}

function decimalsOf(text: string): number {
  return text.includes(".") ? text.replace(/0+$/, "").split(".")[1].length : 0;
}

/** 2 -> "0.01000000" */
function unitOf(decimals: number): string {
  return (10 ** -decimals).toFixed(8);
}
