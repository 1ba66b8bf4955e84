import { join } from "node:path";
import type { HistoryStorage } from "../history.ts";
import { DATABASE_FILE, openDatabase } from "./database.ts";
import { GapsStore } from "./gaps_store.ts";
import { WallsStore } from "./walls_store.ts";

/** The processor's database in a data folder, which is there already. */
export async function openHistory(
  folder: string,
  market: string,
  onMessage: (message: string) => void,
): Promise<HistoryStorage> {
  const database = await openDatabase(join(folder, DATABASE_FILE), { onMessage });
  const writer = await database.connection();
  const written = new WallsStore(writer, market);
  const read = new WallsStore(await database.connection(), market);
  return {
    gaps: new GapsStore(writer, market),
    walls: {
      save: (symbol, walls) => written.save(symbol, walls),
      // Answers must not wait for a write, nor see half of one.
      read: (...range) => read.read(...range),
    },
    close: () => database.close(),
  };
}
