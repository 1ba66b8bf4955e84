import { getLogger } from "@logtape/logtape";
import { errorText } from "./bus/error_text.ts";
import { checkDataFolder } from "./check_command.ts";
import { readCommandLine, type Task } from "./command_line.ts";
import { type Config, ConfigError } from "./config.ts";
import { rebuildDataFolder } from "./rebuild_command.ts";
import { configureLogs, startProgram } from "./program.ts";
import { LOOPBACK_HOSTS } from "./web/access.ts";
import { guarded } from "./web/guard.ts";

const log = getLogger(["footprint"]);

/** Runs everything in one process until it is told to stop. */
async function run(config: Config): Promise<void> {
  const stop = new AbortController();
  const onSignal = () => stop.abort(new Error("stopped"));
  Deno.addSignalListener("SIGINT", onSignal);
  Deno.addSignalListener("SIGTERM", onSignal);
  const server = await startServer(config, stop.signal);
  const program = startProgram(config, stop);
  log.info("Open {url} in a browser. Ctrl-C stops.", {
    url: `http://${config.host}:${server.addr.port}`,
  });
  try {
    await program.record();
  } finally {
    log.info("Stopping");
    await program.stop();
    // Not a graceful shutdown: it would wait for browsers that keep their connections.
    stop.abort();
    await server.finished;
  }
}

async function perform(task: Task | null): Promise<void> {
  switch (task?.name) {
    case undefined:
      return;
    case "run":
      await configureLogs(task.config.logLevel);
      return await run(task.config);
    case "check":
      if (await checkDataFolder(task.dataDir, console.log) > 0) Deno.exitCode = 1;
      return;
    case "rebuild":
      return await rebuildDataFolder(task.dataDir, console.log);
    default:
      task satisfies never;
  }
}

async function startServer(
  { host: hostname, port }: Config,
  signal: AbortSignal,
): Promise<Deno.HttpServer<Deno.NetAddr>> {
  const { default: built } = await import("./_fresh/server.js");
  const handler = guarded(built.fetch, LOOPBACK_HOSTS);
  try {
    return Deno.serve({ hostname, port, signal, onListen: () => {} }, handler);
  } catch (error) {
    if (!(error instanceof Deno.errors.AddrInUse)) throw error;
    throw new ConfigError([
      `--port ${port} is already in use on ${hostname}: stop what uses it or choose another port`,
    ]);
  }
}

if (import.meta.main) {
  try {
    await perform(await readCommandLine(Deno.args));
    // Workers and sockets that hang must not keep a stopped program alive.
    Deno.exit(Deno.exitCode);
  } catch (error) {
    console.error(error instanceof ConfigError ? error.message : `footprint: ${errorText(error)}`);
    Deno.exit(1);
  }
}
