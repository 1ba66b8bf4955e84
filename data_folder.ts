import { basename, join } from "node:path";
import { errorText } from "./bus/error_text.ts";
import { ConfigError } from "./config.ts";
import { lockFile } from "./lock_file.ts";

/** What a data folder is filled from. */
export type DataSource =
  | { readonly kind: "binance" }
  | { readonly kind: "simulator"; readonly seed: number; readonly speed: number }
  | { readonly kind: "capture"; readonly files: readonly string[] };

/** The folder for what one feed records, locked for this process. */
export interface DataFolder {
  readonly path: string;
  /** UTC ms at which the simulated market of this folder began; 0 for other feeds. */
  readonly marketBegin: number;
  release(): void;
}

const HOUR_MS = 3_600_000;
/** A simulated market begins so long before it is first shown. */
const SIMULATED_HISTORY_MS = 2 * HOUR_MS;
/** A simulated market goes on after a restart; catching up with an older one would take too long. */
const MAX_MARKET_AGE_MS = 6 * HOUR_MS;

/**
 * Finds or makes the folder for what a feed records. Binance has the data folder itself; each
 * simulated market and each capture has a folder of its own inside it, so that a simulated day
 * never passes for a real one and ids of two markets never meet.
 *
 * @throws ConfigError when it cannot be made, or another process uses it.
 */
export async function openDataFolder(
  dataDir: string,
  source: DataSource,
  now: number,
): Promise<DataFolder> {
  const { path, marketBegin = 0 } = await placeOf(dataDir, source, now);
  try {
    await Deno.mkdir(path, { recursive: true });
  } catch (error) {
    throw new ConfigError([`--data-dir ${path} cannot be created: ${errorText(error)}`]);
  }
  return { path, marketBegin, release: await holdDataFolder(path) };
}

/**
 * Takes a folder for this process alone.
 *
 * @throws ConfigError when another process uses it.
 */
export async function holdDataFolder(path: string): Promise<() => void> {
  const release = await lockOf(path);
  if (release !== null) return release;
  throw new ConfigError([
    `--data-dir ${path} is in use: another footprint records into it; stop it or choose another`,
  ]);
}

/** Null when another process has it. A folder in which nothing can be written needs no lock. */
async function lockOf(path: string): Promise<(() => void) | null> {
  try {
    return await lockFile(join(path, "lock"));
  } catch {
    return () => {};
  }
}

async function placeOf(
  dataDir: string,
  source: DataSource,
  now: number,
): Promise<{ path: string; marketBegin?: number }> {
  switch (source.kind) {
    case "binance":
      return { path: dataDir };
    case "capture":
      return { path: join(dataDir, "capture", await captureName(source.files)) };
    case "simulator": {
      const folder = join(dataDir, "simulator");
      const marketBegin = await beginOf(folder, source, now);
      return { path: join(folder, marketName(marketBegin, source)), marketBegin };
    }
    default:
      return source satisfies never;
  }
}

/** When the newest market that can go on began, else the beginning of a new one. */
async function beginOf(
  folder: string,
  source: { readonly seed: number; readonly speed: number },
  now: number,
): Promise<number> {
  const fresh = Math.floor((now - SIMULATED_HISTORY_MS) / 1000) * 1000;
  // At another pace the market's clock is not ours: there is nothing to go on with.
  if (source.speed !== 1) return fresh;
  const begins: number[] = [];
  for (const name of await namesIn(folder)) {
    const begin = Date.parse(name.slice(0, 20).replace(/T(..)-(..)-(..)Z/, "T$1:$2:$3Z"));
    const isSame = Number.isFinite(begin) && name === marketName(begin, source);
    if (isSame && begin <= fresh && now - begin <= MAX_MARKET_AGE_MS) begins.push(begin);
  }
  return begins.length === 0 ? fresh : Math.max(...begins);
}

/** "2026-11-23T03:10:00Z" without what file systems refuse. */
function marketName(begin: number, { seed, speed }: { seed: number; speed: number }): string {
  const time = new Date(begin).toISOString().slice(0, 19).replaceAll(":", "-");
  return `${time}Z_seed_${seed}${speed === 1 ? "" : `_speed_${speed}`}`;
}

/** The same files have the same name, whatever else was played. */
async function captureName(files: readonly string[]): Promise<string> {
  const parts = await Promise.all(files.map(async (file) => {
    const { size } = await Deno.stat(file).catch(() => ({ size: 0 }));
    return `${basename(file)} ${size}`;
  }));
  const bytes = new TextEncoder().encode(parts.join("\n"));
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  const hex = Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${basename(files[0]).replace(/\.gz$/, "")}_${hex.slice(0, 12)}`;
}

async function namesIn(folder: string): Promise<string[]> {
  const names: string[] = [];
  try {
    for await (const { name } of Deno.readDir(folder)) names.push(name);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return names;
}
