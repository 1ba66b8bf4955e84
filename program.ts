import { configure, getConsoleSink, getLogger, getTextFormatter } from "@logtape/logtape";
import { VERSION } from "./command_line.ts";
import type { Config } from "./config.ts";
import { startParts } from "./parts.ts";
import { runFeed } from "./run_feed.ts";
import { provideWebContext } from "./web/context.ts";
import { Hub } from "./web/hub.ts";

const log = getLogger(["footprint"]);
const feedLog = getLogger(["footprint", "feed"]);

/** Everything but the web server that shows it. */
export interface Program {
  /** Chooses the feed and records until the signal of `startProgram` aborts. */
  record(): Promise<void>;
  /** Resolves when what was recorded is on the disk. */
  stop(): Promise<void>;
}

/** Starts processor and hub, and hands them to the routes; a part that fails aborts `stop`. */
export function startProgram(config: Config, stop: AbortController): Program {
  const parts = startParts({ symbols: config.symbols, options: config }, {
    failed(part, message) {
      log.error("The {part} failed and everything stops: {message}", { part, message });
      Deno.exitCode = 1;
      stop.abort(new Error(`the ${part} failed`));
    },
    notice({ level, symbol, message }) {
      const text = symbol === null ? message : `${symbol}: ${message}`;
      feedLog[level]("{text}", { text });
    },
  });
  const { processor } = parts;
  const hub = new Hub(processor, VERSION);
  const { symbols } = config;
  provideWebContext({ version: VERSION, startTime: Date.now(), symbols, processor, hub });
  return {
    async record() {
      try {
        await runFeed(config, parts, stop.signal);
      } catch (error) {
        if (!stop.signal.aborted) throw error;
      }
    },
    async stop() {
      hub.close();
      await parts.stop();
    },
  };
}

export async function configureLogs(lowestLevel: Config["logLevel"]): Promise<void> {
  await configure({
    sinks: { console: getConsoleSink({ formatter: getTextFormatter({ level: "full", value }) }) },
    loggers: [
      { category: "footprint", sinks: ["console"], lowestLevel },
      { category: ["logtape", "meta"], sinks: ["console"], lowestLevel: "error" },
    ],
  });
}

/** Texts are logged as they are, everything else as it would be inspected. */
function value(logged: unknown, inspect: (value: unknown) => string): string {
  return typeof logged === "string" ? logged : inspect(logged);
}
