import type { BackfillProgress, RecordingState, SymbolStatusEvent } from "../bus/messages.ts";

export interface SymbolStatusInput {
  readonly symbol: string;
  /** Why the symbol cannot be recorded at all, or null. */
  readonly refusal: string | null;
  /** Every connection that carries something of the symbol is open. */
  readonly isConnected: boolean;
  /** What is said while one is not. */
  readonly connection: string;
  /** The order book is known. */
  readonly isSynced: boolean;
  /** Since the newest diff of the order book. */
  readonly silentMs: number;
  readonly lagMs: number | null;
  readonly backfill: BackfillProgress | null;
  readonly recording: RecordingState | null;
}

/** Connected, but no diff of a symbol for this long. */
const STALE_AFTER_MS = 10_000;

/** How a symbol's feed stands, in a word and in a sentence. */
export function symbolStatus(input: SymbolStatusInput): SymbolStatusEvent {
  const { symbol, refusal, isConnected, isSynced, silentMs, lagMs, backfill, recording } = input;
  const base = {
    type: "symbolStatus",
    symbol,
    connected: isConnected && refusal === null,
    lagMs,
    backfill,
    recording,
  } as const;
  if (refusal !== null) return { ...base, state: "offline", message: refusal };
  if (!isConnected) return { ...base, state: "connecting", message: input.connection };
  if (silentMs > STALE_AFTER_MS) {
    const message = `No order book data for ${Math.floor(silentMs / 1000)} s although connected`;
    return { ...base, state: "stale", message };
  }
  if (!isSynced) return { ...base, state: "synchronising", message: "Waiting for the order book" };
  return { ...base, state: "live", message: "Live" };
}
