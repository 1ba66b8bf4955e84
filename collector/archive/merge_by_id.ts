import type { Trade } from "../../market/types.ts";

/** Trades ascending by id that need not be read before their first id is due. */
export interface TradeSource {
  readonly firstId: number;
  batches(): AsyncIterable<readonly Trade[]> | Iterable<readonly Trade[]>;
}

/** A source that is being read: `trades[next]` is the one to come. */
interface Cursor {
  readonly batches: AsyncIterator<readonly Trade[]> | Iterator<readonly Trade[]>;
  trades: readonly Trade[];
  next: number;
}

const BATCH = 10_000;

/** All trades of the sources ascending by id, each id once, in batches. */
export async function* mergeById(sources: readonly TradeSource[]): AsyncGenerator<Trade[]> {
  const waiting = [...sources].sort((a, b) => a.firstId - b.firstId);
  let open: Cursor[] = [];
  let batch: Trade[] = [];
  let lastId = -Infinity;
  try {
    while (true) {
      const cursor = lowest(open);
      const due = waiting[0];
      if (due !== undefined && (cursor === null || due.firstId <= cursor.trades[cursor.next].id)) {
        waiting.shift();
        open.push(start(due));
        if (!await advance(open[open.length - 1])) open.pop();
        continue;
      }
      if (cursor === null) break;
      const trade = cursor.trades[cursor.next++];
      if (trade.id > lastId) batch.push(trade);
      lastId = Math.max(lastId, trade.id);
      if (batch.length === BATCH) {
        yield batch;
        batch = [];
      }
      if (!await advance(cursor)) open = open.filter((other) => other !== cursor);
    }
    if (batch.length > 0) yield batch;
  } finally {
    // Files are closed even when the reader stops early.
    for (const cursor of open) await cursor.batches.return?.();
  }
}

/** A source from trades in memory, which need not be sorted. */
export function sourceOf(trades: readonly Trade[]): TradeSource[] {
  if (trades.length === 0) return [];
  const sorted = sortById(trades);
  return [{ firstId: sorted[0].id, batches: () => [sorted] }];
}

export function sortById(trades: readonly Trade[]): Trade[] {
  return [...trades].sort((a, b) => a.id - b.id);
}

function start(source: TradeSource): Cursor {
  const batches = source.batches();
  const iterator = Symbol.asyncIterator in batches
    ? batches[Symbol.asyncIterator]()
    : batches[Symbol.iterator]();
  return { batches: iterator, trades: [], next: 0 };
}

/** Sees to it that `trades[next]` exists; false at the end of the source. */
async function advance(cursor: Cursor): Promise<boolean> {
  while (cursor.next === cursor.trades.length) {
    const step = await cursor.batches.next();
    if (step.done) return false;
    cursor.trades = step.value;
    cursor.next = 0;
  }
  return true;
}

function lowest(open: readonly Cursor[]): Cursor | null {
  let best: Cursor | null = null;
  for (const cursor of open) {
    if (best === null || cursor.trades[cursor.next].id < best.trades[best.next].id) best = cursor;
  }
  return best;
}
