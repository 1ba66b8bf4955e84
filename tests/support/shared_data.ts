import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const FOLDER = new URL("../../../shared/data/", import.meta.url);

/** Real captures and their exact results lie beside the repository; elsewhere tests skip. */
export const hasSharedData = existsSync(FOLDER);

if (!hasSharedData) {
  console.warn(`NOTICE: tests on real captures are skipped: there is no folder ${FOLDER.pathname}`);
}

export function sharedPath(path: string): string {
  return fileURLToPath(new URL(path, FOLDER));
}

/** A gzipped JSON file of the folder. */
export async function readOracle<T>(name: string): Promise<T> {
  const file = await Deno.open(sharedPath(`oracle/${name}`));
  return await new Response(file.readable.pipeThrough(new DecompressionStream("gzip"))).json();
}

/** A test on shared data: ignored, with the notice above, where the folder is missing. */
export function sharedTest(name: string, run: () => Promise<void>): void {
  Deno.test({ name, ignore: !hasSharedData, fn: run });
}
