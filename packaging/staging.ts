import { createHash } from "node:crypto";
import { join } from "node:path";
import type { Compiler } from "./compiler.ts";

/** Not part of the program. */
const LEFT_OUT = /^(\..*|bench|data|dist|docs|node_modules|tests)$/;
const SOURCE = /\.(tsx?|js)$/;
/** Where processor/store/load_duckdb.ts looks for DuckDB's native files. */
const NATIVE_FOLDER = "processor/store/native";
const NATIVE_FILE = /\.(node|so|dylib|dll)$/;
/** Folders of packages with native files, and links to them, as they are named in node_modules. */
const NATIVE_PACKAGE = /^(@duckdb\+)?node-bindings-/;
/** Types and maps: two thirds of what packages bring, and nothing that runs. */
const NEEDLESS = /\.([cm]?tsx?|map|md|tsbuildinfo)$/;
const BINDINGS_MODULE = join("@duckdb", "node-bindings", "duckdb.js");
/** load_duckdb.ts loads the bindings itself and leaves them under this name. */
const BINDINGS_STUB = 'module.exports = globalThis[Symbol.for("footprint.duckdb.bindings")];\n';

/** What is changed in a deno.json; the rest is kept. */
interface Project {
  readonly imports: Readonly<Record<string, string>>;
  readonly nodeModulesDir: string;
}

/** The package with DuckDB's native files for a target of `deno compile`. */
function bindingsPackage(target: string): string {
  const os = /linux|darwin|windows/.exec(target)?.[0];
  if (os === undefined) throw new Error(`--target ${target} is neither Linux, macOS nor Windows`);
  const cpu = target.startsWith("aarch64") ? "arm64" : "x64";
  return `@duckdb/node-bindings-${os === "windows" ? "win32" : os}-${cpu}`;
}

/**
 * Copies the program to an empty folder from which `deno compile` embeds nothing needless. It
 * embeds all of node_modules, which here lacks the packages for development and the native files
 * of DuckDB: those of the target lie beside the module that loads them, the others nowhere.
 *
 * @returns the folder of the native files, to be embedded
 */
export async function stageProgram(
  root: string,
  staging: string,
  target: string,
  deno: Compiler,
): Promise<string> {
  await copyFolder(root, staging, (name) => !LEFT_OUT.test(name));
  const project: Project = JSON.parse(await Deno.readTextFile(join(root, "deno.json")));
  const imports = usedImports(project.imports, await sourceText(staging));
  const bindings = bindingsPackage(target);
  const version = imports["@duckdb/node-api"].split("@").at(-1);
  const installed = { ...imports, [bindings]: `npm:${bindings}@${version}` };
  await writeProject(staging, { ...project, imports: installed, nodeModulesDir: "auto" });
  await deno(["install", "--quiet"], staging);
  const modules = join(staging, "node_modules");
  await copyNativeFiles(join(modules, bindings), join(staging, NATIVE_FOLDER));
  await cutModules(modules);
  await writeProject(staging, { ...project, imports, nodeModulesDir: "manual" });
  return NATIVE_FOLDER;
}

async function copyFolder(from: string, to: string, isWanted: (name: string) => boolean) {
  await Deno.mkdir(to, { recursive: true });
  for await (const { name, isDirectory } of Deno.readDir(from)) {
    if (!isWanted(name)) continue;
    if (isDirectory) await copyFolder(join(from, name), join(to, name), () => true);
    else await Deno.copyFile(join(from, name), join(to, name));
  }
}

async function sourceText(folder: string): Promise<string> {
  let text = "";
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = join(folder, name);
    if (isDirectory) text += await sourceText(path);
    else if (SOURCE.test(name)) text += await Deno.readTextFile(path);
  }
  return text;
}

/** Leaves out the packages that only tests import. */
function usedImports(imports: Project["imports"], source: string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(imports).filter(([name, module]) =>
      !module.startsWith("npm:") || source.includes(`"${name}"`) || source.includes(`"${name}/`)
    ),
  );
}

async function writeProject(staging: string, project: Project): Promise<void> {
  await Deno.writeTextFile(join(staging, "deno.json"), JSON.stringify(project));
}

/** Without symbols, and with their hashes, by which the executable knows its own files again. */
async function copyNativeFiles(from: string, to: string): Promise<void> {
  const hashes: Record<string, string> = {};
  await Deno.mkdir(to);
  for await (const { name } of Deno.readDir(from)) {
    if (!NATIVE_FILE.test(name)) continue;
    const copy = join(to, name);
    await Deno.writeFile(copy, await Deno.readFile(join(from, name)));
    if (name.endsWith(".so")) await dropSymbols(copy);
    hashes[name] = createHash("sha256").update(await Deno.readFile(copy)).digest("hex");
  }
  await Deno.writeTextFile(join(to, "sha256.json"), JSON.stringify(hashes));
}

/** Symbols for debuggers are 11 of the 70 MB. Where there is no `strip` for the target they stay. */
async function dropSymbols(file: string): Promise<void> {
  const strip = new Deno.Command("strip", { args: ["--strip-unneeded", file], stderr: "null" });
  try {
    await strip.output();
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

/** Without the packages of native files and links to them, and with bindings that need none. */
async function cutModules(folder: string): Promise<void> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = join(folder, name);
    if (NATIVE_PACKAGE.test(name)) await Deno.remove(path, { recursive: true });
    else if (isDirectory) await cutModules(path);
    else if (NEEDLESS.test(name)) await Deno.remove(path);
    else if (path.endsWith(BINDINGS_MODULE)) {
      // A hard link into Deno's cache, where the file must stay as it is.
      await Deno.remove(path);
      await Deno.writeTextFile(path, BINDINGS_STUB);
    }
  }
}
