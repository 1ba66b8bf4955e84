import { RawFile } from "./raw_file.ts";
import { dayOf, type RawLine } from "./raw_line.ts";

/** The files of a raw recording: one for each start and each UTC day of local time. */
export class RawDayFiles {
  readonly #folder: string;
  readonly #name: string;
  #current: { readonly file: RawFile; readonly day: bigint } | null = null;

  /** @param name what the files' names begin with, e.g. "spot_btcusdt" */
  constructor(folder: string, name: string) {
    this.#folder = folder;
    this.#name = name.replace(/[^\p{L}\p{N}_-]/gu, "-");
  }

  /** The file that is written at present. */
  get path(): string | null {
    return this.#current?.file.path ?? null;
  }

  /**
   * Appends lines of one day.
   *
   * @returns whether that ended the file of another day
   */
  async write(lines: readonly RawLine[]): Promise<boolean> {
    const { time } = lines[0];
    const day = dayOf(time);
    const isNextDay = this.#current !== null && this.#current.day !== day;
    if (isNextDay) await this.end();
    this.#current ??= { file: await RawFile.create(this.#folder, this.#nameAt(time)), day };
    await this.#current.file.write(lines.map(({ line }) => line).join(""));
    return isNextDay;
  }

  /** Ends the present file; the next line begins another. */
  async end(): Promise<void> {
    const current = this.#current;
    this.#current = null;
    await current?.file.end();
  }

  /** Gives the present file up after an error; the next line begins another. */
  async abandon(): Promise<void> {
    const current = this.#current;
    this.#current = null;
    await current?.file.abandon();
  }

  /** spot_btcusdt_20261123T031000Z */
  #nameAt(time: bigint): string {
    const iso = new Date(Number(time / 1_000_000n)).toISOString();
    return `${this.#name}_${iso.replace(/[-:]|\.\d+/g, "")}`;
  }
}
