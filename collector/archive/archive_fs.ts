/** A file being written; `write` takes all bytes or fails. */
export interface OutputFile {
  write(bytes: Uint8Array): Promise<void>;
  /** Returns when the data has reached the disk. */
  sync(): Promise<void>;
  close(): void;
}

export interface InputFile {
  readonly size: number;
  /** The bytes of [start, end), cut at the end of the file. */
  read(start: number, end: number): Promise<Uint8Array<ArrayBuffer>>;
  close(): void;
}

export interface FolderEntry {
  readonly name: string;
  readonly isFolder: boolean;
}

/** Every file operation of the archive, so that a test can let any of them fail. */
export interface ArchiveFs {
  /** Creates a folder and those above it; one that exists is fine. */
  makeFolder(path: string): Promise<void>;
  /** Entries sorted by name; none where the folder does not exist. */
  list(path: string): Promise<FolderEntry[]>;
  /** A new file; fails where one of that name exists. */
  create(path: string): Promise<OutputFile>;
  open(path: string): Promise<InputFile>;
  rename(from: string, to: string): Promise<void>;
  remove(path: string): Promise<void>;
  removeIfThere(path: string): Promise<void>;
  /** Makes created, renamed and removed names of a folder durable. */
  syncFolder(path: string): Promise<void>;
}

/** The real file system. */
export const denoFs: ArchiveFs = {
  makeFolder: (path) => Deno.mkdir(path, { recursive: true }),

  async list(path) {
    const entries: FolderEntry[] = [];
    try {
      for await (const { name, isDirectory } of Deno.readDir(path)) {
        entries.push({ name, isFolder: isDirectory });
      }
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
    return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  },

  async create(path) {
    const file = await Deno.open(path, { write: true, createNew: true });
    return {
      async write(bytes) {
        for (let done = 0; done < bytes.length;) done += await file.write(bytes.subarray(done));
      },
      sync: () => file.syncData(),
      close: () => file.close(),
    };
  },

  async open(path) {
    const file = await Deno.open(path);
    const { size } = await file.stat();
    // One seek and read after the other: a file has a single position.
    let last: Promise<unknown> = Promise.resolve();
    return {
      size,
      read(start, end) {
        const bytes = last.then(() => readRange(file, start, Math.min(end, size)));
        last = bytes.catch(() => {});
        return bytes;
      },
      close: () => file.close(),
    };
  },

  rename: (from, to) => Deno.rename(from, to),
  remove: (path) => Deno.remove(path),

  async removeIfThere(path) {
    try {
      await Deno.remove(path);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  },

  async syncFolder(path) {
    // Windows has no handle on a folder that could be flushed; its renames are journalled.
    if (Deno.build.os === "windows") return;
    const folder = await Deno.open(path);
    try {
      await folder.sync();
    } finally {
      folder.close();
    }
  },
};

/** All bytes of a file, or its first `until` ones. */
export async function readWhole(
  fs: ArchiveFs,
  path: string,
  until = Infinity,
): Promise<Uint8Array<ArrayBuffer>> {
  const file = await fs.open(path);
  try {
    return await file.read(0, Math.min(file.size, until));
  } finally {
    file.close();
  }
}

async function readRange(file: Deno.FsFile, start: number, end: number) {
  const bytes = new Uint8Array(Math.max(0, end - start));
  await file.seek(start, Deno.SeekMode.Start);
  let length = 0;
  while (length < bytes.length) {
    const read = await file.read(bytes.subarray(length));
    if (read === null) break;
    length += read;
  }
  return bytes.subarray(0, length);
}
