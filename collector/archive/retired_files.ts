import type { ArchiveFs } from "./archive_fs.ts";

/** Files that another one replaced; they go when nobody reads any more. */
export class RetiredFiles {
  readonly #fs: ArchiveFs;
  readonly #paths = new Set<string>();
  #readers = 0;

  constructor(fs: ArchiveFs) {
    this.#fs = fs;
  }

  /** Keeps every file until the returned function is called. */
  hold(): () => void {
    this.#readers++;
    return () => void this.#readers--;
  }

  add(path: string): void {
    this.#paths.add(path);
  }

  /** A file of this name was written again and must stay. */
  spare(path: string): void {
    this.#paths.delete(path);
  }

  /**
   * Removes what nobody needs. What stays is only doubled and goes next time or at the next start.
   *
   * @throws Error if a file cannot be removed.
   */
  async remove(): Promise<void> {
    if (this.#readers > 0) return;
    for (const path of this.#paths) {
      await this.#fs.removeIfThere(path);
      this.#paths.delete(path);
    }
  }
}
