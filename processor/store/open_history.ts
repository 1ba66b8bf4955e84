import { join } from "node:path";
import type { HistoryStorage } from "../history.ts";
import { DATABASE_FILE, openDatabase } from "./database.ts";
import { GapsStore } from "./gaps_store.ts";

/** The processor's database in a data folder, which is there already. */
export async function openHistory(
  folder: string,
  market: string,
  onMessage: (message: string) => void,
): Promise<HistoryStorage> {
  const database = await openDatabase(join(folder, DATABASE_FILE), { onMessage });
  return {
    gaps: new GapsStore(await database.connection(), market),
    close: () => database.close(),
  };
}
