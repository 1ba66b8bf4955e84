import type { Wall } from "../market/wall.ts";
import type { GapStorage } from "./gap_recorder.ts";
import type { LiquidityStorage } from "./liquidity_recorder.ts";
import type { RetentionStorage } from "./retention.ts";
import type { ArchivedTrades } from "./store/archived_trades.ts";
import type { LiquidityReader } from "./store/liquidity_reader.ts";
import type { RollupFiller } from "./store/rollup_filler.ts";
import type { RollupStorage } from "./store/rollup_recorder.ts";
import type { RollupStore } from "./store/rollup_store.ts";
import type { RollupSeries } from "./store/rollup_symbols.ts";
import type { WallsStore } from "./store/walls_store.ts";

/** Where walls that have ended are kept. */
export interface WallStorage {
  save(symbol: string, walls: readonly Wall[]): Promise<void>;
}

/** What is on the disk, for answers: they neither wait for a write, nor see half of one. */
export interface Recorded {
  readonly liquidity: LiquidityReader;
  readonly walls: Pick<WallsStore, "read">;
  readonly rollups: RollupStore;
  readonly tradesOf: (series: RollupSeries) => ArchivedTrades;
}

/** Where the processor keeps what it knows. */
export interface HistoryStorage {
  readonly gaps: GapStorage;
  readonly walls: WallStorage;
  readonly liquidity: LiquidityStorage;
  readonly rollups: RollupStorage;
  /** Brings to the rollups what only the archive of trades knows. */
  readonly filler: RollupFiller;
  readonly retention: RetentionStorage;
  readonly recorded: Recorded;
  close(): Promise<void>;
}

export interface HistoryReader {
  /**
   * What is on the disk; null when that cannot be read. While it is being opened, this waits; then
   * the ledgers of gaps know what earlier runs lacked.
   */
  recorded(): Promise<Recorded | null>;
}
