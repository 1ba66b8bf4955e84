import { join } from "node:path";
import type { MarketKind } from "../../market/types.ts";
import type { HistoryStorage } from "../history_storage.ts";
import { LIVE_BIN_MS } from "../symbol_state.ts";
import { ArchivedTrades } from "./archived_trades.ts";
import { type Database, DATABASE_FILE, openDatabase } from "./database.ts";
import { GapsStore } from "./gaps_store.ts";
import { LiquidityReader } from "./liquidity_reader.ts";
import { LiquidityWriter } from "./liquidity_writer.ts";
import { RetentionStore } from "./retention_store.ts";
import { RollupFiller } from "./rollup_filler.ts";
import { RollupStore } from "./rollup_store.ts";
import { TradeFiles } from "./trade_files.ts";
import { WallsStore } from "./walls_store.ts";

export interface OpenHistoryOptions {
  /** It is there already. */
  readonly folder: string;
  readonly market: MarketKind;
  /** Has the archive drop its trades of the UTC days before a time. */
  readonly dropTrades: (before: number) => void;
  /** Something that belongs in the log. */
  readonly onMessage: (message: string) => void;
  /** What the book of a symbol held from one time to another could not be kept. */
  readonly onLost: (symbol: string, from: number, to: number, reason: string) => void;
}

/** The processor's database in a data folder. */
export async function openHistory(options: OpenHistoryOptions): Promise<HistoryStorage> {
  const { folder, onMessage } = options;
  const database = await openDatabase(join(folder, DATABASE_FILE), { onMessage });
  try {
    return await storageOf(database, options);
  } catch (error) {
    // It is tried again, and every time would hold the file once more.
    await database.close().catch(() => {});
    throw error;
  }
}

async function storageOf(
  database: Database,
  { folder, market, dropTrades, onLost }: OpenHistoryOptions,
): Promise<HistoryStorage> {
  const writer = await database.connection();
  // Answers must not wait for a write, nor see half of one.
  const reader = await database.connection();
  const candleReader = await database.connection();
  const gaps = new GapsStore(writer, market);
  // Nobody else's statements may come between those of an appender's transaction.
  const liquidity = await LiquidityWriter.open(await database.connection(), {
    binMs: LIVE_BIN_MS,
    onLost: ({ symbol, table, from, to }) =>
      onLost(symbol, from, to, `a resting quantity is too large for ${table}`),
  });
  const files = new TradeFiles(folder, market);
  const rollups = new RollupStore(writer);
  return {
    gaps: {
      save: (...gap) => gaps.save(...gap),
      async load(symbol) {
        const { gaps: found, bookUntil } = await gaps.load(symbol);
        // A book that was known, but is not on the disk, is lost.
        return { gaps: found, bookUntil: liquidity.recordedUntil(market, symbol) ?? bookUntil };
      },
    },
    walls: new WallsStore(writer, market),
    liquidity,
    rollups,
    filler: new RollupFiller({
      store: rollups,
      files,
      tradesOf: (series) => new ArchivedTrades(writer, files, series),
    }),
    retention: new RetentionStore({
      database,
      connection: await database.connection(),
      market,
      files,
      dropTrades,
    }),
    recorded: {
      walls: new WallsStore(reader, market),
      liquidity: new LiquidityReader(reader),
      rollups: new RollupStore(candleReader),
      tradesOf: (series) => new ArchivedTrades(candleReader, files, series),
    },
    close: () => database.close(),
  };
}
