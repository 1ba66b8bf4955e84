import { join } from "node:path";

/** Runs a Deno command in a folder. */
export type Compiler = (args: readonly string[], folder: string) => Promise<void>;

/** The newest Deno on npm that accepts the runtime base beside the repository. */
const DENO_OF_BASE = "deno@2.6.8";
const BASE_FOLDER = "../shared/denort";
const BASE_NAME = /^denort-.*-x86_64-unknown-linux-gnu\.xz$/;
const BASE_TARGET = "x86_64-unknown-linux-gnu";

/**
 * The Deno to compile with. Deno fetches the runtime that goes under an executable; where one lies
 * beside the repository it is unpacked into `work` and used instead, by a Deno that suits it.
 */
export async function findCompiler(root: string, work: string, target: string): Promise<Compiler> {
  const base = target === BASE_TARGET ? await findBase(join(root, BASE_FOLDER)) : null;
  if (base === null) return (args, cwd) => run(Deno.execPath(), args, { cwd });
  const runtime = join(work, "denort");
  await run("sh", ["-c", 'xz -dc "$1" >"$2" && chmod +x "$2"', "sh", base, runtime], {});
  // Where a proxy signs anew, Deno 2.6 trusts it only when told to use the system's certificates.
  const env = { DENORT_BIN: runtime, DENO_TLS_CA_STORE: "system" };
  return (args, cwd) => run("npx", ["-y", DENO_OF_BASE, ...args], { cwd, env });
}

async function findBase(folder: string): Promise<string | null> {
  try {
    for await (const { name } of Deno.readDir(folder)) {
      if (BASE_NAME.test(name)) return join(folder, name);
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return null;
}

/** @throws when the command fails; what it says is on the console by then */
async function run(
  command: string,
  args: readonly string[],
  options: Deno.CommandOptions,
): Promise<void> {
  const child = new Deno.Command(command, { ...options, args: [...args], stdin: "null" }).spawn();
  const { code } = await child.status;
  if (code !== 0) throw new Error(`${command} ${args.join(" ")} ended with exit code ${code}`);
}
