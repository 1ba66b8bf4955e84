import { createHash } from "node:crypto";

const CHUNK_BYTES = 1 << 20;

/**
 * Makes sure that `target` is a file with the content of `source`, whose SHA-256 is given. A file
 * that is there already is used only if it has the same; others never see half a file.
 */
export async function verifiedCopy(source: URL, target: string, sha256: string): Promise<void> {
  if (await sha256OfFile(target) === sha256) return;
  const aside = `${target}.${crypto.randomUUID()}`;
  try {
    using from = await Deno.open(source);
    using to = await Deno.open(aside, { write: true, createNew: true, mode: 0o600 });
    const copied = await sha256Of(from, async (bytes) => {
      for (let done = 0; done < bytes.length;) done += await to.write(bytes.subarray(done));
    });
    if (copied !== sha256) throw new Error(`${source} has SHA-256 ${copied} instead of ${sha256}`);
    await Deno.rename(aside, target);
  } catch (error) {
    await Deno.remove(aside).catch(() => {});
    throw error;
  }
}

/** SHA-256 in hex, or null where there is no such file. */
async function sha256OfFile(path: string): Promise<string | null> {
  try {
    using file = await Deno.open(path);
    return await sha256Of(file, () => Promise.resolve());
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

/** In chunks: these files are 70 MB, and what a start took stays in the memory of the process. */
async function sha256Of(
  file: Deno.FsFile,
  visit: (bytes: Uint8Array) => Promise<void>,
): Promise<string> {
  const hash = createHash("sha256");
  const buffer = new Uint8Array(CHUNK_BYTES);
  for (let size = await file.read(buffer); size !== null; size = await file.read(buffer)) {
    const bytes = buffer.subarray(0, size);
    hash.update(bytes);
    await visit(bytes);
  }
  return hash.digest("hex");
}
