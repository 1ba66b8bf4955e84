import { join } from "node:path";
import type { IdRanges } from "../../market/id_ranges.ts";
import { type ArchiveFs, readWhole } from "./archive_fs.ts";

/** aggTrade ids that are not in the archive, and why. */
export interface GapNote {
  readonly fromId: number;
  readonly toId: number;
  readonly reason: string;
  /** Exchange time around which they were missed, UTC ms. */
  readonly time: number;
}

/** The reason of ids under which the exchange has no trade: nothing is missing there. */
export const VOID_IDS = "the exchange declares them void";

const FILE = "gaps.json";
/** Notes that no trade has filled; beyond this the oldest become one. */
const MAX_NOTES = 10_000;

/** The notes of one symbol: what is missing and known to be missing. */
export class GapNotes {
  readonly #fs: ArchiveFs;
  readonly #folder: string;
  #notes: readonly GapNote[];

  private constructor(fs: ArchiveFs, folder: string, notes: readonly GapNote[]) {
    this.#fs = fs;
    this.#folder = folder;
    this.#notes = notes;
  }

  /** @throws Error naming the file when it cannot be understood. */
  static async load(fs: ArchiveFs, folder: string): Promise<GapNotes> {
    return new GapNotes(fs, folder, await readNotes(fs, folder));
  }

  get all(): readonly GapNote[] {
    return this.#notes;
  }

  /** Keeps further notes, drops those that trades have filled, and returns when that is on disk. */
  async add(notes: readonly GapNote[], held: IdRanges): Promise<void> {
    const open = this.#notes.filter(({ fromId, toId }) => !held.covers(fromId, toId));
    const fresh = notes.filter((note) =>
      !open.some(({ fromId, toId }) => fromId <= note.fromId && toId >= note.toId)
    );
    if (fresh.length === 0 && open.length === this.#notes.length) return;
    const kept = joinOldest([...open, ...fresh]);
    const path = join(this.#folder, FILE);
    const temporary = `${path}.tmp`;
    await this.#fs.removeIfThere(temporary);
    const file = await this.#fs.create(temporary);
    try {
      await file.write(new TextEncoder().encode(`${JSON.stringify(kept, null, 1)}\n`));
      await file.sync();
    } finally {
      file.close();
    }
    await this.#fs.rename(temporary, path);
    await this.#fs.syncFolder(this.#folder);
    this.#notes = kept;
  }
}

/** No id may be missing without a note: one over all of the oldest takes their place. */
function joinOldest(notes: readonly GapNote[]): readonly GapNote[] {
  const oldest = notes.slice(0, Math.max(0, notes.length - MAX_NOTES + 1));
  if (oldest.length <= 1) return notes;
  const joined = {
    ...oldest[0],
    fromId: oldest.reduce((least, { fromId }) => Math.min(least, fromId), Infinity),
    toId: oldest.reduce((most, { toId }) => Math.max(most, toId), -Infinity),
    reason: "many gaps between these ids",
  };
  return [joined, ...notes.slice(oldest.length)];
}

async function readNotes(fs: ArchiveFs, folder: string): Promise<GapNote[]> {
  const entries = await fs.list(folder);
  if (!entries.some(({ name }) => name === FILE)) return [];
  const path = join(folder, FILE);
  const text = new TextDecoder().decode(await readWhole(fs, path));
  try {
    const notes: unknown = JSON.parse(text);
    if (Array.isArray(notes) && notes.every(isNote)) return notes;
  } catch {
    // Told below: whatever is wrong with it, it is no list of notes.
  }
  throw new Error(`${path} is no list of gap notes: ${text.slice(0, 80)}`);
}

function isNote(value: unknown): value is GapNote {
  const note = (value ?? {}) as Record<string, unknown>;
  return Number.isSafeInteger(note.fromId) && Number.isSafeInteger(note.toId) &&
    typeof note.reason === "string" && typeof note.time === "number";
}
