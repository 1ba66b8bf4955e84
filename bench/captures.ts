/** The spot captures beside the repository: one continuous recording. */
const CAPTURES = ["spot_btcusdt_20240808.gz", "spot_btcusdt_20240809.gz"].map((name) =>
  new URL(`../../shared/data/captures/${name}`, import.meta.url)
);

/**
 * JSON texts of the captures, without the local time in front.
 *
 * @returns null where they are missing
 */
export async function readCaptures(): Promise<string[] | null> {
  const lines: string[] = [];
  try {
    for (const file of CAPTURES) {
      const { readable } = await Deno.open(file);
      const text = await new Response(readable.pipeThrough(new DecompressionStream("gzip"))).text();
      for (const line of text.split("\n")) {
        if (line !== "") lines.push(line.slice(line.indexOf(" ") + 1));
      }
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    console.error("NOTICE: nothing is measured: the captures are missing beside the repository");
    return null;
  }
  return lines;
}
