import type { FeedState } from "../../bus/messages.ts";
import type { SymbolHealth } from "../../bus/queries.ts";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** What has not been printed by then will not be: the test fails instead of hanging. */
const WAIT_LIMIT_MS = 30_000;

/** The program in a process of its own, as a user runs it. */
export interface Product {
  /** Address of the page, e.g. http://127.0.0.1:41234 */
  readonly url: string;
  readonly pid: number;
  /** All that it has printed so far. */
  output(): string;
  /** Resolves when a printed line matches. */
  printed(pattern: RegExp): Promise<string>;
  /** Resolves when the program ends by itself. */
  readonly ended: Promise<Deno.CommandStatus>;
  /** Sends a signal and waits for the end. */
  stop(signal?: Deno.Signal): Promise<Deno.CommandStatus>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Starts the program without waiting for its page. */
export function spawnProduct(args: readonly string[]): Omit<Product, "url"> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-prompt", `${ROOT}/main.ts`, ...args],
    cwd: ROOT,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
    env: { NO_COLOR: "1" },
  }).spawn();
  let output = "";
  let hasEnded = false;
  const waiting = new Set<() => void>();
  const wake = () => waiting.forEach((check) => check());
  const read = async (stream: ReadableStream<Uint8Array>) => {
    const decoder = new TextDecoder();
    for await (const bytes of stream) {
      output += decoder.decode(bytes, { stream: true });
      wake();
    }
  };
  const closed = Promise.all([read(child.stdout), read(child.stderr), child.status]).then(
    ([, , status]) => {
      hasEnded = true;
      wake();
      return status;
    },
  );

  function printed(pattern: RegExp): Promise<string> {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    const check = () => {
      const line = output.split("\n").find((one) => pattern.test(one));
      if (line !== undefined) resolve(line);
      else if (hasEnded) reject(new Error(`It ended without printing ${pattern}:\n${output}`));
      else return;
      waiting.delete(check);
    };
    waiting.add(check);
    check();
    const limit = setTimeout(
      () => reject(new Error(`It did not print ${pattern} in time:\n${output}`)),
      WAIT_LIMIT_MS,
    );
    return promise.finally(() => clearTimeout(limit));
  }

  async function stop(signal: Deno.Signal = "SIGINT"): Promise<Deno.CommandStatus> {
    if (!hasEnded) child.kill(signal);
    return await closed;
  }

  return {
    pid: child.pid,
    output: () => output,
    printed,
    ended: closed,
    stop,
    async [Symbol.asyncDispose]() {
      await stop("SIGKILL");
    },
  };
}

/** Starts the program on a free port and waits until its page can be asked for. */
export async function startProduct(args: readonly string[]): Promise<Product> {
  const product = spawnProduct(["--port", "0", ...args]);
  try {
    const line = await product.printed(/Open http:\S+/);
    const url = /http:\S+/.exec(line)?.[0] ?? "";
    return { ...product, url };
  } catch (error) {
    await product.stop("SIGKILL");
    throw error;
  }
}

/** The body of /api/health. */
export interface Health {
  readonly status: string;
  readonly feed: FeedState;
  readonly symbols: readonly SymbolHealth[];
}

/** GET -> JSON, whatever the status. */
export async function getJson<T>(url: string): Promise<{ status: number; body: T }> {
  const response = await fetch(url);
  return { status: response.status, body: await response.json() };
}

/** Runs a command of the program to its end. */
export async function runProgram(
  args: readonly string[],
): Promise<{ readonly code: number; readonly output: string }> {
  const program = spawnProduct(args);
  const { code } = await program.ended;
  return { code, output: program.output() };
}
