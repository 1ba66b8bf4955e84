/// <reference lib="deno.worker" />
import { captureMarket } from "./capture_market.ts";
import { type Exchange, startExchange } from "./exchange.ts";
import type { FromSimulator, SimulatorSource, ToSimulator } from "./messages.ts";
import { simulatedMarket } from "./simulated_market.ts";
import type { MarketSource } from "./source.ts";

let exchange: Exchange | null = null;
let isStopping = false;

const tell = (message: FromSimulator) => self.postMessage(message);

self.onmessage = async ({ data }: MessageEvent<ToSimulator>) => {
  switch (data.type) {
    case "start":
      return await start(data.source);
    case "stop":
      isStopping = true;
      await exchange?.close();
      tell({ type: "stopped" });
      return self.close();
    default:
      data satisfies never;
  }
};

async function start(source: SimulatorSource): Promise<void> {
  try {
    const waitForClients = source.speed === Infinity;
    const { market } = source;
    exchange = startExchange({ source: await openSource(source), market, waitForClients });
    const { wsUrl, restUrl, finished } = exchange;
    tell({ type: "started", wsUrl, restUrl });
    await finished;
    if (!isStopping) tell({ type: "ended" });
  } catch (error) {
    tell({ type: "failed", message: error instanceof Error ? error.message : String(error) });
  }
}

function openSource(source: SimulatorSource): MarketSource | Promise<MarketSource> {
  if (source.kind === "market") {
    const startTime = Date.now();
    return simulatedMarket({ ...source, startTime, historyMs: startTime - source.begin });
  }
  return captureMarket({ ...source, onNotice: (message) => tell({ type: "notice", message }) });
}
