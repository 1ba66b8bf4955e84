import type { Trade } from "../../market/types.ts";
import type { ArchiveFs, OutputFile } from "./archive_fs.ts";
import { encodeHeader, encodeRecord } from "./journal_format.ts";
import type { TradeSeries } from "./trade_series.ts";

/**
 * A journal being written. After a failed flush it takes no more: what the disk holds beyond
 * `durableBytes` is then unknown, and after a failed fsync another one proves nothing.
 */
export class Journal {
  readonly path: string;
  readonly #file: OutputFile;
  #buffered: Trade[] = [];
  #durableBytes: number;
  #durableTrades = 0;
  #failed = false;

  private constructor(path: string, file: OutputFile, headerBytes: number) {
    this.path = path;
    this.#file = file;
    this.#durableBytes = headerBytes;
  }

  /** A new file with its header; the caller makes its name durable by syncing the folder. */
  static async create(fs: ArchiveFs, path: string, series: TradeSeries): Promise<Journal> {
    const file = await fs.create(path);
    try {
      const header = encodeHeader(series);
      await file.write(header);
      await file.sync();
      return new Journal(path, file, header.length);
    } catch (error) {
      file.close();
      throw error;
    }
  }

  /** So much of the file is known to be on the disk. */
  get durableBytes(): number {
    return this.#durableBytes;
  }

  get durableTrades(): number {
    return this.#durableTrades;
  }

  append(trades: readonly Trade[]): void {
    for (const trade of trades) this.#buffered.push(trade);
  }

  /** Writes what was appended as one record and returns when it is on the disk. */
  async flush(): Promise<void> {
    if (this.#failed) throw new Error(`${this.path} failed before and takes no more trades`);
    if (this.#buffered.length === 0) return;
    const trades = this.#buffered;
    this.#buffered = [];
    const record = encodeRecord(trades);
    try {
      await this.#file.write(record);
      await this.#file.sync();
    } catch (error) {
      this.#failed = true;
      throw error;
    }
    this.#durableBytes += record.length;
    this.#durableTrades += trades.length;
  }

  close(): void {
    this.#file.close();
  }
}
