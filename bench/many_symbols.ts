/**
 * Records many simulated symbols at once and tells lag, losses and memory:
 * deno run -A bench/many_symbols.ts [symbols=50] [minutes=10]
 */
import { fileURLToPath } from "node:url";
import type { SymbolHealth } from "../bus/queries.ts";
import { startSimulator } from "../simulator_part.ts";

const [count = 50, minutes = 10] = Deno.args.map(Number);
const EVERY_MS = 5_000;
const symbols = Array.from({ length: count }, (_, i) => `SIM${i}USDT`);

await using simulator = await startSimulator(
  { kind: "market", symbols, seed: 1, begin: Date.now() - 60_000, speed: 1 },
  (level, message) => console.log(`${level}: ${message}`),
);
const dataDir = await Deno.makeTempDir();
const product = new Deno.Command(Deno.execPath(), {
  args: [
    ...["run", "-A", fileURLToPath(new URL("../main.ts", import.meta.url)), "--feed", "binance"],
    ...["--exchange-ws-url", simulator.wsUrl, "--exchange-rest-url", simulator.restUrl],
    ...["--symbols", symbols.join(","), "--data-dir", dataDir, "--port", "0", "--backfill", "1m"],
  ],
  stdout: "piped",
  stderr: "inherit",
}).spawn();

let url = "";
const decoder = new TextDecoder();
const reading = (async () => {
  for await (const bytes of product.stdout) {
    const text = decoder.decode(bytes);
    url ||= /http:\S+/.exec(text)?.[0] ?? "";
    if (/warning|error/.test(text)) console.log(text.trimEnd());
  }
})();

const end = performance.now() + minutes * 60_000;
let largestLagMs = 0;
let largestRss = 0;
let last: readonly SymbolHealth[] = [];
while (performance.now() < end) {
  await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
  if (url === "") continue;
  const health = await (await fetch(`${url}/api/health`)).json();
  last = health.symbols;
  // Books and history are fetched one after the other at the start.
  if (health.uptimeSeconds > 30) {
    largestLagMs = Math.max(largestLagMs, ...last.map(({ lagMs }) => lagMs ?? 0));
  }
  largestRss = Math.max(largestRss, await rssOf(product.pid));
}
const live = last.filter(({ state }) => state === "live").length;
const openGaps = last.reduce((sum, one) => sum + one.openGaps, 0);
console.log(`${count} symbols for ${minutes} min: ${live} live, ${openGaps} open gaps`);
console.log(`largest lag ${largestLagMs} ms, largest RSS ${Math.round(largestRss / 2 ** 20)} MiB`);
product.kill("SIGINT");
await product.status;
await reading;
const check = await new Deno.Command(Deno.execPath(), {
  args: [
    ...["run", "-A", fileURLToPath(new URL("../main.ts", import.meta.url))],
    ...["check", "--data-dir", dataDir],
  ],
}).output();
console.log(decoder.decode(check.stdout).trimEnd().split("\n").at(-1));
await Deno.remove(dataDir, { recursive: true });

/** Resident memory of a process in bytes, as Linux tells it; 0 elsewhere. */
async function rssOf(pid: number): Promise<number> {
  const status = await Deno.readTextFile(`/proc/${pid}/status`).catch(() => "");
  return 1024 * Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0);
}
