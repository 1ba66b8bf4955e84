import { join } from "node:path";
import { errorText } from "./bus/error_text.ts";
import { ConfigError } from "./config.ts";

/** What a data folder was filled from; kept apart so that a simulated day never passes for real. */
export type DataKind = "binance" | "simulator" | "capture";

/**
 * Creates the folder for what a feed records and returns its path. Binance has the data folder
 * itself; the simulator and captures have folders of their own inside it.
 *
 * @throws ConfigError when it cannot be made.
 */
export async function openDataFolder(dataDir: string, kind: DataKind): Promise<string> {
  const folder = kind === "binance" ? dataDir : join(dataDir, kind);
  try {
    await Deno.mkdir(folder, { recursive: true });
  } catch (error) {
    throw new ConfigError([`--data-dir ${folder} cannot be created: ${errorText(error)}`]);
  }
  return folder;
}
