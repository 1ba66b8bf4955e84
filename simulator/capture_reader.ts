import { type FileHandle, open } from "node:fs/promises";
import { basename } from "node:path";
import { createGunzip } from "node:zlib";

/** One line of a capture. */
export interface CaptureLine {
  /** Local receive time in ms. */
  readonly receiveTime: number;
  /** The frame as it was received. */
  readonly frame: string;
  /** File name and line number for messages. */
  readonly place: string;
}

const GZIP_MAGIC = [0x1f, 0x8b];
const READ_BYTES = 65_536;

/**
 * Lines of capture files, one after the other, gzipped or not, without reading a file whole.
 * A line is local time in ns, a space, the raw frame; others are told to `onBroken` and left out.
 * A gzipped file whose end is missing, because its recorder was killed, is read as far as it goes.
 *
 * @throws Error naming a file that cannot be read.
 */
export async function* readCapture(
  files: readonly string[],
  onBroken: (message: string) => void,
): AsyncGenerator<CaptureLine> {
  for (const file of files) {
    let number = 0;
    try {
      const handle = await open(file);
      try {
        for await (const text of linesOf(handle)) {
          number++;
          if (text === "") continue;
          const place = `${basename(file)} line ${number}`;
          const space = text.indexOf(" ");
          const nanoseconds = text.slice(0, Math.max(0, space));
          if (!/^\d{16,20}$/.test(nanoseconds)) {
            const start = text.slice(0, 60);
            onBroken(`${place} does not begin with a time in ns and a space: "${start}"`);
            continue;
          }
          // Microseconds are fine enough, and exact in a double.
          const receiveTime = Number(nanoseconds.slice(0, -3)) / 1000;
          yield { receiveTime, frame: text.slice(space + 1), place };
        }
      } finally {
        await handle.close();
      }
    } catch (error) {
      // Not even one line: this is no recording that was cut off, but a broken file.
      if (isCutOff(error) && number > 0) {
        onBroken(`${basename(file)} ends early, after line ${number}: its recorder was killed`);
        continue;
      }
      const reason = error instanceof Error ? error.message : String(error);
      throw new Error(`The capture ${file} cannot be read after line ${number}: ${reason}`);
    }
  }
}

/** Complete lines; of a file that is cut off the last one is not. */
async function* linesOf(handle: FileHandle): AsyncGenerator<string> {
  // Not readline: it also breaks lines at U+2028, which JSON allows inside of strings.
  const decoder = new TextDecoder();
  let rest = "";
  for await (const bytes of unpacked(chunksOf(handle))) {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) yield line.endsWith("\r") ? line.slice(0, -1) : line;
  }
  if (rest !== "") yield rest;
}

async function* chunksOf(handle: FileHandle): AsyncGenerator<Uint8Array> {
  while (true) {
    const { bytesRead, buffer } = await handle.read(new Uint8Array(READ_BYTES), 0, READ_BYTES);
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
  }
}

/** Gzipped bytes unpacked, others as they are. */
async function* unpacked(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const gunzip = createGunzip();
  const texts: Uint8Array[] = [];
  let failure: Error | null = null;
  let step = Promise.withResolvers<void>();
  gunzip.on("data", (bytes: Uint8Array) => texts.push(bytes));
  gunzip.on("end", () => step.resolve());
  gunzip.on("error", (error) => {
    failure = error;
    step.resolve();
  });
  let isGzip: boolean | null = null;
  try {
    // Fed by hand: a pipe throws away what it has unpacked when it comes upon the missing end.
    for await (const chunk of chunks) {
      isGzip ??= chunk[0] === GZIP_MAGIC[0] && chunk[1] === GZIP_MAGIC[1];
      if (!isGzip) {
        yield chunk;
        continue;
      }
      step = Promise.withResolvers();
      gunzip.write(chunk, () => step.resolve());
      await step.promise;
      yield* texts.splice(0);
      if (failure !== null) throw failure;
    }
    if (!isGzip) return;
    step = Promise.withResolvers();
    gunzip.end();
    await step.promise;
    yield* texts;
    if (failure !== null) throw failure;
  } finally {
    gunzip.destroy();
  }
}

/** How zlib names the end of a file in the middle of its data. */
function isCutOff(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "Z_BUF_ERROR";
}
