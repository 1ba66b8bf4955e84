import type { ArchiveFs, OutputFile } from "../../../collector/archive/archive_fs.ts";

/** What a call to a file system was about; `path` without the temporary folder's name. */
export type FsCall = keyof ArchiveFs | "write" | "sync";

/**
 * A file system in memory that forgets at a crash what was not synced, and fails or waits where a
 * test says so.
 */
export class MemoryFs implements ArchiveFs {
  /** Called before every change; throws to let it fail. */
  before: (call: FsCall, path: string) => void | Promise<void> = () => {};
  readonly #files = new Map<string, { bytes: Uint8Array<ArrayBuffer>; synced: number }>();
  readonly #folders = new Set<string>();

  paths(): string[] {
    return [...this.#files.keys()].sort();
  }

  bytesOf(path: string): Uint8Array {
    return this.#fileOf(path).bytes;
  }

  put(path: string, bytes: Uint8Array<ArrayBuffer>): void {
    this.#files.set(path, { bytes, synced: bytes.length });
  }

  /** Power is cut: what was not synced is gone, or a part of it is there. */
  crash(keptBytes = 0): void {
    for (const file of this.#files.values()) {
      file.bytes = file.bytes.slice(0, file.synced + keptBytes);
      file.synced = file.bytes.length;
    }
  }

  async makeFolder(path: string): Promise<void> {
    await this.before("makeFolder", path);
    this.#folders.add(path);
  }

  list(path: string) {
    const names = new Map<string, boolean>();
    for (const one of this.#files.keys()) {
      if (!one.startsWith(`${path}/`)) continue;
      const [name, ...below] = one.slice(path.length + 1).split("/");
      names.set(name, below.length > 0);
    }
    const entries = [...names].map(([name, isFolder]) => ({ name, isFolder }));
    return Promise.resolve(entries.sort((a, b) => (a.name < b.name ? -1 : 1)));
  }

  async create(path: string): Promise<OutputFile> {
    await this.before("create", path);
    if (this.#files.has(path)) throw new Error(`${path} exists`);
    const file = { bytes: new Uint8Array(), synced: 0 };
    this.#files.set(path, file);
    return {
      write: async (bytes) => {
        // Half of it arrives when a write fails.
        const half = bytes.length >> 1;
        try {
          await this.before("write", path);
        } catch (error) {
          file.bytes = joined(file.bytes, bytes.subarray(0, half));
          throw error;
        }
        file.bytes = joined(file.bytes, bytes);
      },
      sync: async () => {
        await this.before("sync", path);
        file.synced = file.bytes.length;
      },
      close: () => {},
    };
  }

  open(path: string) {
    const { bytes } = this.#fileOf(path);
    return Promise.resolve({
      size: bytes.length,
      read: (start: number, end: number) => Promise.resolve(bytes.slice(start, end)),
      close: () => {},
    });
  }

  async rename(from: string, to: string): Promise<void> {
    await this.before("rename", from);
    this.#files.set(to, this.#fileOf(from));
    this.#files.delete(from);
  }

  async remove(path: string): Promise<void> {
    await this.before("remove", path);
    this.#fileOf(path);
    this.#files.delete(path);
  }

  async removeIfThere(path: string): Promise<void> {
    await this.before("removeIfThere", path);
    this.#files.delete(path);
  }

  async syncFolder(path: string): Promise<void> {
    await this.before("syncFolder", path);
  }

  #fileOf(path: string) {
    const file = this.#files.get(path);
    if (file === undefined) throw new Deno.errors.NotFound(path);
    return file;
  }
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(a.length + b.length);
  bytes.set(a);
  bytes.set(b, a.length);
  return bytes;
}
