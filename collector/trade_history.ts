import type { TradesLostEvent } from "../bus/messages.ts";
import type { Trade } from "../market/types.ts";
import type { ArchivedUntil } from "./archive/messages.ts";
import type { TradeRepair } from "./trade_repair.ts";

export interface TradeHistoryOptions {
  readonly symbol: string;
  /** What was recorded before, or null without an archive. */
  readonly archivedUntil: ArchivedUntil | null;
  /** Archived trades at or after a time, ascending by id. */
  readonly readArchive: (fromTime: number) => AsyncIterable<readonly Trade[]>;
  /** How far back trades are fetched. */
  readonly backfillMs: number;
  readonly takeArchived: (trade: Trade) => void;
  readonly lost: (event: TradesLostEvent) => void;
  readonly repair: Pick<TradeRepair, "add" | "addSince">;
  /** Resolves when whoever takes the trades keeps up. */
  readonly room: () => Promise<void>;
}

/**
 * Brings back what was recorded before the first trade of the stream, as far as the backfill
 * reaches, and has everything fetched that is missing between: since the program was stopped, and
 * where an earlier run was interrupted.
 *
 * @throws Error when the archive cannot be read, or is of other ids than the exchange's
 */
export async function bringBackHistory(
  options: TradeHistoryOptions,
  first: Trade,
): Promise<void> {
  const { symbol, archivedUntil, readArchive, backfillMs, takeArchived, lost, repair } = options;
  if (
    archivedUntil !== null && archivedUntil.id >= first.id &&
    archivedUntil.tradeTime < first.tradeTime
  ) {
    throw new Error(
      `the archive ends with aggTrade ${archivedUntil.id}, but a later one is ${first.id}: it is ` +
        "of another market, or the exchange numbers anew; choose another data folder",
    );
  }
  const since = first.tradeTime - backfillMs;
  let oldest: Trade | null = null;
  let newest: Trade | null = null;
  for await (const trades of readArchive(since)) {
    for (const trade of trades) {
      // The archive may hold trades of this run already.
      if (trade.id >= first.id) break;
      oldest ??= trade;
      if (newest !== null && trade.id > newest.id + 1) {
        const reason = "missing in the archive";
        lost(lostBetween(symbol, newest, trade, reason));
        repair.add(newest.id + 1, trade.id - 1);
      }
      takeArchived(trade);
      newest = trade;
    }
    await options.room();
  }
  if (newest !== null && oldest !== null) {
    if (newest.id < first.id - 1) {
      lost(lostBetween(symbol, newest, first, "the program was not running"));
      repair.add(newest.id + 1, first.id - 1);
    }
    // A first start that was interrupted has left the older part to be fetched.
    if (backfillMs > 0) repair.addSince(since, oldest.id - 1);
    return;
  }
  if (archivedUntil !== null && archivedUntil.id < first.id - 1) {
    lost(lostBetween(symbol, archivedUntil, first, "the program was not running"));
    if (backfillMs > 0) repair.addSince(since, first.id - 1, archivedUntil.id + 1);
    return;
  }
  if (archivedUntil === null && backfillMs > 0) repair.addSince(since, first.id - 1);
}

function lostBetween(
  symbol: string,
  before: ArchivedUntil,
  after: Trade,
  reason: string,
): TradesLostEvent {
  return {
    type: "tradesLost",
    symbol,
    fromId: before.id + 1,
    toId: after.id - 1,
    fromTime: before.tradeTime,
    toTime: after.tradeTime,
    reason,
  };
}
