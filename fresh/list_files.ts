import { join } from "node:path";

/**
 * Paths of all files below `folder`, with "/" between the parts, sorted; none when there is no such
 * folder. Names starting with "." are left out, but for .well-known.
 */
export async function listFiles(folder: string, below = ""): Promise<string[]> {
  const found: string[] = [];
  try {
    for await (const entry of Deno.readDir(join(folder, below))) {
      if (entry.name.startsWith(".") && entry.name !== ".well-known") continue;
      const path = below === "" ? entry.name : `${below}/${entry.name}`;
      if (entry.isSymlink) {
        throw new Error(
          `${join(folder, path)} is a symbolic link: a build takes files and folders only.`,
        );
      }
      if (entry.isDirectory) found.push(...await listFiles(folder, path));
      else found.push(path);
    }
  } catch (error) {
    if (below === "" && error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
  return found.sort();
}

/** Modules alone, without tests. */
export async function listModules(folder: string): Promise<string[]> {
  const files = await listFiles(folder);
  return files.filter((path) =>
    /\.[jt]sx?$/.test(path) && !/[._]test\.[jt]sx?$|\.d\.ts$/.test(path)
  );
}
