import { join } from "node:path";

/** Every file below a folder with its text, sorted by path. */
export async function listTree(folder: string, below = ""): Promise<[string, string][]> {
  const found: [string, string][] = [];
  for await (const { name, isDirectory } of Deno.readDir(join(folder, below))) {
    const path = join(below, name);
    if (isDirectory) found.push(...await listTree(folder, path));
    else found.push([path, await Deno.readTextFile(join(folder, path))]);
  }
  return found.sort(([a], [b]) => a < b ? -1 : 1);
}
