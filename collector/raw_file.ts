import { constants, createGzip } from "node:zlib";

/** A gzip file that is only ever appended to, and is readable up to its last write at any time. */
export class RawFile {
  readonly path: string;
  readonly #file: Deno.FsFile;
  readonly #gzip = createGzip();
  #packed: Uint8Array[] = [];
  #failure: Error | null = null;
  #hasContent = false;
  #isClosed = false;

  private constructor(path: string, file: Deno.FsFile) {
    this.path = path;
    this.#file = file;
    this.#gzip.on("data", (bytes: Uint8Array) => this.#packed.push(bytes));
    this.#gzip.on("error", (error: Error) => this.#failure = error);
  }

  /** Creates `NAME.gz`, or NAME-2.gz and so on: a file that is there is never touched. */
  static async create(folder: string, name: string): Promise<RawFile> {
    await Deno.mkdir(folder, { recursive: true });
    for (let number = 1;; number++) {
      const path = `${folder}/${name}${number === 1 ? "" : `-${number}`}.gz`;
      try {
        return new RawFile(path, await Deno.open(path, { write: true, createNew: true }));
      } catch (error) {
        if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
      }
    }
  }

  /** Resolves when the system has the text in full; after an error the file can only be closed. */
  async write(text: string): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#gzip.write(text);
    // The end of a flush lies at a byte's end: a reader gets all that came before it.
    this.#gzip.flush(constants.Z_SYNC_FLUSH, () => resolve());
    await promise;
    // A file that was removed takes bytes all the same, and nobody would ever see them.
    await Deno.stat(this.path);
    await this.#save();
    this.#hasContent = true;
  }

  /** Ends the gzip stream and closes the file. */
  async end(): Promise<void> {
    try {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#gzip.once("end", resolve);
      this.#gzip.once("error", () => resolve());
      this.#gzip.end();
      await promise;
      await this.#save();
      await this.#file.sync();
    } finally {
      this.#close();
    }
  }

  /** Closes the file as it is, after an error; one without content goes. */
  async abandon(): Promise<void> {
    this.#close();
    // A full disk may still create files: every attempt would leave an empty one.
    if (!this.#hasContent) await Deno.remove(this.path).catch(() => {});
  }

  async #save(): Promise<void> {
    if (this.#failure !== null) throw this.#failure;
    for (const bytes of this.#packed.splice(0)) {
      for (let at = 0; at < bytes.length;) at += await this.#file.write(bytes.subarray(at));
    }
  }

  #close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#gzip.destroy();
    this.#file.close();
  }
}
