import { dirname, join, parse, relative, sep } from "node:path";

/** Permission bits: what group and others may do, of that writing, and "only owners may delete". */
const FOR_OTHERS = 0o077;
const WRITABLE_BY_OTHERS = 0o022;
const STICKY = 0o1000;

/**
 * Makes a folder in which nobody else can write, or makes sure that it is one.
 *
 * @throws when it is another user's, open to others, or in a place where others could replace it
 */
export async function makePrivateFolder(path: string): Promise<void> {
  await Deno.mkdir(path, { recursive: true, mode: 0o700 });
  const { isDirectory, uid, mode } = await Deno.lstat(path);
  if (!isDirectory) throw new Error(`${path} is not a folder`);
  // Windows has neither; its folder of a user's local data is that user's alone.
  if (mode === null || Deno.uid() === null) return;
  if (uid !== Deno.uid() || (mode & FOR_OTHERS) !== 0) {
    throw new Error(
      `${path} must be a folder of user ${Deno.uid()} with mode 700; it has owner ${uid} and mode ${
        (mode & 0o777).toString(8)
      }`,
    );
  }
  const open = await openAncestor(await Deno.realPath(path));
  if (open !== null) {
    throw new Error(`${path} could be replaced by others: ${open} is open to them`);
  }
}

/** The folder above `path` in which others could put another one in its place, or null. */
async function openAncestor(path: string): Promise<string | null> {
  const { root } = parse(path);
  let folder = root;
  for (const name of relative(root, dirname(path)).split(sep)) {
    folder = join(folder, name);
    const { uid, mode } = await Deno.stat(folder);
    const bits = mode ?? 0;
    // Nobody else gets through here, whatever the folders below allow.
    if (uid === Deno.uid() && (bits & FOR_OTHERS) === 0) return null;
    const isOwnerTrusted = uid === Deno.uid() || uid === 0;
    const canReplace = (bits & WRITABLE_BY_OTHERS) !== 0 && (bits & STICKY) === 0;
    if (!isOwnerTrusted || canReplace) return folder;
  }
  return null;
}
