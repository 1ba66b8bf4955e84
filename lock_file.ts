const PATIENCE_MS = 2000;

/**
 * Takes a file for this process alone; the lock ends with the process, however that ends.
 *
 * @returns how to give it back, or null when another process holds it
 */
export async function lockFile(path: string): Promise<(() => void) | null> {
  const file = await Deno.open(path, { write: true, create: true });
  if (await takeLock(file)) return () => file.close();
  file.close();
  return null;
}

/** Deno 2.6 has no `tryLock`: there a lock that is held elsewhere is given up after a while. */
async function takeLock(file: Deno.FsFile & { tryLock?(exclusive: boolean): Promise<boolean> }) {
  if (file.tryLock !== undefined) return await file.tryLock(true);
  const { promise: patience, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => resolve(false), PATIENCE_MS);
  try {
    return await Promise.race([file.lock(true).then(() => true), patience]);
  } finally {
    clearTimeout(timer);
  }
}
