/** What DuckDB says of a file that is no database, or of which a part is lost or changed. */
const BROKEN =
  /not a valid DuckDB database file|Corrupt (database|WAL) file|Could not read enough bytes|Serialization Error|replaying WAL/;
/** What was written last lies in a file of its own until a checkpoint. */
const BROKEN_LOG = /replaying WAL/;

/**
 * Puts a database that cannot be read out of the way, under a name that tells when; nothing is
 * ever overwritten or deleted. Where only the log of the last writes is broken, the rest stays.
 *
 * @param reason what DuckDB says
 * @returns the new name, or null when the file is not broken: it may be locked, or not readable
 */
export async function setBrokenFileAside(
  path: string,
  reason: string,
  now: number,
): Promise<string | null> {
  // Whatever the folders are called.
  const said = reason.replaceAll(path, "");
  if (!BROKEN.test(said)) return null;
  const time = new Date(now).toISOString().replaceAll(":", "-");
  const log = `${path}.wal`;
  if (BROKEN_LOG.test(said) && await exists(log)) {
    const name = await freeName(`${log}.broken-${time}`);
    await Deno.rename(log, name);
    return name;
  }
  const name = await freeName(`${path}.broken-${time}`);
  await Deno.rename(path, name);
  // It belongs to that file, and must not be applied to the next.
  if (await exists(log)) await Deno.rename(log, `${name}.wal`);
  return name;
}

async function freeName(name: string): Promise<string> {
  let free = name;
  for (let i = 2; await exists(free) || await exists(`${free}.wal`); i++) free = `${name}-${i}`;
  return free;
}

async function exists(path: string): Promise<boolean> {
  try {
    await Deno.lstat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
