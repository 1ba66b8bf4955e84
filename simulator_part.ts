import { ConfigError } from "./config.ts";
import type { FromSimulator, SimulatorSource, ToSimulator } from "./simulator/messages.ts";

export type { SimulatorSource };

/** A simulated exchange in a worker of its own. */
export interface Simulator extends AsyncDisposable {
  readonly wsUrl: string;
  readonly restUrl: string;
}

/** How long a stop may take before the worker is ended anyway. */
const STOP_LIMIT_MS = 500;

/**
 * Starts the simulator and waits until it serves.
 *
 * @throws ConfigError when its source cannot be opened.
 */
export async function startSimulator(
  source: SimulatorSource,
  onNotice: (level: "info" | "warn" | "error", message: string) => void,
): Promise<Simulator> {
  const worker = new Worker(new URL("./simulator/worker.ts", import.meta.url), {
    type: "module",
    name: "simulator",
  });
  const started = Promise.withResolvers<{ wsUrl: string; restUrl: string }>();
  const stopped = Promise.withResolvers<void>();
  const say = (message: ToSimulator) => worker.postMessage(message);
  worker.onerror = (event) => {
    event.preventDefault();
    started.reject(new Error(`The simulator failed: ${event.message}`));
    onNotice("error", `The simulator failed: ${event.message}`);
    stopped.resolve();
  };
  worker.onmessage = ({ data }: MessageEvent<FromSimulator>) => {
    switch (data.type) {
      case "started":
        return started.resolve(data);
      case "failed":
        started.reject(new ConfigError([data.message]));
        return onNotice("error", data.message);
      case "notice":
        return onNotice("warn", data.message);
      case "ended":
        return onNotice("info", "The capture has been played to its end");
      case "stopped":
        return stopped.resolve();
      default:
        data satisfies never;
    }
  };
  say({ type: "start", source });
  try {
    const { wsUrl, restUrl } = await started.promise;
    return {
      wsUrl,
      restUrl,
      async [Symbol.asyncDispose]() {
        say({ type: "stop" });
        const limit = setTimeout(stopped.resolve, STOP_LIMIT_MS);
        await stopped.promise;
        clearTimeout(limit);
        worker.terminate();
      },
    };
  } catch (error) {
    worker.terminate();
    throw error;
  }
}
