import assert from "node:assert/strict";
import type { GapAnswer, GapsAnswer, HeatmapAnswer } from "../../bus/queries.ts";
import { heatmapGrid } from "../../processor/heatmap.ts";
import { LiquidityMemory } from "../../processor/liquidity_memory.ts";
import { captureMarket } from "../../simulator/capture_market.ts";
import { startExchange } from "../../simulator/exchange.ts";
import { CAPTURE_BASE_TICKS, CAPTURE_BIN_MS, captureBins } from "../support/capture_liquidity.ts";
import { openStream } from "../support/live_stream.ts";
import { getJson, type Health, type Product, startProduct } from "../support/product.ts";
import { seeded } from "../support/seeded.ts";
import { sharedPath, sharedTest } from "../support/shared_data.ts";

const SYMBOL = "BTCUSDT";
const KILLS = 20;
/** Some 11 minutes of market in as many tens of seconds. */
const SPEED = 5;
/** What a crash may lose, in wall time: two seconds, and a machine that is busy with other tests. */
const MOST_LOST_MS = 10_000;
const STEP_MS = 1000;
/** In USD: a part of it is inside the known range whenever the book is known. */
const [LOW, HIGH] = [61_000, 62_399];
const random = seeded(20241123);

sharedTest(
  `after ${KILLS} times kill -9 no recorded cell is wrong, and what is lost is in the ledger`,
  async () => {
    const truth = new LiquidityMemory(CAPTURE_BIN_MS, 100_000);
    captureBins((bin) => truth.add(bin));
    const source = await captureMarket({
      files: ["spot_btcusdt_20240808.gz", "spot_btcusdt_20240809.gz"]
        .map((name) => sharedPath(`captures/${name}`)),
      speed: SPEED,
      holdForDepthMs: 0,
    });
    const exchange = startExchange({ source });
    const args = [
      ...["--feed", "binance", "--symbols", SYMBOL, "--data-dir", await Deno.makeTempDir()],
      ...["--exchange-ws-url", exchange.wsUrl, "--exchange-rest-url", exchange.restUrl],
    ];
    const known: number[] = [];
    try {
      for (let kill = 0; kill < KILLS; kill++) {
        const product = await startProduct(args);
        await synced(product);
        await new Promise((resolve) => setTimeout(resolve, 500 + 2500 * random()));
        const { body } = await getJson<Health>(`${product.url}/api/health`);
        known.push(body.symbols[0].lastEventTime ?? 0);
        await product.stop("SIGKILL");
      }
      await using product = await startProduct(args);
      await synced(product);
      await assertRecorded(product, truth, known);
      assert.equal((await product.stop("SIGINT")).code, 0);
    } finally {
      await exchange.close();
    }
  },
);

async function synced({ url }: Product): Promise<void> {
  await using stream = await openStream(url, [`status/${SYMBOL}`]);
  await stream.until((message) => message.type === "status" && message.book === "synced");
}

async function assertRecorded(
  { url }: Product,
  truth: LiquidityMemory,
  known: readonly number[],
): Promise<void> {
  const [from, to] = [Math.ceil(truth.firstTime! / STEP_MS) * STEP_MS, known.at(-1)!];
  const { gaps } =
    (await getJson<GapsAnswer>(`${url}/api/gaps?symbol=${SYMBOL}&from=0&to=${to}`)).body;
  const books = gaps.filter(({ kind }) => kind === "book");
  const losses = known.map((time, i) => {
    const gap = books.find((one) => one.from <= time && (one.to ?? Infinity) >= time);
    assert.ok(gap, `kill ${i + 1} has left no gap around ${time}`);
    const lostMs = (time - gap.from) / SPEED;
    assert.ok(lostMs <= MOST_LOST_MS, `kill ${i + 1} has lost ${lostMs} ms`);
    return lostMs;
  });
  console.log(`the most that a kill has lost: ${Math.round(Math.max(...losses))} ms`);
  const query = `symbol=${SYMBOL}&from=${from}&to=${to}&step=${STEP_MS}&low=${LOW}&high=${HIGH}`;
  const { status, body } = await getJson<HeatmapAnswer>(`${url}/api/heatmap?${query}`);
  assert.equal(status, 200, JSON.stringify(body).slice(0, 200));
  const wanted = heatmapGrid(truth, {
    ...{ from, to, stepMs: STEP_MS, groupTicks: CAPTURE_BASE_TICKS, measure: "mean" },
    ...{ lowTicks: LOW * 100, highTicks: HIGH * 100 },
  });
  assert.equal(body.prices.length, wanted.rowCount);
  let recorded = 0;
  const isKnown = (cells: readonly (number | null)[]) => cells.some((cell) => cell !== null);
  const begin = body.bids.findIndex(isKnown);
  for (const [i, time] of body.times.entries()) {
    // Nothing was recorded before the first run.
    if (i < begin) continue;
    if (isKnown(body.bids[i])) recorded++;
    else assertGap(books, time);
    for (const side of ["bids", "asks"] as const) {
      for (const [row, cell] of body[side][i].entries()) {
        if (cell !== null) {
          const truly = wanted[side][wanted.times.indexOf(time)][row] / 1e8;
          assert.ok(Math.abs(cell - truly) < 1e-9 * Math.max(1, truly), `${side} at ${time}`);
        }
      }
    }
  }
  const share = recorded / body.times.length;
  assert.ok(share > 0.2, `${Math.round(share * 100)} % of the time was recorded`);
}

/** An unknown second lies in a gap, or at its edge. */
function assertGap(gaps: readonly GapAnswer[], time: number): void {
  const isTold = gaps.some(({ from, to }) => from < time + STEP_MS && (to ?? Infinity) >= time);
  assert.ok(isTold, `${time} is unknown, and no gap says so`);
}
