/** What may be dropped when it is old, in the order in which room is made. */
export const KEPT_LEVELS = ["liquidity_1s", "liquidity_1m", "trades", "walls"] as const;

export type KeptLevel = (typeof KEPT_LEVELS)[number];

/** How long and how much of it is kept. */
export interface RetentionSettings {
  /** By level in ms; null keeps it for ever. */
  readonly keepMs: Readonly<Record<KeptLevel, number | null>>;
  /** All of it together, or null without a limit. */
  readonly maxBytes: number | null;
}

export const KEEP_EVERYTHING: RetentionSettings = {
  keepMs: { liquidity_1s: null, liquidity_1m: null, trades: null, walls: null },
  maxBytes: null,
};

/** From when to when a level is kept, in UTC ms; null while it holds nothing. */
export interface KeptSpan {
  readonly from: number;
  readonly to: number;
}

/** What the recorded history takes. */
export interface StorageStatus {
  /** Size of the database on the disk; what was dropped is used again before it grows. */
  readonly databaseBytes: number;
  /** Of which so much is in use. */
  readonly usedBytes: number;
  readonly tradesBytes: number;
  readonly maxBytes: number | null;
  readonly levels: Readonly<
    Record<KeptLevel, { readonly keepMs: number | null; readonly kept: KeptSpan | null }>
  >;
}
