/** `deno task compile [--target TRIPLE] [--output FILE]`: makes the executable. */
import { dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { findCompiler } from "./compiler.ts";
import { stageProgram } from "./staging.ts";

const ROOT = resolve(import.meta.dirname ?? ".", "..");
/** What no import leads to: workers, and the page with what it serves. */
const INCLUDED = [
  "_fresh",
  "static",
  "collector/worker.ts",
  "collector/archive/worker.ts",
  "processor/worker.ts",
  "simulator/worker.ts",
];

const { values } = parseArgs({
  args: Deno.args,
  options: {
    target: { type: "string", default: Deno.build.target },
    output: { type: "string", default: join(ROOT, "dist", "footprint") },
    // A second executable that only loads DuckDB; see duckdb_probe.ts.
    probe: { type: "string" },
  },
});

const work = await Deno.makeTempDir({ prefix: "footprint-compile-" });
try {
  await compile(values.target, resolve(values.output));
} finally {
  await Deno.remove(work, { recursive: true });
}

async function compile(target: string, output: string): Promise<void> {
  const deno = await findCompiler(ROOT, work, target);
  const staging = join(work, "program");
  const native = await stageProgram(ROOT, staging, target, deno);
  const compileTo = async (file: string, entry: string, included: readonly string[]) => {
    await Deno.mkdir(dirname(file), { recursive: true });
    const includes = included.flatMap((path) => ["--include", path]);
    // Types are checked with the sources. The code cache would lie where all users may write.
    const options = ["--quiet", "--no-check", "--no-code-cache", "-A", "--target", target];
    await deno(["compile", ...options, ...includes, "--output", file, entry], staging);
  };
  await compileTo(output, "main.ts", [...INCLUDED, native]);
  if (values.probe !== undefined) {
    await compileTo(resolve(values.probe), "packaging/duckdb_probe.ts", [native]);
  }
  console.log(`${output}: ${await sizes(output)}`);
}

/** Size of the file, and of what is downloaded where there is xz to tell. */
async function sizes(file: string): Promise<string> {
  const plain = megabytes((await Deno.stat(file)).size);
  const command = new Deno.Command("sh", {
    args: ["-c", 'command -v xz >/dev/null && xz -T0 -4 -c "$1" | wc -c', "sh", file],
    stderr: "null",
  });
  const { success, stdout } = await command.output().catch(() => ({
    success: false,
    stdout: new Uint8Array(),
  }));
  return success ? `${plain}, ${megabytes(Number(new TextDecoder().decode(stdout)))} as xz` : plain;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
