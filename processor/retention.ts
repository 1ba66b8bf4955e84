import {
  KEPT_LEVELS,
  type KeptLevel,
  type KeptSpan,
  type RetentionSettings,
  type StorageStatus,
} from "../bus/retention.ts";
import { INTERVALS } from "../market/interval.ts";

/** Where old history is dropped. */
export interface RetentionStorage {
  span(level: KeptLevel): Promise<KeptSpan | null>;
  /** Drops what is older, as far as whole pieces allow. */
  drop(level: KeptLevel, before: number): Promise<void>;
  /** Size of the database, and how much of it is in use. */
  bytes(): Promise<{ readonly file: number; readonly used: number }>;
}

export interface RetentionOptions {
  readonly storage: RetentionStorage;
  readonly settings: RetentionSettings;
  /** What the archive of trades takes. */
  readonly tradesBytes: () => number;
  /** What a person should know of it. */
  readonly notice: (level: "warning", message: string) => void;
}

/** Room is never made of what is younger. */
const LEAST_MS: Readonly<Record<KeptLevel, number>> = {
  liquidity_1s: INTERVALS["1h"],
  liquidity_1m: INTERVALS["1d"],
  trades: 2 * INTERVALS["1d"],
  walls: INTERVALS["1d"],
};

/** What came of it: the archive of trades makes room in its own time. */
type Room = "made" | "ordered" | "none";

/** So much is dropped at once, that nobody waits for long. */
const PIECE_MS: Readonly<Record<KeptLevel, number>> = {
  liquidity_1s: INTERVALS["1h"],
  liquidity_1m: INTERVALS["1d"],
  trades: INTERVALS["1d"],
  walls: INTERVALS["1d"],
};

/**
 * Drops what is older than it should be kept, and the oldest of all while the whole is too large.
 * Age counts from the newest that is recorded: the local clock may be wrong.
 */
export class Retention {
  readonly #options: RetentionOptions;
  #status: StorageStatus | null = null;
  #isTooLarge = false;

  constructor(options: RetentionOptions) {
    this.#options = options;
  }

  /** Null before the first look. */
  get status(): StorageStatus | null {
    if (this.#status === null) return null;
    return { ...this.#status, tradesBytes: this.#options.tradesBytes() };
  }

  /** Looks once, and drops what is due, a piece after the other until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const { storage, settings } = this.#options;
    for (const level of KEPT_LEVELS) {
      const keepMs = settings.keepMs[level];
      const span = keepMs === null ? null : await storage.span(level);
      if (span === null || keepMs === null) continue;
      await this.#dropUpTo(level, span, span.to - keepMs, signal);
    }
    await this.#look();
    let room: Room = "made";
    while (!signal.aborted && this.#excessBytes > 0 && room === "made") {
      room = await this.#makeRoom();
      await this.#look();
    }
    this.#tellExcess(room === "none");
  }

  async #dropUpTo(
    level: KeptLevel,
    { from }: KeptSpan,
    end: number,
    signal: AbortSignal,
  ): Promise<void> {
    const { storage } = this.#options;
    const pieceMs = PIECE_MS[level];
    const pieces = Math.floor((end - from) / pieceMs);
    // The archive takes one order for all its days.
    for (let i = level === "trades" ? pieces : 1; i > 0 && i <= pieces && !signal.aborted; i++) {
      await storage.drop(level, from + i * pieceMs);
    }
  }

  get #excessBytes(): number {
    const { usedBytes = 0, tradesBytes = 0, maxBytes = null } = this.status ?? {};
    return maxBytes === null ? 0 : usedBytes + tradesBytes - maxBytes;
  }

  /** Drops the oldest piece of the first level that can spare it. */
  async #makeRoom(): Promise<Room> {
    const { storage } = this.#options;
    for (const level of KEPT_LEVELS) {
      const span = await storage.span(level);
      if (span === null || span.to - span.from < LEAST_MS[level] + PIECE_MS[level]) continue;
      await storage.drop(level, span.from + PIECE_MS[level]);
      const after = await storage.span(level);
      return after !== null && after.from > span.from ? "made" : "ordered";
    }
    return "none";
  }

  async #look(): Promise<void> {
    const { storage, settings, tradesBytes } = this.#options;
    const { file, used } = await storage.bytes();
    const entries = await Promise.all(KEPT_LEVELS.map(async (level) => {
      const kept = await storage.span(level);
      return [level, { keepMs: settings.keepMs[level], kept }] as const;
    }));
    this.#status = {
      databaseBytes: file,
      usedBytes: used,
      tradesBytes: tradesBytes(),
      maxBytes: settings.maxBytes,
      levels: Object.fromEntries(entries) as StorageStatus["levels"],
    };
  }

  #tellExcess(isAll: boolean): void {
    const isTooLarge = isAll && this.#excessBytes > 0;
    if (isTooLarge && !this.#isTooLarge) {
      this.#options.notice(
        "warning",
        `The recorded history takes ${this.#excessBytes} bytes more than --max-size allows, and ` +
          "nothing more of it may be dropped",
      );
    }
    this.#isTooLarge = isTooLarge;
  }
}
