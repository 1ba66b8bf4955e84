import assert from "node:assert/strict";
import type { CandlesAnswer, SymbolAnswer } from "../../bus/queries.ts";
import type {} from "../../chart/chart_state.ts";
import { hasChromium, openPage } from "../support/browser.ts";
import { openStream } from "../support/live_stream.ts";
import { getJson, type Health, startProduct } from "../support/product.ts";

const SIMULATOR = ["--feed", "simulator", "--backfill", "5m"];

async function dataDir(): Promise<string[]> {
  return ["--data-dir", await Deno.makeTempDir()];
}

Deno.test("Ctrl-C ends everything within two seconds, with exit code 0", async () => {
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    const product = await startProduct([...SIMULATOR, ...await dataDir()]);
    await using live = await openStream(product.url, ["book/BTCUSDT"]);
    await live.until((message) => message.type === "book" && message.known !== null);
    const start = performance.now();
    const { code } = await product.stop(signal);
    assert.equal(code, 0, product.output());
    const seconds = (performance.now() - start) / 1000;
    assert.ok(seconds < 2, `${signal} took ${seconds.toFixed(1)} s`);
  }
});

Deno.test("Ctrl-C while Binance is still waited for ends at once, too", async () => {
  // A listener that accepts and never answers: the exchange is neither there nor refused.
  using silent = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = silent.addr;
  const product = await startProduct([
    ...["--feed", "auto", "--exchange-ws-url", `ws://127.0.0.1:${port}`],
    ...["--exchange-rest-url", `http://127.0.0.1:${port}`, ...await dataDir()],
  ]);
  const { body } = await getJson<Health>(`${product.url}/api/health`);
  assert.equal(body.feed.message, "Waiting for Binance (up to 10 s)");
  const page = await fetch(`${product.url}/chart/BTCUSDT`);
  assert.equal(page.status, 200, "the page is up while Binance is waited for");
  await page.body?.cancel();
  assert.equal((await product.stop()).code, 0);
});

Deno.test("--feed auto falls back to the simulator, says so, and keeps its data apart", async () => {
  const folder = await Deno.makeTempDir();
  await using product = await startProduct([
    ...["--exchange-ws-url", "ws://127.0.0.1:9", "--exchange-rest-url", "http://127.0.0.1:9"],
    ...["--data-dir", folder],
  ]);
  await using live = await openStream(product.url, ["status/BTCUSDT"]);
  const message = await live.until((one) => one.type === "status" && one.feed.simulated);
  assert.ok(message.type === "status");
  assert.deepEqual(message.feed, {
    kind: "simulator",
    message: "Simulated market: Binance cannot be reached",
    simulated: true,
  });
  assert.ok((await Deno.stat(`${folder}/simulator`)).isDirectory);
});

Deno.test("two symbols are recorded side by side without mixing", async () => {
  const symbols = ["BTCUSDT", "ETHUSDT"];
  await using product = await startProduct([
    ...SIMULATOR,
    ...["--symbols", symbols.join(",")],
    ...await dataDir(),
  ]);
  const { url } = product;
  await Promise.all(symbols.map(async (symbol) => {
    await using live = await openStream(url, [`book/${symbol}`, `candles/${symbol}`]);
    await live.until((message) => message.type === "book" && message.known !== null);
    await live.until((message) => message.type === "candles" && message.candles.length > 0);
  }));
  const known = await getJson<SymbolAnswer[]>(`${url}/api/symbols`);
  assert.deepEqual(known.body.map(({ symbol }) => symbol), symbols);
  const ranges = await Promise.all(symbols.map(async (symbol) => {
    const { body } = await getJson<CandlesAnswer>(`${url}/api/candles?symbol=${symbol}`);
    assert.ok(body.candles.length > 0);
    const low = Math.min(...body.candles.map((candle) => candle.low));
    const high = Math.max(...body.candles.map((candle) => candle.high));
    return { low, high };
  }));
  assert.ok(ranges[0].low > 40_000 && ranges[0].high < 90_000, JSON.stringify(ranges[0]));
  assert.ok(ranges[1].low > 1_500 && ranges[1].high < 5_000, JSON.stringify(ranges[1]));
});

Deno.test({
  name: "each of two symbols has a page of its own with the banner of the simulator",
  ignore: !hasChromium,
  fn: async () => {
    const symbols = ["BTCUSDT", "ETHUSDT"];
    await using product = await startProduct([
      ...SIMULATOR,
      ...["--symbols", symbols.join(",")],
      ...await dataDir(),
    ]);
    for (const symbol of symbols) {
      await using opened = await openPage(`${product.url}/chart/${symbol}`);
      const { page, problems } = opened;
      await page.waitForFunction(() => (globalThis.footprintChart?.ladderRows ?? 0) > 5);
      const middle = await page.evaluate(() => {
        const candles = globalThis.footprintChart?.visibleCandles() ?? [];
        return candles[candles.length - 1].close / 100;
      });
      const [low, high] = symbol === "BTCUSDT" ? [40_000, 90_000] : [1_500, 5_000];
      assert.ok(middle > low && middle < high, `${symbol} at ${middle}`);
      assert.match(await page.textContent(".banners") ?? "", /Simulated market/);
      assert.match(await page.title(), new RegExp(symbol));
      assert.deepEqual(problems, []);
    }
  },
});
