import { open } from "node:fs/promises";
import { basename } from "node:path";
import { createInterface } from "node:readline";
import { Readable } from "node:stream";

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

/**
 * Lines of capture files, one after the other, gzipped or not, without reading a file whole.
 * A line is local time in ns, a space, the raw frame; others are told to `onBroken` and left out.
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
      for await (
        const text of createInterface({ input: await textStream(file), crlfDelay: Infinity })
      ) {
        number++;
        if (text === "") continue;
        const place = `${basename(file)} line ${number}`;
        const space = text.indexOf(" ");
        const nanoseconds = text.slice(0, Math.max(0, space));
        if (!/^\d{16,20}$/.test(nanoseconds)) {
          onBroken(`${place} does not begin with a time in ns and a space: "${text.slice(0, 60)}"`);
          continue;
        }
        // Microseconds are fine enough, and exact in a double.
        const receiveTime = Number(nanoseconds.slice(0, -3)) / 1000;
        yield { receiveTime, frame: text.slice(space + 1), place };
      }
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new Error(`The capture ${file} cannot be read after line ${number}: ${reason}`);
    }
  }
}

async function textStream(file: string): Promise<Readable> {
  const handle = await open(file);
  const head = new Uint8Array(2);
  await handle.read(head, 0, 2, 0);
  const bytes = handle.createReadStream({ start: 0 });
  const isGzip = head[0] === GZIP_MAGIC[0] && head[1] === GZIP_MAGIC[1];
  if (!isGzip) return bytes;
  const { createGunzip } = await import("node:zlib");
  const text = createGunzip();
  // A broken archive must end the reading of lines with its error, not the program.
  bytes.on("error", (error) => text.destroy(error));
  return bytes.pipe(text);
}
